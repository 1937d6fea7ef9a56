"""The two commandments, edge by edge, in the three wordings that sources give them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.slashing import RULE_SETS, Vote, slashable


def vote(span: str, validator: str = "ann") -> Vote:
    """`vote("2a-5b")`: from the checkpoint "a" of epoch 2 to the checkpoint "b" of epoch 5."""
    (source, target) = span.split("-")
    names = {"source": source, "target": target}  # any hashable will do for the name of a checkpoint
    return Vote(validator, **names, source_height=int(source[:-1]), target_height=int(target[:-1]))  # type: ignore[arg-type]


EDGES = [  # first, second, by the paper, by the contract, by the machine-checked models
    ("1a-3a", "1a-3b", "double", "double", "double"),  # the plain case: two branches
    ("1a-3a", "2a-3b", "double", "double", "double"),
    ("1a-3a", "2a-3a", "double", "double", None),  # one target, two sources: the models need t1 != t2
    ("1a-3a", "1b-3a", "double", "double", None),  # also when the two sources have one height
    ("1a-3a", "1a-3a", None, None, None),  # the same vote twice is one vote
    ("1a-6a", "2a-5a", "surround", "surround", "surround"),
    ("1a-6a", "2b-5b", "surround", "surround", "surround"),  # on two branches or on one
    ("0a-3a", "1a-2a", "surround", "surround", "surround"),  # the narrowest: 0 < 1 < 2 < 3
    ("1a-6a", "1a-5a", None, None, None),  # one source: not strictly inside
    ("1a-6a", "1b-5b", None, None, None),
    ("2a-6a", "1a-6b", "double", "double", "double"),  # one height of targets is the first commandment's
    ("1a-4a", "2a-5a", None, None, None),  # spans that overlap
    ("1a-3a", "3a-4a", None, None, None),  # spans that touch
    ("1a-3a", "3b-4b", None, None, None),  # also on two branches
    ("1a-2a", "4b-5b", None, None, None),  # far apart
]


@pytest.mark.parametrize(("first", "second", "paper", "contract", "models"), EDGES)
def test_edges_of_the_commandments(first, second, paper, contract, models):
    """Every edge, both ways round, by each of the three wordings."""
    one, other = vote(first), vote(second)

    for rules, expected in zip(("paper", "contract", "models"), (paper, contract, models), strict=True):
        assert (rules, expected) == (rules, slashable(one, other, rules))
        assert (rules, expected) == (rules, slashable(other, one, rules))


def test_the_paper_is_the_default():
    """One target from two sources tells the paper from the models."""
    assert "double" == slashable(vote("1a-3a"), vote("2a-3a"))


def test_two_validators_break_no_commandment_together():
    """Each may vote as it likes; EIP-1011's pseudo-code forgets to compare them."""
    for rules in RULE_SETS:
        assert slashable(vote("1a-3a", "ann"), vote("1a-3b", "bob"), rules) is None
        assert slashable(vote("1a-6a", "ann"), vote("2a-5a", "bob"), rules) is None


def test_an_inner_vote_from_a_checkpoint_to_itself_slashes_by_the_contract_alone():
    """The contract's `test_slash_no_surround` uses one; by the paper's s2 < t2 it is no vote at all."""
    outer, inner = vote("1a-6a"), vote("3a-3a")

    assert "surround" == slashable(outer, inner, "contract")
    assert "surround" == slashable(inner, outer, "contract")
    assert "double" == slashable(vote("1a-3b"), inner, "contract")
    assert slashable(vote("3a-6a"), inner, "contract") is None
    for rules in ("paper", "models"):
        with pytest.raises(RuleBroken, match="heights: ann votes from 3 to 3") as fault:
            slashable(outer, inner, rules)
        assert "heights" == fault.value.rule


@pytest.mark.parametrize("rules", RULE_SETS)
def test_a_vote_that_runs_backwards_is_refused(rules):
    """It cannot be counted, so it is no evidence either; not even beside itself."""
    backwards = vote("4a-3a")

    for pair in ((backwards, vote("1a-5a")), (vote("1a-5a"), backwards), (backwards, backwards)):
        with pytest.raises(RuleBroken, match="heights: ann votes from 4 to 3"):
            slashable(*pair, rules)
    with pytest.raises(RuleBroken, match="from -1 to 3"):
        slashable(replace(backwards, source_height=-1, target_height=3), backwards, rules)


def test_a_rule_set_that_nobody_has_written_is_refused():
    """The caller's mistake, not a validator's."""
    with pytest.raises(UsageError, match="found 'eth3', accepted: paper, contract, models"):
        slashable(vote("1a-3a"), vote("1a-3b"), "eth3")


@st.composite
def spans(draw):
    """A vote of ann's over at most nine epochs and two branches."""
    source = draw(st.integers(0, 8))
    target = draw(st.integers(source + 1, 9))
    return vote(f"{source}{draw(st.sampled_from('ab'))}-{target}{draw(st.sampled_from('ab'))}")


@given(spans(), spans())
def test_slashable_is_symmetric_and_one_of_two_reasons(one, other):
    """Independent oracle: the heights that are spanned, as sets of whole numbers."""
    reason = slashable(one, other)
    inside = [set(range(each.source_height, each.target_height + 1)) for each in (one, other)]
    ends = [{each.source_height, each.target_height} for each in (one, other)]
    is_strictly_inside = (inside[0] < inside[1] and not ends[1] & inside[0]) or (
        inside[1] < inside[0] and not ends[0] & inside[1]
    )

    assert reason == slashable(other, one)
    assert (reason == "surround") == is_strictly_inside
    assert (reason == "double") == (one.target_height == other.target_height and one != other)
