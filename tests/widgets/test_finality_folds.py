"""What pages show of checkpoints, validators, votes and shares is what each node holds on its own branch."""

import random
from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets.facts import get_message_facts
from support.page_folds import fold_at
from support.revived_validator import play_revived_validator

from blockchain_lab.base.units import display_hash
from blockchain_lab.chain.tree import is_ancestor
from blockchain_lab.consensus.block import Block, make_genesis
from blockchain_lab.consensus.consensus_node import ConsensusNode
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.consensus.shares import count_blocks
from blockchain_lab.consensus.sync_messages import Branch, Head, WantBranch
from blockchain_lab.consensus.vote import SignedVote, Vote
from blockchain_lab.lab import Lab

STATES = Path(__file__).with_name("finality_states.mjs")
FINAL = ("happy_finality", "third_offline", "join_and_leave", "surround_vote", "twin_validator")
CONFLICTS = ("leak_both_halves",)
LOTTERIES = ("equal_stakes", "burnt_coins", "clique_drop", "work_shares")


def ask_node(node: ConsensusNode) -> dict[str, Any]:
    """The same of a node."""
    branches = node.branches
    state = branches.get_state(node.head)
    shares = branches.rules.proposer.get_shares(state.lottery)
    return {
        "tip": display_hash(node.head.hash),
        "anchor": display_hash(branches.anchor.hash),
        "blocks": count_blocks(branches.rules.genesis, node.head),
        "shares": dict(shares),
        "marks": None if state.finality is None else ask_marks(node),
        "finality": None if state.finality is None else ask_finality(node, state.finality),
    }


def ask_finality(node: ConsensusNode, state: FinalityState) -> dict[str, Any]:
    """Behind its head: epoch, sets, deposits, votes; and which votes it has heard."""
    epoch, validators, tally = state.epoch, state.validators, state.get_tally()
    heard = [vote for name in validators for vote in node.desk.heard.get_own(name)]
    recent = [vote for vote in heard if vote.target_height >= epoch.number - 1]
    checkpoints = {"justified": state.last_justified, "finalised": state.last_finalised}
    return {
        "epoch": epoch.number,
        "dynasty": state.dynasty,
        "forward": sorted(epoch.forward.weights),
        "rear": sorted(epoch.rear.weights),
        **{key: {"block": display_hash(at.block), "epoch": at.epoch} for key, at in checkpoints.items()},
        "source": epoch.source.epoch,
        "deposits": dict(state.deposits),
        "ends": {name: each.end for name, each in validators.items() if each.end is not None},
        "slashed": sorted(name for name, each in validators.items() if each.is_slashed),
        "votes": dict(state.votes),
        "tallies": [[tally.forward, epoch.forward.total], [tally.rear, epoch.rear.total]]
        if epoch.number
        else [],
        "heard": sorted(
            [
                vote.validator,
                display_hash(vote.source),
                display_hash(vote.target),
                vote.source_height,
                vote.target_height,
            ]
            for vote in recent
        ),
        "offenders": sorted(node.desk.heard.proven),
    }


def ask_marks(node: ConsensusNode) -> dict[str, list[str]]:
    """Checkpoints that some block of its tree calls justified, or final; and those that exclude others."""
    tree = node.branches.tree
    states = [node.branches.get_state(entry).finality for entry in tree.own.values()]
    genesis = node.branches.rules.genesis.hash
    known = [state for state in states if state is not None]
    justified = {genesis, *(state.last_justified.block for state in known)}
    final = {genesis, *(state.last_finalised.block for state in known)}
    conflicting = {
        one
        for one in final
        for other in final
        if not is_ancestor(tree[one], tree[other]) and not is_ancestor(tree[other], tree[one])
    }
    sets = {"justified": justified | final, "finalised": final, "conflicting": conflicting}
    return {key: sorted(map(display_hash, names)) for key, names in sets.items()}


def check_folds(lab: Lab, count: int, folder: Path) -> list[dict[str, Any]]:
    """Folds and nodes agree at `count` random events, at the first and at the last; what the nodes held."""
    seen = []
    events = [0, lab.head, *random.Random(3).choices(range(1, lab.head), k=count)]
    for event, shown in zip(events, fold_at(lab, events, folder, program=STATES), strict=True):
        lab.goto(event=event)
        for name, page in zip(lab.names, shown, strict=True):
            node = lab.peer(name)
            assert (node is None) is (page is None), f"{name} at event {event}"
            if node is None or page is None:
                continue
            held = ask_node(node)
            for key, value in held.items():
                assert value == page[key], f"{key} of {name} at event {event}"
            seen.append(held)
    return seen


@pytest.mark.parametrize("scenario", FINAL)
def test_folds_equal_the_nodes_finality(scenario: str, tmp_path: Path) -> None:
    """Epochs, dynasties, both sets, deposits, votes in blocks and heard, at random events of a story."""
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)

    seen = check_folds(lab, 12, tmp_path)

    assert max(held["finality"]["finalised"]["epoch"] for held in seen) >= 1


@pytest.mark.parametrize("scenario", CONFLICTS)
def test_folds_follow_two_branches_that_are_both_final(scenario: str, tmp_path: Path) -> None:
    """Each peer's own branch; who knows of both sees that they conflict."""
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)

    seen = check_folds(lab, 10, tmp_path)

    assert any(held["marks"]["conflicting"] for held in seen)


@pytest.mark.parametrize("scenario", LOTTERIES)
def test_folds_equal_the_nodes_lotteries(scenario: str, tmp_path: Path) -> None:
    """Who has which share, and who made how many blocks of the branch."""
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)

    seen = check_folds(lab, 12, tmp_path)

    assert max(len(held["blocks"]) for held in seen) > 1


def test_folds_follow_a_validator_that_reads_its_disk_again(tmp_path: Path) -> None:
    """A second life notes its blocks again: nothing counts twice, and what it only heard is forgotten."""
    check_folds(play_revived_validator(), 25, tmp_path)


def test_messages_tell_which_blocks_they_are_about() -> None:
    """A proposal its own, a vote its target, a branch those that it brings; of many only how many."""
    root = make_genesis()
    chain = [Block(root.hash, 1, at, "ann", 1) for at in range(4)]
    vote = SignedVote.by(Vote("ann", root.hash, chain[0].name, 0, 1))
    told = {
        chain[0]: ("proposal", [chain[0].name]),
        vote: ("vote of ann", [chain[0].name]),
        Head(chain[1].name, 1, root.hash): ("head", [chain[1].name]),
        WantBranch(chain[2].name, (root.hash,)): ("want-branch", [chain[2].name]),
        Branch(chain[1].name, False, tuple(chain[:2])): ("branch 2", [block.name for block in chain[:2]]),
        Branch(chain[3].name, True, tuple(chain)): ("branch 4", None),
    }

    for message, (label, names) in told.items():
        facts = get_message_facts(message, 0)
        assert label == facts["label"]
        assert (None if names is None else list(map(display_hash, names))) == facts.get("blocks")
