"""Lesson 17, twelve parts of a chain's software, and the layer of each.

Asked twice: of the source, by what a part's module builds on, and by two questions about the part.

    layer 0    carries bytes to peers; needs no chain, and any chain can use it
    layer 1    all peers of a chain do it alike, or they would not agree on a state
    layer 2    a few peers do it among themselves, and a contract of layer 1 decides if they quarrel
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from blockchain_lab.course.l17_tables import Table, make_table
from blockchain_lab.course.questions import Mistake
from blockchain_lab.course.sorting import Sorting

PACKAGE: Final = "blockchain_lab"
BELOW: Final = ("consensus.errors", "consensus.keys")  # signatures and refusals: all layers use them


@dataclass(frozen=True, slots=True)
class Part:
    """One of the twelve: what it does, where to read it, and the two questions."""

    does: str
    module: str
    needs_chain: bool  # can it do nothing without accounts or blocks?
    by_all: bool  # do all peers of the chain do it, and alike?


PARTS: Final = {
    "bootstrap": Part("finds the first peers to talk to", "overlay.rendezvous", False, False),
    "nat": Part("lets a packet in from outside", "overlay.nat_box", False, False),
    "keep-alive": Part("notices that a neighbour is gone", "overlay.liveness", False, False),
    "flooding": Part("brings a message to everybody", "overlay.gossip_flood", False, False),
    "nonce": Part("decides which of a sender's transactions is next", "layers.ledger_pool", True, True),
    "gas": Part("measures what a call costs", "layers.ledger_execution", True, True),
    "exchange": Part("trades coins for tokens in a contract", "layers.ledger_exchange", True, True),
    "fork choice": Part("says which branch counts", "consensus.choices", True, True),
    "finality": Part("makes a checkpoint irreversible", "consensus.ffg_counting", True, True),
    "channel state": Part("is signed by two, and shown to nobody", "layers.channel_end", True, False),
    "batch": Part("sums up payments that ran elsewhere", "layers.rollup_replay", True, False),
    "checker": Part("runs a batch again and objects", "layers.rollup_node", True, False),
}
ITEMS: Final = tuple(PARTS)


# -- asked of the source -------------------------------------------------------------------------------------


def find_imports(module: str) -> Iterator[str]:
    """What a module of the engine imports from the engine, names without the package's."""
    spec = find_spec(f"{PACKAGE}.{module}")
    if spec is None or spec.origin is None:
        return
    for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            yield str(node.module).removeprefix(f"{PACKAGE}.")


@cache
def find_foundations(module: str) -> frozenset[str]:
    """All modules that a module builds on, itself included."""
    seen: set[str] = set()
    left = [module]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += find_imports(name)
    return frozenset(seen)


def find_layer(module: str) -> str:
    """By what a module builds on: a contract's chain below it, a chain's state or blocks, or neither."""
    built_on = [name for name in find_foundations(module) if name not in BELOW]
    if any(name.startswith("layers.bridge_") for name in built_on):
        return "2"
    return (
        "1" if any(name.startswith(("chain.", "consensus.", "layers.ledger_")) for name in built_on) else "0"
    )


def read_layers(seed: int) -> dict[str, str]:
    """Part -> layer, read from the imports."""
    return {name: find_layer(part.module) for name, part in PARTS.items()}


# -- asked of the parts --------------------------------------------------------------------------------------


def ask_parts(seed: int) -> dict[str, str]:
    """Part -> layer: no chain, 0; a chain and everybody, 1; a chain and a few, 2."""
    return {name: "0" if not p.needs_chain else "1" if p.by_all else "2" for name, p in PARTS.items()}


def show_parts() -> Table:
    """The twelve by the alphabet, so that the layers are mixed."""
    rows = [
        (name, part.does, f"{PACKAGE}/{part.module.replace('.', '/')}.py") for name, part in PARTS.items()
    ]
    return make_table("parts", ("part", "what it does", "source"), sorted(rows))


TWELVE_PARTS: Final = Sorting(
    id="L17.q14",
    title="Twelve parts on three layers",
    prompt="On which layer is each of the twelve parts: 0, 1 or 2?",
    items=ITEMS,
    groups={
        "0": "carries bytes, and needs no chain",
        "1": "all peers of the chain do it alike",
        "2": "a few do it among themselves, and the chain decides when they quarrel",
    },
    passes="each of the twelve parts is on the layer on which its source builds.",
    hints=(
        "Two questions: could it do its work without any chain? If not: do all peers of the chain do it?",
        "Four need no chain. Of the others, five are done by everybody.",
        "0: bootstrap, nat, keep-alive, flooding. 2: channel state, batch, checker. The rest is 1.",
    ),
    because="The higher the layer, the fewer do the work, and the more they lean on what is below.",
    solution="By what each builds on: {answer}.",
    answer=read_layers,
    again=ask_parts,
    mistakes=(
        Mistake(("flooding", "1"), "It brings any message to everybody and looks into none: layer 0."),
        Mistake(("keep-alive", "1"), "A line can be kept without any chain: layer 0."),
        Mistake(("bootstrap", "1"), "Before the first peer there is no chain to ask: layer 0."),
        Mistake(("nat", "1"), "A router knows packets, and no blocks: layer 0."),
        Mistake(("nonce", "0"), "To know which nonce is next takes the account's state: layer 1."),
        Mistake(("gas", "2"), "Every peer that runs a block measures it, and all alike: layer 1."),
        Mistake(("exchange", "2"), "It is built by a user, but every peer runs it in every block: layer 1."),
        Mistake(("fork choice", "0"), "It compares branches, and those are of a chain: layer 1."),
        Mistake(("finality", "2"), "All peers count the same votes: layer 1."),
        Mistake(
            ("channel state", "1"), "Two peers keep it. The chain sees it only if they quarrel: layer 2."
        ),
        Mistake(("batch", "1"), "The chain keeps it unseen: its payments ran elsewhere, on layer 2."),
        Mistake(("checker", "1"), "Who likes may check, and one is enough. Not all do: layer 2."),
    ),
)
