"""What a peer of the consensus floor has on its disk: blocks, its anchor, and how it has voted."""

from collections.abc import Mapping
from typing import Any

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.consensus import notes
from blockchain_lab.consensus.block import Block
from blockchain_lab.consensus.desk import Desk
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.receiving import take_in
from blockchain_lab.consensus.vote import SignedVote


def write_disk(desk: Desk) -> dict[str, Any]:
    """Texts only: blocks in the order learned, own votes in the order cast. O(blocks)."""
    own = desk.heard.by_validator.get(desk.name, {})
    return {
        "blocks": [entry.header.encoding.hex() for entry in desk.branches.tree.own.values()],
        "votes": [signed.encoding.hex() for signed in own.values()],
        "anchor": "" if desk.is_waiting_for_trust else desk.branches.anchor.hash.hex(),
        "secret": [block.name.hex() for block in desk.secret],
    }


def read_disk(desk: Desk, disk: Mapping[str, Any]) -> list[Effect]:
    """Put it back, and say what there is. UsageError for a disk that nobody has written. O(blocks)."""
    if not disk:
        return []
    effects: list[Effect] = []
    try:
        votes = [SignedVote.decode(bytes.fromhex(text)) for text in disk["votes"]]
        blocks = [Block.decode(bytes.fromhex(text)) for text in disk["blocks"]]
        anchor = bytes.fromhex(disk["anchor"])
        secret = [bytes.fromhex(text) for text in disk["secret"]]
    except (DecodeError, KeyError, TypeError, ValueError) as problem:
        raise UsageError(f"disk of {desk.name}: {problem}") from None
    for signed in votes:
        desk.heard.add(signed)
    for block in blocks:
        if block.parent not in desk.branches.tree:
            raise UsageError(f"disk of {desk.name}: a block comes before its parent")
        entry = desk.branches.add(block)
        if isinstance(entry, RuleBroken):
            raise UsageError(f"disk of {desk.name}: a block breaks the rule {entry.rule!r}")
        effects += take_in(desk, entry)
    desk.secret += [block for block in blocks if block.name in secret]
    if anchor and anchor not in desk.branches.tree:
        raise UsageError(f"disk of {desk.name}: its anchor is none of its blocks")
    if anchor and anchor != desk.rules.genesis.hash:
        desk.branches.anchor = desk.branches.tree[anchor]
        effects.append(notes.anchor_moved(desk.branches.anchor, desk.branches.get_anchor_epoch()))
    return effects
