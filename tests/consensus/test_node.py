"""One peer of the consensus floor by itself: sync, orphans, its disk, its commands, its policy."""

import pytest
from support.consensus_nodes import LINE, NAMES, SPACING, Bench, get_notes, get_sent, make_chain

from blockchain_lab.base.actions import (
    AskExit,
    BurnCoins,
    CastVote,
    MakeDeposit,
    RewriteHistory,
    SetPolicy,
    TakeDeposit,
)
from blockchain_lab.base.effects import CancelTimer, Dial, SetTimer
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import display_hash
from blockchain_lab.consensus.actors_attack import ACTORS
from blockchain_lab.consensus.block import Block
from blockchain_lab.consensus.chain_rules import read_rules
from blockchain_lab.consensus.orders import Burn, Deposit, Exit, Withdrawal
from blockchain_lab.consensus.sync_messages import MOST_BLOCKS, Branch, Head, WantBranch
from blockchain_lab.consensus.vote import SignedVote


def talk(asker, answerer, questions):
    """Carry questions and answers until there are none; how many questions, and how long the answers."""
    asked, lengths = 0, []
    while questions:
        asked += 1
        (answer,) = get_sent(answerer.hear(questions.pop(0)), Branch)
        lengths.append(len(answer.blocks))
        asker.now = answerer.now
        questions += get_sent(asker.hear(answer), WantBranch)
    return asked, lengths


def test_a_newcomer_asks_again_until_it_has_everything():
    """450 blocks in answers of at most 200: three questions."""
    old = Bench(chain=make_chain(deposits=None))
    tip = old.grow(450)
    new = Bench("bob", chain=old.chain)
    questions = get_sent(new.hear(Head(tip.hash, tip.height, tip.hash)), WantBranch)

    assert (3, [MOST_BLOCKS, MOST_BLOCKS, 50]) == talk(new, old, questions)
    assert tip == new.node.head


def test_who_was_away_gets_only_what_it_lacks():
    """The asker names blocks in steps that double, so the answer begins near the fork."""
    old = Bench(chain=make_chain(deposits=None))
    new = Bench("bob", chain=old.chain)
    for number in range(60):
        block = old.block()
        old.hear(block)
        if number < 40:
            new.hear(block)
    new.grow(3, skip=1)  # a little branch of its own
    asked, (length,) = talk(
        new, old, get_sent(new.hear(Head(old.node.head.hash, 60, old.node.head.hash)), WantBranch)
    )

    assert 1 == asked
    assert 20 <= length <= 20 + 3
    assert old.node.head == new.node.head


def test_an_orphan_waits_and_its_parent_is_asked_for():
    """Three blocks the wrong way round: each asks; the last one lets all in, in their order."""
    old, new = Bench(), Bench("bob", now=100 * SPACING)
    blocks = [old.grow().header for _ in range(3)]
    for block in reversed(blocks[1:]):
        said = new.hear(block)
        assert [display_hash(block.parent)] == [fact["parent"] for fact in get_notes(said, "orphan block")]
        assert [block.parent] == [question.wanted for question in get_sent(said, WantBranch)]
        assert [] == new.hear(block)
    said = new.hear(blocks[0])

    assert [1, 2, 3] == [fact["height"] for fact in get_notes(said, "block accepted")]
    assert (blocks[-1].name, 0) == (new.node.head.hash, len(new.node.branches.orphans))


def test_a_peer_that_does_not_have_it_answers_nothing():
    """Nor does one that keeps it secret."""
    bench = Bench()
    bench.grow(3)
    genesis = bench.node.desk.rules.genesis.hash

    assert [] == bench.hear(WantBranch(bytes(32), (genesis,)))
    assert [3] == [len(each.blocks) for each in get_sent(bench.hear(WantBranch(bench.node.head.hash, ())))]
    bench.node.desk.secret.append(bench.node.head.header)
    assert [] == bench.hear(WantBranch(bench.node.head.hash, (genesis,)))


def test_who_has_dialled_dials_again():
    """A lost line is dialled after a while by the end that made it, and a failed dial, too."""
    bench = Bench()
    address = bench.node.setup.contacts["cat"]
    object.__setattr__(bench.node.setup, "neighbours", (address,))
    bench.node.on_connected(4, address, False, 0)
    lost, failed = bench.node.on_disconnected(4, "reset", 0), bench.node.on_dial_failed(address, "timeout", 0)
    (timer,) = [each for each in lost if isinstance(each, SetTimer)]

    assert lost == failed
    assert bench.node.desk.policy.redial_after == timer.after
    assert [Dial(address)] == bench.node.on_timer(timer.name, 0)
    assert [] == bench.node.on_disconnected(LINE, "reset", 0)


