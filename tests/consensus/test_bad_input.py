"""What a peer refuses: it names the rule, and nothing has changed but what the rule's test says."""

from dataclasses import replace

import pytest
from support.consensus_nodes import LINE, NAMES, SPACING, Bench, break_rule, get_notes, get_sent, make_chain

from blockchain_lab.base.effects import HangUp, Note
from blockchain_lab.base.messages import Malformed
from blockchain_lab.consensus import branches, heard, receiving, waiting_room
from blockchain_lab.consensus.block import MOST_OPERATIONS, Block
from blockchain_lab.consensus.duties import get_timer
from blockchain_lab.consensus.orders import Burn, Deposit, Evidence, Exit, Withdrawal
from blockchain_lab.consensus.sync_messages import MOST_BLOCKS, MOST_KNOWN, Branch, WantBranch
from blockchain_lab.consensus.vote import SignedVote
from blockchain_lab.consensus.wire import decode

UNSIGNED = bytes(64)


def alter(signed, **changes):
    """The same vote with other fields, signed again by whoever it says."""
    return SignedVote.by(replace(signed.vote, **changes))


def assert_refused(bench, message, rule):
    """Noted with the rule and the sender; passed on to nobody; not a bit of the state is another one."""
    bench.node.on_connected(9, bench.node.setup.contacts["cat"], True, bench.now)  # who could be told
    before = bench.digest()
    said = bench.hear(message)

    assert [(message.command, rule, "bob")] == [
        (fact["kind"], fact["rule"], fact["from"]) for fact in get_notes(said, "operation refused")
    ]
    assert [] == get_sent(said)
    assert before == bench.digest()


BAD_VOTES = {
    "forged": ("signature", lambda vote: replace(vote, signature=UNSIGNED)),
    "signed for another vote": (
        "signature",
        lambda vote: replace(vote, vote=replace(vote.vote, target=bytes(32))),
    ),
    "by nobody": ("unknown validator", lambda vote: alter(vote, validator="zoe")),
    "backwards": ("heights", lambda vote: alter(vote, source_height=2, target_height=1)),
    "on the spot": ("heights", lambda vote: alter(vote, source_height=1)),
    "for a far epoch": ("far epoch", lambda vote: alter(vote, target_height=2**32 - 1)),
}


@pytest.mark.parametrize("case", BAD_VOTES)
def test_a_vote_that_is_wrong_by_itself_is_not_kept(case):
    """Whatever branch it is for."""
    bench = Bench()
    bench.grow(6)
    rule, spoil = BAD_VOTES[case]

    assert_refused(bench, spoil(bench.vote("bob", 1)), rule)


def test_a_vote_for_a_branch_that_is_not_ours_waits_but_no_block_carries_it():
    """A source that is no ancestor, a target elsewhere, an epoch that is over: nothing wrong by itself."""
    bench = Bench()
    bench.finalise(2)
    vote = bench.vote("bob", 2)
    cases = {
        "source elsewhere": alter(vote, source=bytes(32)),
        "target elsewhere": alter(vote, target=bytes(32)),
        "wrong epoch": bench.vote("bob", 1),
    }

    assert {rule: rule for rule in cases} == {rule: break_rule(bench, each) for rule, each in cases.items()}
    for rule in ("source elsewhere", "target elsewhere"):
        said = bench.hear(cases[rule])
        assert [] == get_notes(said, "operation refused")
        assert cases[rule] in bench.node.desk.waiting


def test_the_same_vote_twice_says_nothing():
    """Not even with another signature: it is no other vote."""
    bench = Bench()
    bench.grow(6)
    vote = bench.vote("bob", 1)
    bench.hear(vote)
    before = bench.digest()

    assert [] == bench.hear(vote)
    assert [] == bench.hear(replace(vote, signature=UNSIGNED))
    assert before == bench.digest()


def test_members_vote_neither_before_their_first_dynasty_nor_after_their_last():
    """Zoe deposits: known at once, counted two dynasties later. Dan leaves: the other way round."""
    bench = Bench(chain=make_chain(withdrawal_delay=1))
    bench.grow(1, operations=[Deposit.by("zoe", 1_000_000), Exit.by("dan")])
    counted = {"zoe": [], "dan": []}
    for epoch in range(1, 8):
        bench.grow(5 - bench.node.head.height % 5)
        for name, flags in counted.items():
            rule = break_rule(bench, bench.vote(name, epoch))
            assert rule in (None, "not a member")
            flags.append(rule is None)
        bench.grow(1, operations=[bench.vote(name, epoch) for name in NAMES[:3]])

    assert [False, False, True] == [counted["zoe"][0], counted["zoe"][1], counted["zoe"][-1]]
    assert [True, True, False] == [counted["dan"][0], counted["dan"][1], counted["dan"][-1]]


