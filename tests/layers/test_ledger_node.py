"""One node by hand: whom it tells, what it keeps to itself, which blocks it refuses, what it will not do."""

from dataclasses import replace
from math import isqrt
from typing import Any

import pytest
from support.ledgers import (
    ETHER,
    LINE,
    NAMES,
    Bench,
    buy,
    forge,
    get_notes,
    get_sent,
    make_chain,
    make_ledger_story,
    pay,
)

from blockchain_lab.base.actions import Mine, SetPolicy
from blockchain_lab.base.actions_layers import CancelCall, RaisePrice, SendCall
from blockchain_lab.base.effects import HangUp, TimerName
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.sync_messages import WantBranch
from blockchain_lab.lab import Lab
from blockchain_lab.layers.ledger_block import Block, Branch
from blockchain_lab.layers.ledger_building import build
from blockchain_lab.layers.ledger_messages import (
    Aggregate,
    Attestation,
    Overlay,
    PrivateTx,
    Status,
    TxNames,
    WantTxs,
)
from blockchain_lab.layers.ledger_node import LedgerNode
from blockchain_lab.layers.ledger_transaction import Transaction

SLOTS = make_chain(
    slot=12 * SECOND, validators=["bob"], subnets=2, blocks_on="consensus", subscriptions={"ann": [1]}
)


def make_bench(lines: int = 4, **policy: Any) -> Bench:
    """Ann, with so many lines on the execution overlay."""
    bench = Bench("ann", **policy)
    for number in range(1, lines):
        bench.open(LINE + 2 * number, NAMES[1 + number % 3])
    return bench


def test_some_get_it_whole_the_others_its_name() -> None:
    """The square root of four neighbours is two; nobody is told what he has told us."""
    bench, tx = make_bench(4), pay("bob", "cat", 1)
    told = bench.hear(tx)
    whole, named = get_sent(told, Transaction), get_sent(told, TxNames)

    assert LINE not in [line for line, _ in (*whole, *named)]
    assert 3 == len(whole) + len(named) and len(whole) <= isqrt(4)
    assert {(tx.name,)} == {message.names for _, message in named}
    assert [] == bench.hear(tx), "it is known by now"


def test_names_are_asked_for_once_and_answered_with_what_waits() -> None:
    """Bob and cat name the same one: only bob is asked. When his line is lost, the next one is asked."""
    bench, tx = make_bench(2), pay("bob", "cat", 1)

    assert [(LINE, WantTxs((tx.name,)))] == get_sent(bench.hear(TxNames((tx.name,))), WantTxs)
    assert [] == get_sent(bench.hear(TxNames((tx.name,)), LINE + 2), WantTxs)
    bench.node.on_disconnected(LINE, "reset", 0)
    assert [(LINE + 2, WantTxs((tx.name,)))] == get_sent(bench.hear(TxNames((tx.name,)), LINE + 2), WantTxs)
    bench.hear(tx, LINE + 2)
    bench.open(LINE + 4, "dan")
    assert [(LINE + 4, tx)] == get_sent(bench.hear(WantTxs((tx.name, bytes(32))), LINE + 4), Transaction)


def test_who_does_not_answer_is_asked_no_more_after_five_seconds() -> None:
    """It may have dropped what it named; whoever names it then is asked."""
    bench, names = make_bench(2), TxNames((pay("bob", "cat", 1).name,))
    bench.hear(names)

    bench.now = 5 * SECOND - 1
    assert [] == bench.hear(names, LINE + 2)
    bench.now = 5 * SECOND
    assert [(LINE + 2, WantTxs(names.names))] == get_sent(bench.hear(names, LINE + 2), WantTxs)


def test_a_validator_attests_no_slot_twice_though_it_was_switched_off() -> None:
    """Its disk remembers the last one."""
    bench = Bench("bob", SLOTS)
    bench.now = 12 * SECOND
    timer = TimerName("attest")

    assert 1 == len(get_notes(bench.node.on_timer(timer, bench.now), "attestation sent"))
    again = LedgerNode(replace(bench.setup, disk=bench.node.stored()))
    again.on_start(bench.now)
    assert [] == again.on_timer(timer, bench.now)
    bench.now = 24 * SECOND
    assert 1 == len(get_notes(again.on_timer(timer, bench.now), "attestation sent"))