def test_its_disk_gives_everything_back_that_its_promises_need():
    """Head, anchor and own votes; and the second life writes what the first one has written."""
    bench = Bench()
    bench.finalise(4)
    second = bench.revive()

    assert bench.node.head == second.node.head
    assert bench.node.branches.anchor == second.node.branches.anchor
    assert bench.node.desk.heard.get_own("ann") == second.node.desk.heard.get_own("ann")
    assert bench.node.stored() == second.node.stored()


@pytest.mark.parametrize("remembers", [True, False])
def test_a_revived_validator_votes_twice_only_if_its_disk_has_lost_its_votes(remembers):
    """It has voted on one branch and then gone to another one, where it would vote if it did not know."""
    first = Bench()
    fork = first.grow(4)
    first.grow(3, fork)
    other = first.grow(5, fork, skip=1)
    (mine,) = first.node.desk.heard.get_own("ann")
    disk = first.node.stored()
    second = first.revive(disk=disk if remembers else {**disk, "votes": []})
    sent = get_notes(second.said, "vote sent")

    assert other == first.node.head == second.node.head
    assert (1, 9) == (mine.target_height, other.height)
    assert [] == sent if remembers else [1] == [fact["target_epoch"] for fact in sent]
    assert all(fact["target"] != display_hash(mine.target) for fact in sent)


BROKEN_DISKS = {
    "no hex": {"blocks": ["xyz"]},
    "no block": {"blocks": ["00"]},
    "no list": {"votes": None},
    "orphan": {"blocks": [Block(bytes(32), 1, 1, "ann", 1).encoding.hex()]},
    "anchor elsewhere": {"anchor": bytes(32).hex()},
    "half a disk": None,
}


@pytest.mark.parametrize("case", BROKEN_DISKS)
def test_a_disk_that_nobody_has_written_is_the_callers_mistake(case):
    """A scenario may say what stands on a disk; a node says what is wrong with it."""
    disk = {**Bench().node.stored(), **BROKEN_DISKS[case]} if BROKEN_DISKS[case] else {"blocks": []}
    with pytest.raises(UsageError, match="disk of ann"):
        Bench(disk=disk)


def test_a_disk_with_an_invalid_block_is_a_mistake_too():
    """Nobody has signed it."""
    bench = Bench()
    bad = Block(bench.node.head.hash, 1, SPACING, "bob", 1)
    with pytest.raises(UsageError, match="'signature'"):
        Bench(disk={**bench.node.stored(), "blocks": [bad.encoding.hex()]})


def test_operations_of_a_branch_that_is_left_wait_again():
    """Votes and orders; and they wait no more when the peer goes back. The state is the same as before."""
    bench = Bench(chain=make_chain(), policy={"proposes": False, "votes": False})
    fork = bench.grow(6)
    left = bench.grow(1, fork, [Deposit.by("zoe", 5), bench.vote("bob", 1)])
    bench.hear(Exit.by("dan"))
    waits, state = set(bench.node.desk.waiting.operations), bench.node.branches.get_state(left)
    right = bench.grow(2, fork, [Exit.by("cat")], skip=1)
    there = {type(each) for each in bench.node.desk.waiting.operations.values()}
    assert right == bench.node.head
    back = bench.grow(2, left)
    own = Exit.by("cat").content_id

    assert {Deposit, SignedVote, Exit} == there
    assert back == bench.node.head
    assert waits | {own} == set(bench.node.desk.waiting.operations)
    assert state is bench.node.branches.get_state(left)


def test_a_chain_without_casper_follows_the_most_work():
    """Whatever it was told first; at equal work it stays."""
    bench = Bench(chain=make_chain(deposits=None))
    first = bench.grow(3)
    second = bench.grow(3, bench.node.desk.rules.genesis, skip=1)
    assert first == bench.node.head
    third = bench.grow(1, second)

    assert third == bench.node.head
    assert bench.node.branches.tree.best == bench.node.head


# -- policy --


