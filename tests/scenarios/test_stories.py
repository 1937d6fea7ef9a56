"""The named scenarios: what must come of each, read off its trace."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from support.bitcoin_chains import RECORDED_TIP
from support.bitcoin_fold import describe_chain, fold_notes
from support.golden_digests import GOLDEN
from support.story_runs import hang_ups, messages, notes, play, read

from blockchain_lab import scenarios
from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.bitcoin.messages import GetData, Headers, Inv
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import get_codec
from blockchain_lab.sim.actions import Kill, Revive, SetKnob
from blockchain_lab.sim.scenario_json import scenario_from_json, scenario_to_json

STALE_TIP = "482e647e4f455439a8180c94fd65ec5abfcbc3b9b46ae36830ed3fb424c728b9"
LEARNERS = ("ann", "bob", "cat", "dan", "eve")
SIX = ("headers_first", "blocks_first", "fork_and_heal", "continents", "ping", "missing_transaction")
WITH_ATTACKERS = ("double_spend", "selfish_mining", "low_work_chain")


@pytest.mark.parametrize("name", ["headers_first", "blocks_first"])
def test_every_peer_ends_on_the_recorded_tip(name: str) -> None:
    """Five newcomers, one server with 151 blocks and a stale branch of three, either way to synchronise."""
    lab = read(name)

    peers = {peer: lab.peer(peer) for peer in lab.names}
    assert [RECORDED_TIP] * 6 == [node.chain.tip.hash for node in peers.values()]
    stale = [display_hash(entry.hash) for entry in peers["server"].chain.get_stale_tips()]
    assert [STALE_TIP] == stale
    for learner in LEARNERS:
        assert 1 == len(notes(lab, learner, "sync started")), learner
        assert 1 == len(notes(lab, learner, "sync finished")), learner
    assert [] == hang_ups(lab)


@pytest.mark.parametrize("name", ["headers_first", "blocks_first"])
def test_some_learn_from_learners(name: str) -> None:
    """Eve never speaks to the server; yet she has every block."""
    lab = read(name)

    servers = {lab.names[r.other] for r in lab.trace if r.kind == Kind.SEND and lab.names[r.peer] == "eve"}
    assert {"cat", "dan"} == servers
    assert 151 == sum(
        message.wire_name == "block" for peer in servers for message in messages(lab, peer, "eve")
    )


def test_the_two_ways_differ_in_their_first_words() -> None:
    """Ann and the server, after the handshake: headers before any block; or names of blocks, then blocks."""
    first_words = {}
    for name in ("headers_first", "blocks_first"):
        lab = read(name)
        pair = ("ann", "server")
        spoken = [
            record.detail.wire_name
            for record in lab.trace
            if record.kind == Kind.SEND and {lab.names[record.peer], lab.names[record.other]} == set(pair)
        ]
        talk = [word for word in spoken if word not in ("ping", "pong", "version", "verack", "sendheaders")]
        first_words[name] = list(dict.fromkeys(talk))

    assert ["getheaders", "headers", "getdata", "block"] == first_words["headers_first"][:4]
    assert ["getblocks", "inv", "getdata", "block"] == first_words["blocks_first"][:4]


play_to_wander = cache(play)  # for those who move the cursor, and do nothing else


@pytest.mark.parametrize(
    ("name", "part"), [*product(SIX, (3, 2, 1)), *((name, 2) for name in WITH_ATTACKERS)]
)
def test_a_node_is_what_its_notes_add_up_to(name: str, part: int) -> None:
    """Views show the notes, `lab.peer` the node: at a third, at half and at the end they agree."""
    lab = play_to_wander(name)
    lab.goto(event=lab.head // part)

    for peer in lab.names:
        node = lab.peer(peer)
        if node is not None:
            assert describe_chain(node.chain) == fold_notes(lab, peer), peer


@pytest.mark.parametrize("name", [*SIX, *WITH_ATTACKERS])
def test_a_rebuilt_world_equals_the_live_one(name: str) -> None:
    """The state in the middle and at the end, as it was live and rebuilt; and all records."""
    lab = Lab(name)
    lab.run(until=lab.scenario.until // 3)
    middle, event = lab.state_digest(), lab.cursor
    lab.run(until=lab.scenario.until)
    end = lab.state_digest()

    world, trace = lab.timeline.rebuild(lab.head, level="full")

    assert end == world.state_digest()
    assert lab.timeline.rebuild(event)[0].state_digest() == middle
    assert [c.tolist() for c in lab.trace.columns().numbers()] == [
        c.tolist() for c in trace.columns().numbers()
    ]


@pytest.mark.parametrize("name", ["headers_first", "fork_and_heal", "continents", "double_spend"])
def test_bytes_and_objects_tell_the_same_story(name: str) -> None:
    """With wire=True every hop is decoded from the byte stream: same records, same state."""
    objects, wire = read(name), play(name, wire=True)

    assert objects.digest() == wire.digest()
    assert objects.state_digest() == wire.state_digest()


def test_a_server_that_dies_comes_back_with_its_chain() -> None:
    """Ann's first server is killed in the middle of the download and revived; everybody still gets all."""
    lab = Lab("headers_first")
    lab.run(until=3 * SECOND)
    lab.do(Kill("server"))
    lab.run(until=8 * SECOND)
    stuck = lab.peer("ann").chain.height
    lab.do(Revive("server"))
    lab.run(until=60 * SECOND)

    assert stuck < 151
    assert {RECORDED_TIP} == {lab.peer(peer).chain.tip.hash for peer in lab.names}


