"""What a peer of the toy chain keeps while it is off: blocks, votes, its own payments, and what it has said.

A validator that forgets in which slot it has voted may vote there again: two thirds would mean less then.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.layers.toy_messages import Block, Payment, Vote

if TYPE_CHECKING:
    from blockchain_lab.layers.toy_node import OpenToyNode


def write_disk(node: "OpenToyNode") -> dict[str, Any]:
    """Texts and numbers only: blocks in the order learned. O(blocks and votes)."""
    branches = node.branches
    votes = [vote for name in branches.blocks for vote in branches.votes.get(name, {}).values()]
    return {
        "blocks": [block.encoding.hex() for name, block in branches.blocks.items() if branches.heights[name]],
        "votes": [vote.encoding.hex() for vote in votes],
        "mine": [payment.encoding.hex() for payment in node.mine.values()],
        "voted": node.voted,
        "proposed": node.proposed,
    }


def read_disk(node: "OpenToyNode", disk: Mapping[str, Any]) -> None:
    """Put it back. UsageError for a disk that nobody has written. O(blocks)."""
    if not disk:
        return
    branches = node.branches
    try:
        blocks = [Block.decode(bytes.fromhex(text)) for text in disk["blocks"]]
        votes = [Vote.decode(bytes.fromhex(text)) for text in disk["votes"]]
        mine = [Payment.decode(bytes.fromhex(text)) for text in disk["mine"]]
        node.voted, node.proposed = int(disk["voted"]), int(disk["proposed"])
    except (DecodeError, KeyError, TypeError, ValueError) as problem:
        raise UsageError(f"disk of {node.name}: {problem!r}") from None
    for block in blocks:
        if block.parent not in branches.blocks:
            raise UsageError(f"disk of {node.name}: a block comes before its parent")
        branches.add(block)
    for vote in votes:
        branches.keep(vote)
    for block in blocks:
        for confirmed in branches.confirm(block.name):
            branches.finalise(confirmed.name)
    node.mine = {payment.name: payment for payment in mine}