def test_a_second_machine_with_the_same_key_signs_as_its_owner():
    """Votes, orders and blocks of "spare" are cat's."""
    spare = Bench("spare", policy={"identity": "cat"})
    spare.grow(7)
    assert {"cat"} == {each.vote.validator for each in get_sent(spare.said, SignedVote)}
    genesis, head = display_hash(spare.node.desk.rules.genesis.hash), display_hash(spare.node.head.hash)
    said = spare.do(CastVote("spare", genesis, head)) + spare.do(AskExit("spare"))

    assert ["cat", "cat"] == [each.vote.validator for each in get_sent(said, SignedVote)] + [
        each.name for each in get_sent(said, Exit)
    ]
    parent, turn = next(iter(spare.node.desk.turns.items()))
    assert parent == spare.node.head.hash
    assert 2 == turn.at // SPACING % len(NAMES)  # cat's slot


def make_trusting(**policy):
    """A newcomer that believes only bob."""
    return Bench("dan", policy={"trusts": "bob", **policy})


def test_a_careful_newcomer_follows_nothing_until_it_has_the_checkpoint_of_whom_it_trusts():
    """It keeps blocks, but proposes and votes nothing; then the checkpoint is its anchor."""
    old, new = Bench(), make_trusting()
    old.finalise(4)
    anchor, genesis = old.node.branches.anchor, new.node.desk.rules.genesis
    blocks = [entry.header for entry in old.node.branches.tree.own.values()]
    new.now = old.now
    for block in blocks[:-1]:
        new.hear(block)
    assert (genesis, {}, len(blocks)) == (new.node.head, new.node.desk.turns, len(new.node.branches.tree))
    new.hear(Head(old.node.head.hash, 0, anchor.hash))
    new.hear(Head(old.node.head.hash, 0, genesis.hash))  # said once is said

    assert anchor == new.node.branches.anchor
    assert new.node.head.height == len(blocks) - 1
    assert [] != list(new.node.desk.turns)


def test_a_careful_newcomer_stays_careful_when_it_is_restarted():
    """It has found nothing to trust yet, so the disk must not say that it has."""
    new = make_trusting().revive(chain=make_chain())
    new.grow(3)
    assert new.node.desk.is_waiting_for_trust
    new.hear(Head(new.node.head.hash, 0, new.node.desk.rules.genesis.hash))

    assert not new.node.desk.is_waiting_for_trust
    assert not new.revive().node.desk.is_waiting_for_trust


def test_who_relays_nothing_still_sends_its_own():
    """Where everybody has a line to everybody."""
    bench = Bench(policy={"relays": False, "proposes": False})
    bench.node.on_connected(9, bench.node.setup.contacts["cat"], True, 0)
    bench.grow(6)
    said = bench.hear(bench.vote("bob", 1))
    bench.grow(1)

    assert [] == get_sent(said)
    assert {"ann"} == {each.vote.validator for each in get_sent(bench.said, SignedVote)}
    assert [] == get_sent(bench.said, Block)


def test_a_turned_knob_counts_from_now_on():
    """`proposes` cancels the timer; `depth` reaches the actor; nonsense is refused before."""
    bench = Bench(policy={"actor": "private"})
    assert bench.node.desk.turns
    bench.policy |= {"depth": 3}
    bench.do(SetPolicy("ann", "depth", 3))
    assert (3, ACTORS["private"]) == (bench.node.desk.actor.depth, type(bench.node.desk.actor))
    assert "memory" in bench.node.find_problem(SetPolicy("ann", "memory", 1), 0)
    assert "depht" in bench.node.find_problem(SetPolicy("ann", "depht", 1), 0)
    bench.policy |= {"proposes": False}
    said = bench.do(SetPolicy("ann", "proposes", False))

    assert [CancelTimer] == [type(each) for each in said]
    assert {} == bench.node.desk.turns


# -- commands --


@pytest.mark.parametrize(
    ("name", "command", "order", "refused", "why"),
    [
        ("zoe", MakeDeposit("zoe", 5), Deposit.by("zoe", 5), MakeDeposit("zoe", 0), "deposit too small"),
        ("ann", AskExit("ann"), Exit.by("ann"), TakeDeposit("ann"), "withdrawal too early"),
        ("ann", AskExit("ann"), Exit.by("ann"), MakeDeposit("ann", 5), "deposited already"),
        ("zoe", MakeDeposit("zoe", 7), Deposit.by("zoe", 7), AskExit("zoe"), "unknown validator"),
        ("zoe", MakeDeposit("zoe", 7), Deposit.by("zoe", 7), BurnCoins("zoe", 7), "no burning"),
    ],
)
def test_an_order_is_signed_told_and_kept_if_its_own_branch_allows_it(name, command, order, refused, why):
    """And what the branch forbids is refused before anything is sent."""
    bench = Bench(name)
    bench.grow(2)

    assert [order] == get_sent(bench.do(command))
    assert order in bench.node.desk.waiting
    assert why in bench.node.find_problem(refused, bench.now)