def test_a_learner_that_dies_keeps_what_it_has() -> None:
    """Bob is killed half way: his blocks are on his disk, and only the rest is fetched again."""
    lab = Lab("headers_first")
    lab.run(until=4 * SECOND)
    had = len(lab.peer("bob").chain.stored)
    lab.do(Kill("bob"))
    lab.do(Revive("bob"))
    at_start = lab.peer("bob").chain
    lab.run(until=60 * SECOND)

    assert 0 < had < 151
    assert had == len(at_start.base.blocks) - 1
    assert RECORDED_TIP == lab.peer("bob").chain.tip.hash


def test_four_servers_cross_every_limit() -> None:
    """4,500 blocks: the liar and the staller are hung up on, the rest comes from the two honest ones."""
    lab = read("four_servers")
    ann = lab.peer("ann")

    assert 4_500 == ann.chain.height
    assert [
        ("ann", "liz", "header with invalid proof of work"),
        ("ann", "tom", "stalling block download"),
    ] == hang_ups(lab)
    assert 1 == len(notes(lab, "ann", "stalling"))
    answers = [
        len(m.headers)
        for peer in ("liz", "tom")
        for m in messages(lab, peer, "ann")
        if isinstance(m, Headers)
    ]
    assert [2_000, 2_000, 2_000, 500] == answers[:4]
    shares = Counter(
        p for p in ("liz", "tom", "sue", "sam") for m in messages(lab, p, "ann") if m.wire_name == "block"
    )
    assert {"sue", "sam"} == set(shares)
    assert min(shares.values()) > 1_500
    assert [0, 1_024, 16] == list(get_extremes(lab))


def get_extremes(lab: Lab) -> Iterator[int]:
    """Blocks asked of the liar; highest asked for before any was connected; most on their way from a peer."""
    ann = lab.names.index("ann")
    heights = {entry.hash: entry.height for entry in lab.peer("sue").chain.active.get_slice(0, 5_000)}
    on_the_way: Counter[int] = Counter()
    most, highest, tip = 0, 0, 0
    asked_of_liar = 0
    for record in lab.trace:
        if record.peer != ann:
            continue
        if record.kind == Kind.SEND and isinstance(record.detail, GetData):
            on_the_way[record.other] += len(record.detail.items)
            asked_of_liar += lab.names[record.other] == "liz"
            most = max(most, on_the_way[record.other])
            if tip == 0:
                highest = max(highest, *(heights[item.hash] for item in record.detail.items))
        elif record.kind == Kind.DELIVER and record.detail.wire_name == "block":
            on_the_way[record.other] -= 1
        elif record.kind == Kind.NOTE and record.detail[0] == "tip changed":
            tip = record.detail[1]["height"]
    yield from (asked_of_liar, highest, most)


def test_four_servers_blocks_first_come_in_rounds_of_five_hundred() -> None:
    """The same network in 2010: inv after inv of 500 from one server; nobody asks the liar for headers."""
    scenario = scenarios.load("four_servers")
    lab = Lab(replace(scenario, policy={**scenario.policy, "sync": "blocks-first"}))
    lab.run(until=120 * SECOND)

    assert 4_500 == lab.peer("ann").chain.height
    rounds = [len(m.items) for m in messages(lab, "liz", "ann") if isinstance(m, Inv)]
    assert [500, 1] * 8 == rounds[:16]
    assert 0 == sum(isinstance(m, Headers) for m in messages(lab, "liz", "ann") if m != Headers(()))
    assert 4_500 == sum(m.wire_name == "block" for m in messages(lab, "liz", "ann"))


def test_the_cut_network_heals_to_the_longer_chain() -> None:
    """Two blocks on one side, three on the other: the side of two undoes its own."""
    lab = read("fork_and_heal")

    tips = {peer: lab.peer(peer).chain.tip.hash for peer in lab.names}
    assert 1 == len(set(tips.values()))
    assert 5 == lab.peer("ann").chain.height
    for peer in ("ann", "bob", "cat"):
        reorganisation = notes(lab, peer, "tip changed")[-1]
        assert (2, 3) == (reorganisation["disconnected"], reorganisation["connected"]), peer
        assert [4] == [entry.height for entry in lab.peer(peer).chain.get_stale_tips()]
    for peer in ("dan", "eve", "fay"):
        assert 0 == max(change["disconnected"] for change in notes(lab, peer, "tip changed"))