def test_what_stands_behind_a_gap_is_told_to_nobody() -> None:
    """Until the gap closes: then both are told."""
    bench = make_bench(2)
    late = bench.do(SendCall("ann", "bob", 1, nonce=1))

    assert [True] == [each["queued"] for each in get_notes(late, "transaction accepted")]
    assert [] == get_sent(late, Transaction) + get_sent(late, TxNames)
    first = bench.do(SendCall("ann", "bob", 1))
    assert 1 == len(get_notes(first, "transactions promoted"))
    told = {message.nonce for _, message in get_sent(first, Transaction)}
    named = {name for _, message in get_sent(first, TxNames) for name in message.names}
    assert 2 == len(told) + len(named - {t.name for _, t in get_sent(first, Transaction)})


def test_a_private_one_is_kept_by_its_builder_alone() -> None:
    """It is in no pool, no name of it is told, nobody who asks is given it; its own next block has it."""
    bench, tx = make_bench(3), buy("bob", ETHER)
    told = bench.hear(PrivateTx(tx))

    assert [] == get_sent(told, Transaction) + get_sent(told, TxNames)
    assert 1 == len(get_notes(told, "private transaction taken"))
    assert (0, []) == (len(bench.node.pool), get_sent(bench.hear(WantTxs((tx.name,))), Transaction))
    bench.open(LINE + 8, "dan")
    assert [] == [m for _, m in get_sent(bench.hear(TxNames(())), TxNames)]
    mined = bench.do(Mine("ann"))
    assert [tx.name[::-1].hex()] == [each["txid"] for each in get_notes(mined, "transaction executed")]
    assert {} == bench.node.desk.private


def test_who_has_a_builder_sends_it_there_and_nowhere_else() -> None:
    """On a line of its own; and the next transaction has the next nonce all the same."""
    bench = make_bench(3, builder="max")
    bench.node.dialled.append((bench.setup.contacts["max"], Overlay.PRIVATE))
    bench.node.on_connected(20, bench.setup.contacts["max"], False, 0)
    told = bench.do(SendCall("ann", "bob", 1, private=True))

    assert [20] == [line for line, _ in get_sent(told, PrivateTx)]
    assert [] == get_sent(told, Transaction) + get_sent(told, TxNames)
    assert 1 == bench.node.desk.get_next_nonce()


def make_block(bench: Bench, *transactions: Transaction, proposer: str = "bob") -> Block:
    """A valid block on a node's tip."""
    return build(bench.node.chain, transactions, proposer, 0, bench.now)


def test_a_block_is_run_and_passed_on() -> None:
    """What it took waits no more; another copy says nothing new."""
    bench = make_bench(3)
    block = make_block(bench, pay("bob", "cat", 1))
    bench.hear(block.transactions[0])
    told = bench.hear(block)

    assert (1, 0) == (bench.node.chain.height, len(bench.node.pool))
    assert {LINE + 2, LINE + 4} == {line for line, _ in get_sent(told, Block)}
    assert [] == bench.hear(block, LINE + 2)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (lambda block: replace(block, state_root=bytes(32)).sign(), "state root"),
        (lambda block: replace(block, proposer="cat"), "signature"),
        (lambda block: replace(block, height=2).sign(), "height"),
        (lambda block: replace(block, slot=1).sign(), "slot"),
        (lambda block: replace(block, transactions=block.transactions * 2).sign(), "nonce"),
        (
            lambda block: replace(block, transactions=(forge(block.transactions[0], value=2),)).sign(),
            "signature",
        ),
    ],
)
def test_a_block_that_breaks_a_rule_is_refused_for_ever(wrong: Any, rule: str) -> None:
    """And so is what builds on it; the branch stays where it was."""
    bench = make_bench(3)
    block = wrong(make_block(bench, pay("bob", "cat", 1)))
    child = Block(block.name, 2, 0, 0, "bob", bytes(32)).sign()
    bench.hear(child)
    told = bench.hear(block)

    assert [True, True] == [
        each["reason"].startswith(start)
        for each, start in zip(get_notes(told, "block invalid"), (rule, "parent"), strict=True)
    ]
    assert 1 == len(get_notes(told, "peer misbehaved"))
    assert [] == get_sent(told, Block) + bench.hear(block, LINE + 2) + bench.hear(child)
    assert 0 == bench.node.chain.height


@pytest.mark.parametrize(
    ("slot", "proposer", "at", "rule"),
    [
        (2, "cat", 24 * SECOND, "proposer: found 'cat', slot 2 is for 'bob'"),
        (2, "bob", 24 * SECOND - 1, "slot"),  # made before its slot began
        (1, "bob", 24 * SECOND, "slot"),  # the slot of the block before it
    ],
)
def test_a_slot_has_one_proposer_and_one_block_on_a_branch(
    slot: int, proposer: str, at: int, rule: str
) -> None:
    """Here bob is the only validator; what he makes in slot 2 behind his block of slot 1 is fine."""
    bench = Bench("ann", SLOTS)
    bench.now = 24 * SECOND
    bench.hear(build(bench.node.chain, (), "bob", 1, 12 * SECOND))
    wrong = build(bench.node.chain, (), proposer, slot, at)
    right = build(bench.node.chain, (), "bob", 2, 24 * SECOND)

    assert get_notes(bench.hear(wrong), "block invalid")[0]["reason"].startswith(rule)
    assert 1 == len(get_notes(bench.hear(right), "block accepted"))
    assert 2 == bench.node.chain.height


