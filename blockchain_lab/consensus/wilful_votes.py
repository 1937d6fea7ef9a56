"""A vote that a learner wants, whether it breaks a rule or not: any link between two of its blocks."""

from collections.abc import Iterable

from blockchain_lab.base.units import display_hash
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.branches import Branches
from blockchain_lab.consensus.vote import Vote


def find_blocks(branches: Branches, shown: str) -> list[BlockEntry]:
    """Whose hash, as people write it, starts so. O(blocks)."""
    known = [branches.rules.genesis, *branches.tree.own.values()]
    return [entry for entry in known if display_hash(entry.hash).startswith(shown.lower())]


def find_unknown(branches: Branches, shown: Iterable[str]) -> str | None:
    """What is wrong with these hashes, in words."""
    for each in shown:
        found = len(find_blocks(branches, each))
        if found != 1:
            return f"{found} of its blocks have a hash that starts with {each!r}; wanted exactly one"
    return None


def make_vote(branches: Branches, validator: str, source: str, target: str) -> Vote:
    """Their epochs are those that the blocks belong to. Both hashes name one block each."""
    ends = [find_blocks(branches, shown)[0] for shown in (source, target)]
    epochs = [get_epoch(branches, entry) for entry in ends]
    return Vote(validator, ends[0].hash, ends[1].hash, epochs[0], epochs[1])


def get_epoch(branches: Branches, entry: BlockEntry) -> int:
    """The epoch whose checkpoint a block is, or would be."""
    params = branches.rules.casper
    return 0 if params is None else (entry.height - params.checkpoint_offset) // params.epoch_length