def test_two_peers_ping_each_other_every_two_minutes() -> None:
    """Five minutes: a handshake, three pings each way, nothing else going on."""
    lab = read("ping")

    assert 3 == sum(message.wire_name == "ping" for message in messages(lab, "ann", "bob"))
    assert 3 == sum(message.wire_name == "pong" for message in messages(lab, "ann", "bob"))


@pytest.mark.parametrize("name", scenarios.names())
def test_every_scenario_is_fit_to_be_shown(name: str) -> None:
    """Its run is the one written down; it has a title and a layout, opens in the middle, can be saved."""
    scenario = scenarios.load(name)
    lab = read(name)

    assert json.loads(GOLDEN.read_text())[name] == lab.digest()
    assert name == scenario.name
    assert 20 < len(scenario.title) < 100
    assert set(scenario.peers) == set(scenario.layout)
    assert len(scenario.knobs) > 0
    assert 0 < scenario.poster < lab.head
    assert scenario == scenario_from_json(scenario_to_json(scenario))
    assert get_codec(scenario) is not None


@pytest.mark.parametrize("name", scenarios.names())
def test_every_knob_can_be_turned_to_both_of_its_ends(name: str) -> None:
    """While it runs, by a learner; and the run goes on."""
    lab = Lab(name)
    lab.run(until=SECOND)
    for knob, ends in lab.scenario.knobs.items():
        for value in (ends.min, ends.max):
            lab.do(SetKnob(knob, value))
    lab.run(until=2 * SECOND)
    turned = [r for r in lab.trace if r.kind == Kind.ACTION and isinstance(r.detail, SetKnob)]

    assert 2 * len(lab.scenario.knobs) == len(turned)


@pytest.mark.parametrize("name", ["headers_first", "blocks_first"])
def test_the_picture_a_learner_sees_first_is_in_the_middle_of_the_download(name: str) -> None:
    """Bob has part of the chain, Eve has nothing yet, and something is on its way."""
    lab = play_to_wander(name)
    lab.goto(event=lab.scenario.poster)

    assert 0 < lab.peer("bob").chain.height < 151
    assert 0 == lab.peer("eve").chain.height
    assert (
        len(
            lab.peer("bob").blocks.sync.download.asked
            if name == "headers_first"
            else lab.peer("bob").blocks.sync.asked
        )
        > 0
    )


def test_names_begin_with_the_lesson_s_own() -> None:
    """The list is made from the files; what does not exist is refused with what does."""
    assert ["headers_first", "blocks_first", "four_servers", "fork_and_heal"] == scenarios.names()[:4]
    assert sorted(scenarios.names()[4:]) == scenarios.names()[4:]
    assert 20 < len(scenarios.names()) == len(set(scenarios.names()))
    with pytest.raises(UsageError, match="no scenario 'hedaers'; there are headers_first"):
        scenarios.load("hedaers")


def test_a_network_that_does_not_exist_has_no_codec() -> None:
    """With the key's path and what is accepted; a scenario without a Bitcoin chain has none either."""
    scenario = scenarios.load("ping")

    assert get_codec(replace(scenario, chain={})) is None
    with pytest.raises(ScenarioError, match=r"chain.network: found 'moon', accepted: mainnet"):
        get_codec(replace(scenario, chain={"network": "moon"}))


def test_a_learner_may_mine_in_any_story() -> None:
    """Eve mines after the synchronisation: her block reaches the server, over two others."""
    lab = play("headers_first")

    lab.do(Mine("eve"))
    lab.run(until=lab.now + 10 * SECOND)

    assert {152} == {lab.peer(peer).chain.height for peer in lab.names}
    assert lab.peer("server").chain.tip == lab.peer("eve").chain.tip


def test_a_broken_cable_a_firewall_and_two_payments() -> None:
    """Asia and Oceania are cut off for 16 seconds and mine on alone; nobody ever reaches Goran by dialling.

    Both sides find a block; the rest of the world finds one more, so after the healing Kavi's is stale.
    Those who were cut off learn of the second payment from a block only: nobody tells old news.
    """
    lab = read("continents")
    failed = {
        (lab.names[record.peer], record.detail[0])
        for record in lab.trace
        if record.kind == Kind.DIAL_FAILED and record.detail[1] == "unreachable"
    }
    addresses = lab.scenario.get_addresses()
    assert {("kavi", addresses["goran"]), ("caio", addresses["dora"])} == failed

    (reorganised,) = [note for note in notes(lab, "kavi", "tip changed") if note["disconnected"]]
    assert (1, 2, 123) == tuple(reorganised[key] for key in ("disconnected", "connected", "height"))
    assert {124} == {lab.peer(name).chain.height for name in lab.names}
    heard = {name: len(notes(lab, name, "transaction accepted")) for name in lab.names}
    assert {"jun", "kavi", "lia"} == {name for name, count in heard.items() if count == 1}
    assert {0} == {len(lab.peer(name).pool) for name in lab.names}