def make_evidence(bench, name="bob", **changes):
    """Two votes of one validator for one epoch."""
    vote = bench.vote(name, 1)
    return Evidence("ann", vote, alter(vote, **{"target": bytes(32), **changes}))


def make_bad_orders(bench):
    """Each with the rule that it breaks on a bench's head."""
    good = make_evidence(bench)
    return [
        ("deposit too small", Deposit.by("zoe", 999)),
        ("deposited already", Deposit.by("bob", 5_000)),
        ("signature", replace(Deposit.by("zoe", 5_000), amount=6_000)),
        ("signature", replace(Exit.by("bob"), name="cat")),
        ("unknown validator", Exit.by("zoe")),
        ("withdrawal too early", Withdrawal.by("bob")),
        ("no burning", Burn.by("bob", 5)),
        ("signature", replace(good, first=replace(good.first, signature=UNSIGNED))),
        ("no evidence", replace(good, second=good.first)),
        ("no evidence", replace(good, second=bench.vote("cat", 1))),
        ("no evidence", make_evidence(bench, target_height=2)),
        ("heights", replace(good, second=alter(good.second, source_height=1))),
        ("unknown validator", make_evidence(bench, validator="zoe", name="zoe")),
    ]


@pytest.mark.parametrize("number", range(13))
def test_an_order_that_no_block_could_carry_is_not_kept(number):
    """Deposits, exits, withdrawals, burns, and evidence that is none."""
    bench = Bench(chain=make_chain(minimum_deposit=1_000))
    bench.grow(6)
    orders = make_bad_orders(bench)
    rule, order = orders[number]

    assert 13 == len(orders)
    assert_refused(bench, order, rule)


def test_nobody_leaves_twice_is_slashed_twice_or_takes_a_deposit_twice():
    """The second time each breaks a rule; the first time it is in a block."""
    bench = Bench(chain=make_chain(withdrawal_delay=0))
    bench.grow(6)
    evidence = make_evidence(bench, "cat")
    bench.grow(1, operations=[Exit.by("dan"), evidence])
    assert_refused(bench, Exit.by("dan"), "exits already")
    assert_refused(bench, replace(evidence, finder="bob"), "slashed already")
    bench.finalise(6, voters=("ann", "bob"))
    bench.grow(1, operations=[Withdrawal.by("dan")])

    assert_refused(bench, Withdrawal.by("dan"), "has left")
    assert_refused(bench, make_evidence(bench, "dan"), "has left")


def test_without_casper_no_vote_is_worth_anything():
    """A chain of signers in turn: what belongs to Casper is refused alone, and in a block."""
    bench, other = Bench(chain=make_chain(deposits=None)), Bench()
    other.grow(6)
    bench.grow(6)

    assert_refused(bench, other.vote("bob", 1), "no casper")
    assert_refused(bench, Deposit.by("zoe", 5_000), "no casper")
    assert "no casper" == break_rule(bench, other.vote("bob", 1))


def make_bad_blocks(bench):
    """Each with the rule that it breaks on a bench's head."""
    good = bench.block()
    late = {"time": good.time + SPACING}  # another signer's slot
    bad = [
        ("turn", replace(good, **late)),
        ("height", replace(good, height=good.height + 1)),
        ("time", replace(good, time=bench.node.head.header.time)),
        ("time", replace(good, time=good.time + 1)),
        ("weight", replace(good, weight=2)),
        ("proof", replace(good, proof=b"free tries")),
        ("signer", replace(good, proposer="zoe")),
        ("deposit too small", replace(good, operations=(Deposit.by("zoe", 0),))),
    ]
    unsigned = [("signature", replace(good, signature=b"")), ("signature", replace(good, signature=UNSIGNED))]
    return [(rule, block.sign()) for rule, block in bad] + unsigned


