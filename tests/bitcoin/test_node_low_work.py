"""A node of today and chains of little work: what it keeps, what it asks for twice, whom it hangs up on."""

from dataclasses import replace
from typing import Any

import pytest
from support.bitcoin_dialogue import facts, hang_ups, make_node, meet, sent, state_of, topics
from support.bitcoin_pump import STARTED_AT, Pump

from blockchain_lab.base.effects import Effect, HangUp
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.compact import make_compact_block
from blockchain_lab.bitcoin.headers_presync import Phase
from blockchain_lab.bitcoin.headers_sync import HeadersSync
from blockchain_lab.bitcoin.locator import make_locator
from blockchain_lab.bitcoin.messages import GetData, GetHeaders, Headers
from blockchain_lab.bitcoin.miner import find_nonce, make_block, mine_chain
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Peer, Scenario, Topology

TODAY = {"era": "today"}
MINED = mine_chain(2_500)
HEADERS = tuple(block.header for block in MINED)
WANTED = 2 * 2_301  # hashes: 2,300 blocks of regtest and the genesis
CHAIN = {
    "network": "regtest",
    "minimum_chain_work": WANTED,
    "commitment_period": 20,
    "redownload_buffer": 300,
}


def leading(**values: Any) -> BitcoinNode:
    """A node that wants 2,300 blocks of work and has asked its only peer for headers."""
    node = make_node(**{"chain": CHAIN, "policy": TODAY, **values})
    meet(node, height=2_500)
    return node


def hear(node: BitcoinNode, *messages: Message) -> list[Effect]:
    """Peer 2 says these; what follows from the last."""
    effects: list[Effect] = []
    for message in messages:
        effects = node.on_message(2, message, SECOND)
    return effects


def get_sync(node: BitcoinNode) -> HeadersSync:
    """The part that knows of presyncs."""
    assert isinstance(node.blocks.sync, HeadersSync)
    return node.blocks.sync


def make_other(start: int, size: int) -> tuple[Header, ...]:
    """Other headers above the first `start` of the honest chain, with their proof of work."""
    headers: list[Header] = []
    parent = HEADERS[start - 1].hash()
    for number in range(size):
        header = replace(HEADERS[start + number], previous=parent, merkle_root=b"\7" * 32)
        headers.append(find_nonce(header))
        parent = headers[-1].hash()
    return tuple(headers)


# --- Twice, and then all of it ------------------------------------------------------------------------------


def test_a_chain_that_has_the_work_is_asked_for_twice() -> None:
    """2,000 headers are not enough, 2,500 are; then the same again, and only then blocks are asked for."""
    node = leading()
    root = node.chain.tip

    first = hear(node, Headers(HEADERS[:2_000]))
    second = hear(node, Headers(HEADERS[2_000:]))
    third = hear(node, Headers(HEADERS[:2_000]))
    kept = node.chain.best_header.height
    last = hear(node, Headers(HEADERS[2_000:]))

    more = GetHeaders(70015, (HEADERS[1_999].hash(), root.hash))
    assert [more, GetHeaders(70015, (root.hash,)), more] == [
        message
        for part in (first, second, third)
        for message in sent(part)
        if message.command == "getheaders"
    ]
    assert {"phase": "presync", "height": 2_000, "waiting": 0} == {
        key: facts(first, "headers presync")[key] for key in ("phase", "height", "waiting")
    }
    assert ("redownload", 0) == tuple(facts(second, "headers presync")[key] for key in ("phase", "height"))
    assert 300 == facts(third, "headers presync")["waiting"]
    assert 1_700 == kept, "300 wait"
    assert not any(isinstance(message, GetData) for message in sent(third)), "it has still to show the rest"
    assert 2_500 == node.chain.best_header.height
    assert any(isinstance(message, GetData) for message in sent(last))
    assert {} == get_sync(node).presyncs


