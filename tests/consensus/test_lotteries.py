"""Every lottery gives blocks by resource, takes what it has promised, and refuses everything else by name."""

from dataclasses import replace

import pytest

from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.block import make_genesis
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.proposers import PROPOSERS, read_proposer
from blockchain_lab.consensus.shares import Share, count_blocks, get_histogram, make_block, run_lottery

BLOCKS = 2_000
THREE = {"ann": 51, "bob": 30, "cat": 19}
MINUTE_OF_FEW_TICKS = {"tick": 3 * SECOND}  # 20 a block: fewer hashes, and two winners at once in 5 %
LOTTERIES = {
    "pow": {"powers": THREE},
    "stake": {"stakes": THREE, **MINUTE_OF_FEW_TICKS},
    "peercoin": {"coins": THREE, "output": 3, "tick": 20 * SECOND},
    "burn": {"burnt": THREE, **MINUTE_OF_FEW_TICKS},
    "capacity": {"plots": THREE},
    "history": {"stakes": THREE, "row": 1},
}
WITH_HASHES = {"powers": THREE, "proof": "hash", "difficulty": 50, "spacing": SECOND, "window": 10}
GENESIS = make_genesis()


def play(name, plain, blocks=BLOCKS, names=tuple(THREE)):
    """A lottery, its branch, and the blocks of each name."""
    lottery = read_proposer({"name": name, **plain})
    branch = run_lottery(lottery, names, blocks)
    return lottery, branch, count_blocks(branch[0][0], branch[-1][0])


def get_first_turn(name, plain):
    """Ann's first block on the genesis, unsigned changes still possible, and what it is checked by."""
    lottery = read_proposer({"name": name, **plain})
    state = lottery.get_start()
    turn = lottery.find_turn(state, GENESIS, "ann", 0, luck=1)
    return lottery, state, make_block(GENESIS, "ann", turn)


def get_rule(lottery, state, block):
    """The rule that a block breaks on the genesis; "" when it is valid."""
    try:
        lottery.apply(state, GENESIS, block)
    except RuleBroken as fault:
        return fault.rule
    return ""


@pytest.mark.parametrize("name", LOTTERIES)
def test_the_share_of_blocks_is_the_share_of_the_resource(name):
    """2,000 blocks: within 3 standard errors of 51, 30 and 19 percent."""
    lottery, branch, blocks = play(name, LOTTERIES[name])
    shares = lottery.get_shares(branch[0][1])

    assert [bar for bar in get_histogram(shares, blocks) if not bar.is_fair()] == []
    assert BLOCKS == sum(blocks.values())
    assert list(THREE) == sorted(blocks)


def test_real_hashes_give_the_same_shares_as_drawn_luck():
    """Every block has a nonce that takes the difficulty of its window to find; each can be checked."""
    _, branch, blocks = play("pow", WITH_HASHES, 600)

    assert [bar for bar in get_histogram(THREE, blocks) if not bar.is_fair()] == []
    assert all(len(entry.header.proof) == 8 for entry, _ in branch[1:])


@pytest.mark.parametrize("name", LOTTERIES)
def test_the_same_lottery_is_the_same_twice_and_another_seed_is_another_luck_of_work_only(name):
    """Only proof of work draws: all others are decided by what the chain says."""
    lottery = read_proposer({"name": name, **LOTTERIES[name]})

    def get_turns(luck):
        return [lottery.find_turn(lottery.get_start(), GENESIS, who, 0, luck) for who in THREE]

    assert get_turns(1) == get_turns(1)
    assert (name != "pow") == (get_turns(1) == get_turns(2))


@pytest.mark.parametrize("name", LOTTERIES)
def test_a_turn_that_is_asked_for_later_is_later(name):
    """The first time after `after`, strictly."""
    lottery = read_proposer({"name": name, **LOTTERIES[name]})
    state = lottery.get_start()
    after = 0
    for _ in range(5):
        turn = lottery.find_turn(state, GENESIS, "bob", after, luck=1)
        assert turn.at > after
        assert "" == get_rule(lottery, state, make_block(GENESIS, "bob", turn))
        after = turn.at


@pytest.mark.parametrize("name", LOTTERIES)
def test_whoever_has_nothing_never_has_a_turn(name):
    """Eve is not on the list, and nobody may name her as a block's maker."""
    lottery, state, block = get_first_turn(name, LOTTERIES[name])

    assert lottery.find_turn(state, GENESIS, "eve", 0, luck=1) is None
    assert "signer" == get_rule(lottery, state, replace(block, proposer="eve").sign())


@pytest.mark.parametrize("name", LOTTERIES)
def test_each_promise_of_a_turn_is_checked(name):
    """Place, time, weight and signature: each change of one is refused by that rule's name."""
    lottery, state, block = get_first_turn(name, LOTTERIES[name])
    changes = {
        "parent": replace(block, parent=bytes(32)),
        "height": replace(block, height=2),
        "time": replace(block, time=0),
        "weight": replace(block, weight=block.weight + 1),
        "proof": replace(block, proof=block.proof + b"!"),
    }

    assert "" == get_rule(lottery, state, block)
    assert {rule: rule for rule in changes} == {
        rule: get_rule(lottery, state, changed.sign()) for rule, changed in changes.items()
    }
    assert "signature" == get_rule(lottery, state, replace(block, signature=b""))