@pytest.mark.parametrize("number", range(10))
def test_a_bad_block_is_refused_for_ever_and_remembered_by_name_only(number):
    """The state is another one only in the list of refused names."""
    bench = Bench()
    bench.grow(3)
    rule, block = make_bad_blocks(bench)[number]
    before = bench.digest()
    said = bench.hear(block)

    assert [rule] == [fact["reason"].split(":")[0] for fact in get_notes(said, "block invalid")]
    assert ["bob"] == [fact["from"] for fact in get_notes(said, "peer misbehaved")]
    assert [] == get_sent(said)
    assert {block.name: rule} == bench.node.branches.refused
    assert [] == bench.hear(block)
    bench.node.branches.refused.clear()
    assert before == bench.digest()


def test_a_block_from_the_future_is_refused_until_its_time_has_come():
    """Two seconds are forgiven, for clocks differ."""
    bench = Bench()
    block = bench.block()
    bench.now = block.time - receiving.SKEW - 1
    before = bench.digest()
    said = bench.keep(bench.node.on_message(LINE, block, bench.now))

    assert ["time"] == [fact["rule"] for fact in get_notes(said, "operation refused")]
    assert before == bench.digest()
    bench.node.on_message(LINE, block, bench.now + 1)
    assert block.name == bench.node.head.hash


def make_line(bench, length, first):
    """So many blocks, each the next one's parent, behind a block that need not be valid."""
    line = [first]
    for number in range(length):
        line.append(Block(line[-1].name, first.height + 1 + number, first.time + number + 1, "ann", 1))
    return line


def test_what_builds_on_a_bad_block_is_bad_whenever_it_comes():
    """Before it, as an orphan, a thousand in a line; or after it."""
    bench = Bench()
    bad = replace(bench.block(), signature=UNSIGNED)
    *line, last = make_line(bench, branches.MOST_ORPHANS + 1, bad)
    for block in line[1:]:
        bench.hear(block)
    assert branches.MOST_ORPHANS == len(bench.node.branches.orphans)
    said = bench.hear(bad)

    assert branches.MOST_ORPHANS + 1 == len(get_notes(said, "block invalid"))
    assert 0 == len(bench.node.branches.orphans)
    said = bench.hear(last)
    assert ["parent"] == [fact["reason"].split(":")[0] for fact in get_notes(said, "block invalid")]
    assert [] == get_sent(said)


def test_orphans_refused_names_and_waiting_operations_have_a_limit(monkeypatch):
    """The oldest makes room; honest blocks go through all the same."""
    monkeypatch.setattr(branches, "MOST_REFUSED", 20)
    monkeypatch.setattr(waiting_room, "MOST_WAITING", 20)
    bench = Bench()
    bench.node.branches.orphans.limit = 20
    for number in range(50):
        bench.hear(Block(number.to_bytes(32), 9, 9, "bob", 1))
        bench.hear(replace(bench.block(), signature=number.to_bytes(64)))
        bench.hear(Deposit.by(f"sybil {number}", 5_000))

    assert 20 == len(bench.node.branches.orphans)
    assert 20 == len(bench.node.branches.refused)
    assert [f"sybil {number}" for number in range(30, 50)] == [
        order.name for order in bench.node.desk.waiting.operations.values()
    ]
    assert bench.grow() == bench.node.head


def test_what_waits_already_pushes_nobody_out(monkeypatch):
    """A full room, and the same operation once more."""
    monkeypatch.setattr(waiting_room, "MOST_WAITING", 3)
    room, orders = waiting_room.WaitingRoom(), [Deposit.by(name, 5) for name in NAMES[:3]]
    for order in (*orders, orders[2]):
        room.add(order)

    assert orders == list(room.operations.values())


def test_one_who_signs_without_end_fills_no_memory(monkeypatch):
    """So many votes of each validator; of others as before. The first pair is evidence all the same."""
    monkeypatch.setattr(heard, "MOST_VOTES", 20)
    bench = Bench()
    bench.grow(6)
    vote = bench.vote("bob", 1)
    said = [bench.hear(alter(vote, target=bytes([number]) * 32)) for number in range(50)]
    refused = [fact["rule"] for each in said for fact in get_notes(each, "operation refused")]

    assert ["too many votes"] * 30 == refused
    assert {"bob": None} == bench.node.desk.heard.proven
    bench.hear(bench.vote("cat", 1))
    assert {"bob": 20, "cat": 1} == {
        name: len(votes) for name, votes in bench.node.desk.heard.by_validator.items() if name != "ann"
    }