def test_a_deposit_is_taken_back_when_its_time_has_come():
    """Two dynasties after the exit, and the delay."""
    bench = Bench(chain=make_chain(withdrawal_delay=0))
    bench.grow(1, operations=[Exit.by("ann")])
    assert "withdrawal too early" in bench.node.find_problem(TakeDeposit("ann"), 0)
    bench.finalise(2)
    bench.finalise(4, voters=NAMES[1:])

    assert [Withdrawal.by("ann")] == get_sent(bench.do(TakeDeposit("ann")))


def test_coins_are_burnt_where_the_lottery_counts_them():
    """Not nothing, and not the same amount again once it is in a block."""
    burnt = {"name": "burn", "burnt": {"ann": 100}, "spacing": 10_000_000}
    bench = Bench(chain={"consensus": {"proposer": burnt}})

    assert [Burn.by("ann", 5)] == get_sent(bench.do(BurnCoins("ann", 5)))
    assert "amount" in bench.node.find_problem(BurnCoins("ann", 0), 0)


def test_a_wilful_vote_may_break_any_rule_between_known_blocks():
    """Even one that spans nothing: it is sent, and is half of no evidence."""
    bench = Bench()
    bench.grow(7)
    genesis, fifth = bench.node.desk.rules.genesis, bench.node.branches.head.previous.previous
    shown = display_hash(genesis.hash), display_hash(fifth.hash)[:12]
    for ends in (shown, shown[::-1], (shown[0], shown[0])):
        (sent,) = get_sent(bench.do(CastVote("ann", *ends)), SignedVote) or [None]
        assert sent is None or "ann" == sent.vote.validator
    assert "0 of its blocks" in bench.node.find_problem(CastVote("ann", "xyz", shown[1]), 0)
    assert "8 of its blocks" in bench.node.find_problem(CastVote("ann", "", shown[1]), 0)
    bench.grow(10)  # it votes on as if nothing had been

    assert all(vote.source_height < vote.target_height for vote in bench.node.desk.heard.get_own("ann"))
    assert 3 == max(vote.target_height for vote in bench.node.desk.heard.get_own("ann"))


def test_history_is_rewritten_with_keys_that_one_holds_and_with_no_others():
    """The second time there is nothing new to say."""
    assert "nobody else's keys" in Bench().node.find_problem(RewriteHistory("ann"), 0)
    bench = Bench(policy={"proposes": False, "keys": ["bob", "cat", "dan"]}, now=60 * SPACING)
    told = get_sent(bench.do(RewriteHistory("ann")), Block)

    assert (60, told[-1].name) == (len(told), bench.node.head.hash)
    assert bench.node.branches.anchor.height >= 40
    assert [] == get_sent(bench.do(RewriteHistory("ann")), Block)


# -- one process, many chains --


def test_two_chains_in_one_process_share_no_state():
    """One store, two sets of rules: another genesis, other states behind blocks of the same maker."""
    store = ContentStore()
    strict, lax = (Bench(chain=make_chain(minimum_deposit=least), store=store) for least in (1_000, 1))
    assert strict.node.desk.rules.genesis != lax.node.desk.rules.genesis
    lax.grow(1, operations=[Deposit.by("zoe", 5)])
    said = strict.hear(lax.node.head.header)

    assert ["orphan block"] == [each.topic for each in said if hasattr(each, "topic")]
    again = Bench("bob", chain=make_chain(minimum_deposit=1_000), store=store)
    assert strict.node.desk.rules is again.node.desk.rules


@pytest.mark.parametrize(
    "change",
    [
        {"proposer": {"name": "authority", "signers": list(NAMES), "spacing": 1}},
        {"proposer": {"name": "authority", "signers": list(NAMES[:3]), "spacing": SPACING}},
        {"casper": {"coin": 1_000, "deposits": dict.fromkeys(NAMES, 2)}},
        {"casper": {"coin": 1_000, "deposits": dict.fromkeys(NAMES, 1_000_000), "epoch_length": 6}},
        {"genesis": "another network"},
    ],
)
def test_every_rule_is_in_the_name_of_the_genesis(change):
    """Or two chains could not be told apart by their blocks."""
    plain = make_chain()["consensus"]

    assert read_rules({"consensus": plain}).genesis != read_rules({"consensus": {**plain, **change}}).genesis
    assert read_rules({"consensus": plain}).genesis == read_rules({"consensus": dict(plain)}).genesis
