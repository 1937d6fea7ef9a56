"""What the page says of popular sentences is what Python's nodes and `ffg_misreadings` say, at any moment."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.page_folds import fold_at

from blockchain_lab.base.units import display_hash
from blockchain_lab.chain.tree import get_ancestor
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.consensus_node import ConsensusNode
from blockchain_lab.consensus.ffg_misreadings import (
    draw_committee,
    get_growing_borders,
    get_growing_epoch,
    get_hasty_height,
    get_hasty_withdrawal,
    get_vague_checkpoints,
)
from blockchain_lab.consensus.ffg_orders import get_end_epoch
from blockchain_lab.consensus.ffg_params import Params
from blockchain_lab.consensus.finality_state import Draft, FinalityState
from blockchain_lab.consensus.orders import Exit
from blockchain_lab.consensus.penalties import get_withdrawal_epoch
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.library import load

STATES = Path(__file__).with_name("readings_states.mjs")


def get_state(node: ConsensusNode, entry: BlockEntry) -> FinalityState:
    """What Casper says behind a block."""
    state = node.branches.get_state(entry).finality
    assert state is not None
    return state


def get_branch(node: ConsensusNode) -> Iterator[BlockEntry]:
    """From the head to the genesis."""
    for height in range(node.head.height, -1, -1):
        yield get_ancestor(node.head, height)


def ask_node(node: ConsensusNode, params: Params) -> dict[str, Any]:
    """The same of a node: the rule from its state, the popular text from the functions of the picture."""
    head, state, length = node.head, get_state(node, node.head), params.epoch_length
    tree = node.branches.tree
    final, justified = (tree[at.block].height for at in (state.last_finalised, state.last_justified))
    vague = get_vague_checkpoints(final, head.height)
    number = get_growing_epoch(head.height, length)
    return {
        "epoch": {
            "number": params.get_epoch(head.height),
            "misread": {"number": number, "begins": get_growing_borders(number, length)[-1]},
        },
        "checkpoint": {
            "hash": display_hash(state.epoch.target.block),
            "misread": {"from": vague.start, "to": vague.stop - 1},
        },
        "dynasty": {"dynasty": state.dynasty, "misread": state.finalised_count},
        "finality": {
            "final": final,
            "justified": justified,
            "misread": get_hasty_height(state.last_justified.epoch, length, head.height),
        },
        "withdrawal": ask_withdrawal(node, state, params),
        "deposit": {"minimum": params.minimum_deposit},
        "who votes": ask_voters(node),
        "consensus": {"next": head.height + 1},
    }


def ask_withdrawal(node: ConsensusNode, state: FinalityState, params: Params) -> dict[str, Any] | None:
    """Of the last one who asked to leave."""
    for entry in get_branch(node):
        exits = [each for each in (entry.header.operations if entry.height else ()) if isinstance(each, Exit)]
        if not exits:
            continue
        name = exits[-1].name
        begins = get_end_epoch(Draft(state, state.height), state.validators[name], params)
        delay = params.withdrawal_delay
        return {
            "validator": name,
            "ends": state.validators[name].end,
            "begins": begins,
            "allowed": None if begins is None else get_withdrawal_epoch(begins, delay),
            "misread": get_hasty_withdrawal(params.get_epoch(entry.height), delay),
        }
    return None


def ask_voters(node: ConsensusNode) -> dict[str, Any] | None:
    """Of the last epoch of which a block carries votes."""
    for entry in get_branch(node):
        state = get_state(node, entry)
        if state.votes:
            members = {**state.epoch.forward.weights, **state.epoch.rear.weights}
            number = state.epoch.number
            return {
                "epoch": number,
                "members": sorted(members),
                "voted": sorted(state.votes),
                "drawn": draw_committee(members, number),
            }
    return None


@pytest.mark.parametrize("scenario", ["join_and_leave", "twin_validator", "third_offline", "contract"])
def test_both_answers_equal_those_of_the_nodes(scenario: str, tmp_path: Path) -> None:
    """At the start, at the end and at random events, on each peer's own branch; with other offsets too."""
    story = load("happy_finality" if scenario == "contract" else scenario)
    if (
        scenario == "contract"
    ):  # the checkpoint is the block before the epoch, and a dynasty waits for an epoch
        story.chain["consensus"]["casper"] |= {
            "checkpoint_offset": -1,
            "dynasty_begins": "epoch",
            "withdrawal_after": 1,
        }
    lab = Lab(story)
    lab.run(until=lab.scenario.until)
    params = lab.peer(lab.names[0]).branches.rules.casper
    events = [1, lab.head, *random.Random(5).choices(range(1, lab.head), k=10)]

    parted = set()
    for event, shown in zip(events, fold_at(lab, events, tmp_path, program=STATES), strict=True):
        lab.goto(event=event)
        for name, page in zip(lab.names, shown, strict=True):
            node = lab.peer(name)
            assert (node is None) is (page is None), f"{name} at event {event}"
            if node is None:
                continue
            for about, wanted in ask_node(node, params).items():
                told = page[about]
                if told is not None and about == "who votes":
                    told = {**told, "members": sorted(told["members"]), "voted": sorted(told["voted"])}
                found = told if wanted is None or told is None else {key: told[key] for key in wanted}
                assert wanted == found, f"{about} of {name} at event {event}"
                if told is not None and told["parts"]:
                    parted.add(about)
            dynasties = [get_state(node, entry).dynasty for entry in get_branch(node)]
            assert dynasties == page["dynasties"][::-1]

    assert {"epoch", "checkpoint", "dynasty", "finality", "who votes"} <= parted
    assert ("withdrawal" in parted) is (scenario == "join_and_leave")
