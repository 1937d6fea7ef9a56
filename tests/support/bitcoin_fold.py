"""What a page knows of a Bitcoin node: the sum of its notes. To be compared with the node itself."""

from dataclasses import dataclass, field
from typing import Any

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.lab import Lab


@dataclass
class Told:
    """One node's chain as its notes tell it. Hashes as people write them."""

    parents: dict[str, str] = field(default_factory=dict)  # header -> its parent
    stored: set[str] = field(default_factory=set)
    tip: str = ""
    best: str = ""

    def hear(self, topic: str, facts: dict[str, Any]) -> None:
        """Add one note."""
        if topic in ("chain loaded", "headers accepted"):
            for parent, child in zip([facts["parent"], *facts["hashes"]], facts["hashes"], strict=False):
                self.parents[child] = parent
        if topic == "chain loaded":
            self.stored.update(facts["hashes"])
            self.tip = self.best = facts["tip"]
        elif topic == "block accepted":
            assert self.parents[facts["hash"]] == facts["parent"]
            self.stored.add(facts["hash"])
        elif topic == "tip changed":
            assert self.tip in ("", facts["previous"])
            self.tip = facts["hash"]
        elif topic == "best header":
            self.best = facts["hash"]


def fold_notes(lab: Lab, name: str) -> Told:
    """All that a peer has noted up to the cursor, in its present life."""
    told, host = Told(), lab.names.index(name)
    for place in range(lab.trace.end_of(lab.cursor)):
        record = lab.trace[place]
        if record.peer == host and record.kind == Kind.START:
            told = Told()
        elif record.peer == host and record.kind == Kind.NOTE:
            told.hear(*record.detail)
    return told


def describe_chain(chain: ChainState) -> Told:
    """The same, read off the node."""
    genesis = chain.active[0].hash
    told = Told()
    for name, entry in {**chain.base.tree.entries, **chain.tree.own}.items():
        if entry.previous is not None:
            told.parents[display_hash(name)] = display_hash(entry.previous.hash)
            if chain.has_block(name):
                told.stored.add(display_hash(name))
    told.tip = display_hash(chain.tip.hash) if chain.tip.hash != genesis else ""
    told.best = display_hash(chain.best_header.hash) if chain.best_header.hash != genesis else ""
    return told