def test_a_node_of_today_catches_up_through_a_presync() -> None:
    """Bob begins with nothing: every header comes twice, every block once, and nobody is blamed."""
    pump = Pump()
    ann = pump.add("ann", disk={"mined": 2_500}, chain=CHAIN, policy=TODAY)
    bob = pump.add("bob", ("ann",), chain=CHAIN, policy=TODAY)
    pump.run(until=MINUTE)

    assert ann.chain.tip == bob.chain.tip
    to_bob = [message for _, name, message in pump.sent if name == "bob"]
    assert [2_000, 500] * 2 == [len(m.headers) for m in to_bob if isinstance(m, Headers)]
    assert 2_500 == pump.commands_between("ann", "bob").count("block")
    assert [] == pump.hang_ups


def test_a_presync_survives_being_rebuilt_from_the_inbox() -> None:
    """A world played anew to any event has the same state as the one that lived through it."""
    peers = {"ann": Peer("bitcoin", disk={"mined": 2_500}), "bob": Peer("bitcoin")}
    topology = Topology(edges=(("bob", "ann"),))
    lab = Lab(Scenario(peers=peers, topology=topology, chain=CHAIN, policy=TODAY, until=20 * SECOND))
    phases = set()
    for _ in range(120):
        lab.step()
        bob = lab.peer("bob")
        presyncs = get_sync(bob).presyncs if bob else {}
        phases |= {presync.phase for presync in presyncs.values()}
        if presyncs:
            world, _ = lab.timeline.rebuild(lab.cursor)
            assert lab.state_digest() == world.state_digest()

    assert set(Phase) == phases
    assert 2_500 == lab.peer("bob").chain.best_header.height


# --- Too little work ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 1_999])
def test_a_short_chain_without_the_work_is_ignored(size: int) -> None:
    """A message that is not full is all there is: nothing is kept, nothing asked, nobody blamed."""
    node = leading()
    before = state_of(node.chain)

    effects = hear(node, Headers(HEADERS[:size]))

    assert size == facts(effects, "headers ignored")["height"]
    assert before == state_of(node.chain)
    assert [] == [m for m in sent(effects) if m.command in ("getheaders", "getdata")]
    assert [] == hang_ups(effects)


def test_a_chain_that_ends_in_the_presync_is_forgotten_and_the_next_peer_leads() -> None:
    """2,200 blocks, 100 too few."""
    node = leading()
    meet(node, 4, height=2_500)

    effects = hear(node, Headers(HEADERS[:2_000]), Headers(HEADERS[2_000:2_200]))

    assert 2_200 == facts(effects, "headers ignored")["height"]
    assert {} == get_sync(node).presyncs
    assert 4 == get_sync(node).leader
    assert 0 == node.chain.best_header.height


def test_six_thousand_cheap_headers_with_work_leave_a_node_as_it_was() -> None:
    """Three full messages, each header really mined: the tree has one entry as before."""
    node = leading(chain={"network": "regtest", "minimum_chain_work": 10**6})
    before = state_of(node.chain)
    last = node.chain.tip.header
    for _ in range(3):
        headers: list[Header] = []
        for _ in range(2_000):
            last = find_nonce(replace(last, previous=last.hash(), time=last.time + 1, nonce=0))
            headers.append(last)
        assert [] == hang_ups(hear(node, Headers(tuple(headers))))

    (presync,) = get_sync(node).presyncs.values()
    assert (6_000, []) == (presync.height, presync.waiting)
    assert presync.kept_count in (21, 22), "one of 275 headers"
    assert 1 == len(node.chain.tree)
    assert before == state_of(node.chain)


def test_cheap_blocks_are_ignored_too() -> None:
    """Unasked, whole or as short ids: they would be the way round the presync."""
    node = leading()
    hear(node, Headers(()))
    before = state_of(node.chain)

    for message in (MINED[0], make_compact_block(MINED[0], nonce=7)):
        effects = hear(node, message)
        assert ([], []) == (topics(effects), hang_ups(effects))
    assert before == state_of(node.chain)


def test_a_cheap_block_is_taken_when_its_header_is_known() -> None:
    """Then it costs no more memory than was granted: a stale branch far below our tip."""
    node = leading(chain={"network": "regtest"}, disk={"mined": 400})
    block = make_block(node.chain.active[10], STARTED_AT, b"branch", node.chain.network)
    node.chain.add_headers(node.chain.check_headers([block.header], STARTED_AT))

    hear(node, block)

    assert node.chain.has_block(block.header.hash())


