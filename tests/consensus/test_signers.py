"""Clique's signers: the 23 cases of EIP-225, and what they leave out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.authority import clique_signers
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.signers import Ballot, apply_block, get_limit, start

# A block in words: its signer; with "+" or "-" and a name its ballot; with "=" the list of a checkpoint.
# Source: EIP-225, "Test Cases", in its order; the last three are refused.
CASES = [
    ("one signer, no votes", "A", "A", "A"),
    ("one adds two others, the second needs two votes", "A", "A+B B A+C", "AB"),
    ("two add three others, the third needs three votes", "AB", "A+C B+C A+D B+D C A+E B+E", "ABCD"),
    ("one drops itself", "A", "A-A", ""),
    ("two must agree to drop one of them: one does not", "AB", "A-B", "AB"),
    ("two must agree to drop one of them: both do", "AB", "A-B B-B", "A"),
    ("two of three drop the third", "ABC", "A-C B-C", "AB"),
    ("two of four drop nobody", "ABCD", "A-C B-C", "ABCD"),
    ("three of four drop one", "ABCD", "A-D B-D C-D", "ABC"),
    ("to add: counted once per signer and name", "AB", "A+C B A+C B A+C", "AB"),
    ("several may be added at the same time", "AB", "A+C B A+D B A B+D A B+C", "ABCD"),
    ("to drop: counted once per signer and name", "AB", "A-B B A-B B A-B", "AB"),
    ("several may be dropped at the same time", "ABCD", "A-C B C A-D B C A B-D C-D A B-C", "AB"),
    ("who is dropped takes ballots to drop along", "ABC", "C-B A-C B-C A-B", "AB"),
    ("who is dropped takes ballots to add along", "ABC", "C+D A-C B-C A+D", "AB"),
    ("nothing cascades", "ABCD", "A-C B C A-D B-C C A B-D C-D", "ABC"),
    ("what waits is decided when touched", "ABCD", "A-C B C A-D B-C C A B-D C-D A C+C", "AB"),
    ("what waits may be taken back when touched", "ABCD", "A-C B C A-D B-C C A B-D C-D A B+C", "ABC"),
    (
        "pending ballots do not outlive a decision",
        "ABCDE",
        "A+F B+F C+F D-F E-F B-F C-F D+F E+F B-A C-A D-A B+F",
        "BCDEF",
    ),
    ("a checkpoint voids all ballots", "AB", "A+C B A=AB B+C", "AB"),
    ("only a signer signs", "A", "B", "unauthorized signer"),
    ("nobody signs again so soon", "AB", "A A", "recently signed"),
    ("a checkpoint does not forget who has signed", "ABC", "A B A=ABC A", "recently signed"),
]
EPOCH_OF_CASES = 3  # where a case has a checkpoint, it is block 3


def read_block(words: str) -> dict[str, Any]:
    """A block of a case."""
    signer, rest = words[0], words[1:]
    if not rest:
        return {"signer": signer}
    if rest[0] == "=":
        return {"signer": signer, "checkpoint": list(rest[1:])}
    return {"signer": signer, "vote": rest[1:], "auth": rest[0] == "+"}


def run(signers: str, words: str) -> list[str]:
    """The signers after a case's blocks."""
    epoch = EPOCH_OF_CASES if "=" in words else 30_000
    return clique_signers(list(signers), [read_block(block) for block in words.split()], epoch=epoch)


def test_all_cases_of_the_eip_are_here():
    """It has 23."""
    assert 23 == len(CASES)


@pytest.mark.parametrize(("story", "signers", "blocks", "expected"), CASES, ids=[case[0] for case in CASES])
def test_eip_225(story, signers, blocks, expected):
    """The list of signers after the last block, or the rule that a block breaks."""
    if " " in expected:
        with pytest.raises(RuleBroken) as caught:
            run(signers, blocks)
        assert expected == caught.value.rule
    else:
        assert list(expected) == run(signers, blocks)


@pytest.mark.parametrize(
    ("blocks", "rule"),
    [
        ("A B A", "mismatching checkpoint signers"),
        ("A B A=A", "mismatching checkpoint signers"),
        ("A B A=BA", "mismatching checkpoint signers"),
        ("A B=AB", "extra signer list"),
    ],
)
def test_a_checkpoint_carries_the_list_and_nothing_else_does(blocks, rule):
    """Sorted, complete, at every third block and nowhere else."""
    with pytest.raises(RuleBroken) as caught:
        clique_signers(["A", "B"], [read_block(block) for block in blocks.split()], epoch=3)

    assert rule == caught.value.rule


def test_a_checkpoint_carries_no_ballot():
    """Else a client that starts there would not know of what came before."""
    voting = {"signer": "A", "vote": "C", "auth": True, "checkpoint": ["A", "B"]}

    with pytest.raises(RuleBroken) as caught:
        clique_signers(["A", "B"], [{"signer": "A"}, {"signer": "B"}, voting], epoch=3)

    assert "vote in checkpoint" == caught.value.rule


def test_what_is_no_block_is_the_caller_s_mistake():
    """A word that nobody reads would be forgotten in silence."""
    for block in ({"signer": "A", "voted": "B"}, {"vote": "B"}):
        with pytest.raises(UsageError, match="accepted: signer, vote, auth, checkpoint"):
            clique_signers(["A"], [block])
    with pytest.raises(UsageError, match="epoch"):
        clique_signers(["A"], [], epoch=0)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("ABCDEFG"), st.booleans()), max_size=60)
)
def test_nobody_signs_twice_within_a_majority_of_blocks(tries):
    """Whatever is voted: each block's signer is missing from as many blocks before it as bar it there."""
    state, signed = start("ABCD"), []
    for signer, target, is_adding in tries:
        try:
            after = apply_block(state, signer, Ballot(target, is_adding))
        except RuleBroken:
            continue
        barred = signed[len(signed) - (get_limit(len(state.names)) - 1) :]

        assert signer not in barred
        assert abs(len(after.names) - len(state.names)) <= 1, "only the touched name changes"
        assert all(voter in after.names for voter, _ in after.ballots)
        state = after
        signed.append(signer)