def test_a_block_from_the_future_waits_for_nobody() -> None:
    """Half a second is the clocks' fault, more is not; it may come again in its time."""
    bench = make_bench(2)
    block = build(bench.node.chain, (), "bob", 0, SECOND)

    assert "time" in get_notes(bench.hear(block), "block invalid")[0]["reason"]
    bench.now = SECOND // 2
    assert 1 == len(get_notes(bench.hear(block), "block accepted"))


def test_a_block_without_its_parent_is_asked_for_it() -> None:
    """The answer brings both; what is asked of us we answer likewise."""
    bench, other = make_bench(2), make_bench(2)
    other.do(Mine("ann", 3))
    chain = other.node.chain
    told = bench.hear(chain.tip.header)

    ((line, question),) = get_sent(told, WantBranch)
    assert (LINE, chain.tip.header.parent) == (line, question.wanted)
    ((_, answer),) = get_sent(other.hear(question), Branch)
    bench.hear(answer)
    assert 3 == bench.node.chain.height
    assert [] == other.hear(WantBranch(bytes(31) + b"\1", ())), "what we do not know we cannot send"


def test_only_what_is_missing_is_sent() -> None:
    """Ann has three of nine blocks and hears of the ninth: she is sent the fourth to the eighth."""
    bench, other = make_bench(2), make_bench(2)
    for height in range(1, 10):
        other.do(Mine("ann"))
        if height <= 3:
            bench.hear(other.node.chain.tip.header)
    ((_, question),) = get_sent(bench.hear(other.node.chain.tip.header), WantBranch)
    ((_, answer),) = get_sent(other.hear(question), Branch)

    assert [4, 5, 6, 7, 8] == [block.height for block in answer.blocks]
    bench.hear(answer)
    assert 9 == bench.node.chain.height


def test_nonsense_costs_the_line() -> None:
    """And nothing else; it is not dialled again."""
    bench = make_bench(2)
    told = bench.hear(Malformed("tx", "to: wanted 3 bytes", b"", fatal=False))

    assert [HangUp(LINE, "to: wanted 3 bytes")] == [each for each in told if isinstance(each, HangUp)]
    assert LINE not in bench.node.desk.lines


def test_attestations_go_only_to_who_listens() -> None:
    """Bob's is for subnet 1: ann hears it, and passes it on to cat, who listens to 1, and not to dan."""
    bench = Bench("ann", SLOTS)
    bench.open(11, "cat", Overlay.CONSENSUS, [1])
    bench.open(13, "dan", Overlay.CONSENSUS, [0])
    bench.now = 12 * SECOND
    said = Attestation.by(1, bench.node.chain.tip.hash, 0, "bob")

    assert [] == bench.hear(said), "its committee speaks on subnet 0, and we do not listen to that"
    bench = Bench("ann", make_chain(**{**SLOTS["ledger"], "subscriptions": {"ann": [0]}}))
    bench.open(11, "cat", Overlay.CONSENSUS, [1])
    bench.open(13, "dan", Overlay.CONSENSUS, [0])
    bench.now = 12 * SECOND
    assert [13] == [line for line, _ in get_sent(bench.hear(said), Attestation)]
    assert [] == bench.hear(said, 13)