@pytest.mark.parametrize("name", ["stake", "peercoin", "burn"])
def test_a_second_without_a_kernel_is_nobody_s_turn(name):
    """Found one tick later, and between two ticks."""
    lottery, state, block = get_first_turn(name, LOTTERIES[name])
    tick = lottery.tick

    assert "kernel" == get_rule(lottery, state, replace(block, time=block.time + tick).sign())
    assert "time" == get_rule(lottery, state, replace(block, time=block.time + 1).sign())


def test_a_nonce_that_costs_too_little_is_no_work():
    """The wrong nonce, none at all, and a nonce for somebody else's seat."""
    lottery, state, block = get_first_turn("pow", WITH_HASHES)
    wrong = (int.from_bytes(block.proof, "little") - 1) % 2**64

    assert "" == get_rule(lottery, state, block)
    for changed in (
        replace(block, proof=wrong.to_bytes(8, "little")),
        replace(block, proof=b""),
        replace(block, time=block.time + 1),
    ):
        assert "proof" == get_rule(lottery, state, changed.sign())


def test_more_power_makes_blocks_harder_not_faster():
    """Four times as much power as the first difficulty is made for: the windows' retargets follow."""
    plain = {"powers": {"ann": 40}, "difficulty": 600, "window": 20}  # at 10 hashes a second: a minute
    _, branch, _ = play("pow", plain, 400, ["ann"])
    (early, _), (late, state) = branch[20], branch[-1]

    assert 600 == branch[0][1].hashes == early.header.weight
    assert 15 * SECOND == pytest.approx(early.header.time / 20, rel=0.7)
    assert 60 * SECOND == pytest.approx((late.header.time - branch[200][0].header.time) / 200, rel=0.25)
    assert 2_400 == pytest.approx(state.hashes, rel=0.6)


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({}, "chain.consensus.proposer.name: found None, accepted: pow, stake, peercoin, burn"),
        ({"name": "luck"}, "chain.consensus.proposer.name: found 'luck', accepted: pow"),
        ({"name": "stake", "stake": {}}, "proposer.stake: unknown key, accepted: stakes, tick, spacing"),
        ({"name": "stake"}, "proposer.stakes: found {}, accepted: names and whole units of stake"),
        ({"name": "stake", "stakes": {"ann": -1}}, "proposer.stakes: found {'ann': -1}, accepted: names"),
        ({"name": "stake", "stakes": {"ann": 0}}, "one of them above 0"),
        ({"name": "stake", "stakes": THREE, "tick": 0}, "proposer.tick: found 0, accepted: a whole number"),
        ({"name": "burn", "burnt": THREE, "modifier": "x"}, "proposer.modifier: found 'x', accepted: interv"),
        ({"name": "capacity", "plots": {"ann": 5_000}}, "plots.ann: found 5000, accepted: up to 4,096"),
        ({"name": "peercoin", "coins": THREE, "most_age": 30}, "most_age: found 30, accepted: more than the"),
        ({"name": "peercoin", "coins": {"ann": 2_000}, "output": 1}, "proposer.output: found 1, accepted: 0"),
        ({"name": "pow", "powers": THREE, "proof": "hash", "difficulty": 10**6}, "accepted: up to 4096"),
    ],
)
def test_a_scenario_is_told_which_key_is_wrong_and_what_is_right(plain, words):
    """The key's path and what is accepted."""
    with pytest.raises(ScenarioError) as caught:
        read_proposer(plain)

    assert words in str(caught.value)


def test_the_registry_knows_what_a_scenario_may_name():
    """Lotteries and schedules."""
    assert {*LOTTERIES, "authority", "clique"} == set(PROPOSERS)


def test_a_bar_is_fair_within_three_standard_errors():
    """A share of one half, 100 blocks: one standard error is 5 blocks."""
    assert Share("ann", 1, 2, 35, 100).is_fair()
    assert not Share("ann", 1, 2, 34, 100).is_fair()
    assert Share("ann", 1, 2, 65, 100).is_fair()
    assert not Share("ann", 1, 2, 66, 100).is_fair()
    assert Share("ann", 1, 2, 60, 100).is_fair(2)
    assert not Share("ann", 1, 2, 61, 100).is_fair(2)
    assert not Share("eve", 0, 2, 1, 100).is_fair(), "a block without a share is never luck"


def test_a_lottery_without_anybody_says_so():
    """Nobody who plays has a stake."""
    with pytest.raises(UsageError, match="nobody of eve has a turn"):
        run_lottery(read_proposer({"name": "stake", "stakes": THREE}), ["eve"], 1)