def test_old_eras_keep_whatever_has_a_proof_of_work() -> None:
    """Until 23 (2022) checkpoints were all that stood between a node and cheap headers."""
    for policy in ({"era": "lecture"}, {}):
        node = leading(policy=policy)
        effects = hear(node, Headers(HEADERS[:2_000]))
        assert 2_000 == node.chain.best_header.height
        assert "headers presync" not in topics(effects)


# --- Near our own tip ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("depth", "is_kept"), [(146, False), (145, True), (10, True)])
def test_a_branch_that_leaves_our_chain_within_a_day_is_kept(depth: int, is_kept: bool) -> None:
    """Our chain has 400 blocks and the network no known minimum: one header on a block `depth` below our tip.

    At 145 it has, with its own work, as much as our chain without 144 blocks.
    """
    node = leading(chain={"network": "regtest"}, disk={"mined": 400})
    parent = node.chain.active[400 - depth]

    header = make_block(parent, STARTED_AT, b"branch", node.chain.network).header
    effects = hear(node, Headers((header,)))

    assert is_kept is (header.hash() in node.chain.tree)
    assert [] == hang_ups(effects)


def test_headers_that_we_have_are_no_news_however_old() -> None:
    """A peer sends the first 100 of our own 400 again: known, not ignored."""
    node = leading(chain={"network": "regtest"}, disk={"mined": 400})

    effects = hear(node, Headers(HEADERS[:100]))

    assert "headers ignored" not in topics(effects)
    assert node.peers[2].best_known == node.chain.active[100]


# --- Who does not keep its word -----------------------------------------------------------------------------


def test_who_sends_another_chain_the_second_time_is_hung_up_on() -> None:
    """50 of the honest headers, then others: the first bit that differs ends the line, and nothing is kept.

    An honest peer that has reorganised so deeply looks the same, so its host is not discouraged.
    """
    node = leading()
    meet(node, 4, height=2_500)
    hear(node, Headers(HEADERS[:2_000]), Headers(HEADERS[2_000:]))

    effects = hear(node, Headers((*HEADERS[:50], *make_other(50, 1_950))))

    (hang_up,) = hang_ups(effects)
    assert 2 == hang_up.conn
    assert hang_up.reason.startswith("headers presync: commitment mismatch at height=")
    assert "peer discouraged" not in topics(effects)
    assert {} == get_sync(node).presyncs
    assert 0 == node.chain.best_header.height
    assert 4 == get_sync(node).leader


def test_a_chain_longer_than_time_allows_ends_the_line() -> None:
    """A clock two hours before the genesis: no block can be there yet, so no bit either."""
    node = leading(started_at=mine_chain(1)[0].header.time - 600 - 7_200)

    effects = hear(node, Headers(HEADERS[:2_000]))

    (hang_up,) = hang_ups(effects)
    assert isinstance(hang_up, HangUp)
    assert hang_up.reason.startswith("headers presync: exceeded max commitments at height=")


def test_who_changes_to_another_chain_in_the_presync_begins_anew() -> None:
    """A reorganisation, and no fault: headers that do not connect are asked about, as always."""
    node = leading()
    hear(node, Headers(HEADERS[:2_000]))

    effects = hear(node, Headers(make_other(2_100, 5)))

    assert [GetHeaders(70015, make_locator(node.chain.tip))] == sent(effects)
    assert {} == get_sync(node).presyncs
    assert [] == hang_ups(effects)


def test_a_peer_with_nothing_more_to_say_ends_its_presync() -> None:
    """An empty message: it has none of what it has shown any more."""
    node = leading()

    effects = hear(node, Headers(HEADERS[:2_000]), Headers(()))

    assert {} == get_sync(node).presyncs
    assert [] == hang_ups(effects)
    assert None is get_sync(node).leader


def test_a_peer_that_is_gone_takes_its_presync_along() -> None:
    """No memory is left behind."""
    node = leading()
    hear(node, Headers(HEADERS[:2_000]))

    node.on_disconnected(2, "reset", SECOND)

    assert {} == get_sync(node).presyncs