@pytest.mark.parametrize(
    "wrong",
    [
        Attestation.by(1, bytes(32), 1, "bob"),  # not its committee's subnet
        Attestation.by(1, bytes(32), 0, "cat"),  # no validator
        Attestation.by(2, bytes(32), 0, "bob"),  # a slot that has not come
        Attestation(1, bytes(32), 0, "bob", bytes(64)),  # not signed
        Aggregate(1, bytes(32), 0, "bob", (("bob", bytes(64)),)),
        Aggregate(1, bytes(32), 0, "cat", ()),  # no validator has made it
    ],
)
def test_votes_that_are_none_are_passed_on_to_nobody(wrong: Any) -> None:
    """Neither forged nor misplaced nor early ones."""
    bench = Bench("ann", make_chain(**{**SLOTS["ledger"], "subscriptions": {"ann": [0, 1]}}))
    bench.open(11, "cat", Overlay.CONSENSUS, [0, 1])
    bench.now = 12 * SECOND

    assert [] == bench.hear(wrong)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (SendCall("ann", "nobody", 1), "nobody is called 'nobody', and no contract is: exchange"),
        (SendCall("ann", "bob", -1), "whole numbers from 0"),
        (SendCall("ann", "bob", 11 * ETHER), "insufficient funds"),
        (SendCall("ann", "bob", 1, gas_limit=20_000), "intrinsic gas too low"),
        (SendCall("ann", "bob", 1, nonce=-2), "a nonce from 0 on"),
        (SendCall("ann", "bob", 1, arguments=(1,) * 17), "at most 16 arguments"),
        (SendCall("ann", "bob", 1, private=True), "no line to a builder: its policy names none"),
        (RaisePrice("ann", 0, 50), "nothing of ann's with the nonce 0 waits"),
        (CancelCall("ann", 0), "nothing of ann's with the nonce 0 waits"),
        (Mine("ann", 0), "wanted 1 to 1000 blocks, found 0"),
        (SetPolicy("ann", "pool_limit", 0), "policy.pool_limit"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(command: Any, words: str) -> None:
    """Nothing is signed, nothing is noted."""
    problem = Bench().node.find_problem(command, 0)

    assert problem is not None and words in problem


def test_where_blocks_come_in_slots_nobody_mines() -> None:
    """The proposer's turn is drawn, not asked for."""
    assert "in slots" in str(Bench("ann", SLOTS).node.find_problem(Mine("ann"), 0))


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"accounts": {"exchange": 1}}, "chain.ledger.accounts"),
        ({"accounts": {"ann": -1}}, "chain.ledger.accounts.ann"),
        ({"accounts": {"ann": 1.5}}, "chain.ledger.accounts.ann"),
        ({"gas_limit": 20_999}, "chain.ledger.gas_limit"),
        ({"slot": 1_000_000}, "chain.ledger.validators"),
        ({"slot": 1_000_000, "validators": ["ann", "ann"]}, "chain.ledger.validators"),
        ({"subnets": 2}, "chain.ledger.subnets"),
        (
            {"slot": 9, "validators": ["ann"], "subnets": 2, "subscriptions": {"ann": [2]}},
            "chain.ledger.subscriptions.ann",
        ),
        ({"blocks_on": "carrier pigeons"}, "chain.ledger.blocks_on"),
        ({"gas": 1}, "chain.ledger.gas"),
    ],
)
def test_a_chain_that_cannot_be_is_refused_with_its_key(values: dict[str, Any], path: str) -> None:
    """Before anything happens."""
    with pytest.raises(ScenarioError) as fault:
        Lab(make_ledger_story(chain=make_chain(**values)))

    assert path in str(fault.value)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"pool_limit": 0}, "policy.pool_limit"),
        ({"builder": "zoe"}, "policy.builder"),
        ({"consensus": ["zoe"]}, "policy.consensus: no peer is called 'zoe'"),
        ({"gaz_price": 3}, "policy.gaz_price: unknown key"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_with_its_key(policy: dict[str, Any], words: str) -> None:
    """And with the peer's name."""
    with pytest.raises(UsageError, match=f"peers.ann.*{words}"):
        Lab(make_ledger_story(policies={"ann": policy}))


@pytest.mark.parametrize("disk", [{"blocks": ["00"]}, {"blocks": [7]}, {"attested": -1}, {"attested": "3"}])
def test_a_disk_that_nobody_has_written_is_refused(disk: dict[str, Any]) -> None:
    """A text that is no block, a slot that is none."""
    scenario = make_ledger_story()
    peers = {**scenario.peers, "ann": replace(scenario.peers["ann"], disk=disk)}

    with pytest.raises(UsageError, match="disk of ann"):
        Lab(replace(scenario, peers=peers))


def test_a_status_of_a_line_that_we_dialled_cannot_change_what_it_is_for() -> None:
    """We know what we have dialled for."""
    bench = make_bench(2, builder="max")
    bench.node.dialled.append((bench.setup.contacts["max"], Overlay.PRIVATE))
    bench.node.on_connected(20, bench.setup.contacts["max"], False, 0)
    bench.hear(Status(Overlay.EXECUTION, bytes(32), 0), 20)

    assert Overlay.PRIVATE is bench.node.desk.lines[20].overlay


def test_who_has_dialled_us_says_once_what_for() -> None:
    """A later word changes nothing: else one line could be counted on both overlays."""
    bench = make_bench(2)
    bench.hear(Status(Overlay.CONSENSUS, bytes(32), 0))

    assert Overlay.EXECUTION is bench.node.desk.lines[LINE].overlay