def test_votes_far_ahead_and_far_behind_are_not_remembered():
    """`memory` epochs before the anchor and behind the head; at the edges they are."""
    bench = Bench(policy={"proposes": False, "votes": False, "memory": 2})
    bench.finalise(6)
    anchor, epoch = bench.node.branches.get_anchor_epoch(), bench.node.head.height // 5
    vote = bench.vote("bob", 6)

    assert (5, 6) == (anchor, epoch)
    assert_refused(bench, alter(vote, target_height=epoch + 3), "far epoch")
    assert_refused(bench, alter(vote, source_height=0, target_height=anchor - 3), "far epoch")
    for target in (epoch + 2, anchor - 2):
        kept = alter(vote, source_height=0, target_height=target, target=bytes(32))
        assert [] == get_notes(bench.hear(kept), "operation refused")
        assert kept in bench.node.desk.heard


def test_a_burn_that_cannot_be_in_a_block_stops_nobody():
    """Of nothing, or the same once more: refused. It must not stand in the way of the next block."""
    burnt = {"name": "burn", "burnt": {"ann": 100}, "spacing": 10_000_000}
    bench = Bench(chain={"consensus": {"proposer": burnt}}, policy={})
    assert_refused(bench, Burn.by("bob", 0), "amount")
    assert_refused(bench, replace(Burn.by("bob", 5), signature=UNSIGNED), "signature")
    bench.hear(Burn.by("bob", 5))
    for _ in range(2):
        (turn,) = bench.node.desk.turns.values()
        bench.now = turn.at
        bench.keep(bench.node.on_timer(get_only_timer(bench), bench.now))

    assert [(Burn.by("bob", 5),), ()] == [
        entry.header.operations for entry in bench.node.branches.tree.own.values()
    ]
    assert_refused(bench, Burn.by("bob", 5), "duplicate")
    bench.node.desk.waiting.add(Burn.by("bob", 5))  # heard while it was not yet in our blocks
    (turn,) = bench.node.desk.turns.values()
    bench.keep(bench.node.on_timer(get_only_timer(bench), turn.at))
    assert 3 == bench.node.head.height


def get_only_timer(bench):
    """The timer of the only block that it builds on."""
    (parent,) = bench.node.desk.turns
    return get_timer(parent)


def test_unreadable_bytes_cost_the_line():
    """Whatever the command; the node dials that peer no more."""
    bench = Bench()
    bad = decode("vote", b"\x03an")
    assert isinstance(bad, Malformed)
    said = bench.hear(bad)

    assert ["peer misbehaved"] == [each.topic for each in said if isinstance(each, Note)]
    assert [LINE] == [each.conn for each in said if isinstance(each, HangUp)]
    assert {} == bench.node.desk.lines


@pytest.mark.parametrize(
    ("message", "most"),
    [
        (lambda count: WantBranch(bytes(32), (bytes(32),) * count), MOST_KNOWN),
        (lambda count: Branch(bytes(32), False, (Block(bytes(32), 1, 1, "ann", 1),) * count), MOST_BLOCKS),
        (lambda count: Block(bytes(32), 1, 1, "ann", 1, b"", (Exit.by("ann"),) * count), MOST_OPERATIONS),
    ],
)
def test_lists_have_a_longest_length(message, most):
    """One more is unreadable."""
    longest, too_long = message(most), message(most + 1)

    assert longest == decode(longest.command, longest.encoding)
    assert isinstance(decode(too_long.command, too_long.encoding), Malformed)


@pytest.mark.parametrize("command", ["vote", "evidence", "proposal", "branch", "head", "want-branch", "exit"])
def test_cut_and_lengthened_messages_are_unreadable(command):
    """At every byte: never an exception, never a message."""
    bench = Bench()
    bench.grow(6)
    vote, head = bench.vote("bob", 1), bench.node.head
    messages = {
        "vote": vote,
        "evidence": make_evidence(bench),
        "proposal": head.header,
        "branch": Branch(head.hash, True, (head.header,)),
        "head": receiving.Head(head.hash, 6, head.hash),
        "want-branch": WantBranch(head.hash, (head.hash,)),
        "exit": Exit.by("bob"),
    }
    raw = messages[command].encoding

    assert messages[command] == decode(command, raw)
    for size in range(len(raw)):
        assert isinstance(decode(command, raw[:size]), Malformed), size
    assert isinstance(decode(command, raw + b"\0"), Malformed)
