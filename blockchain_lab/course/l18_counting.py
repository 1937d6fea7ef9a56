"""Lesson 18: what each peer has heard, read off its records, and what it should have made of that.

An omniscient clerk stands beside every peer and counts for itself: which votes have really reached it, whose
signature they bear, and whether the blocks that the peer holds for confirmed are those for which it has
heard two thirds of the stake: no fewer (`forged`), and no more (`lost`). And it looks whether a block that
was here before its parent is there when that has come. It asks no node.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import NOBODY, internal_hash
from blockchain_lab.layers.toy_messages import GENESIS, Block, Vote
from blockchain_lab.layers.toy_notes import ACCEPTED, CONFIRMED
from blockchain_lab.layers.toy_rules import Chain, draw_leader, is_two_thirds


@dataclass(slots=True)
class Clerk:
    """What one peer has heard. With a life go votes for blocks that it has not got; its disk has the rest."""

    voters: dict[bytes, dict[str, None]] = field(default_factory=dict)  # block -> who has voted for it
    blocks: dict[bytes, bytes] = field(default_factory=dict)  # that the peer has accepted: -> parent
    confirmed: dict[bytes, None] = field(default_factory=lambda: {GENESIS.name: None})
    changed: dict[bytes, None] = field(default_factory=dict)  # blocks to look at when the event is over
    early: dict[bytes, Block] = field(default_factory=dict)  # real ones that came before their parent


@dataclass(frozen=True, slots=True)
class Miscount:
    """A peer holds a block for confirmed without two thirds, or does not with them."""

    event: int
    peer: int
    block: bytes
    weight: int  # the stake that has really voted for it, as far as this peer could hear
    is_forged: bool  # else votes were lost


@dataclass(frozen=True, slots=True)
class Dropped:
    """A block was here, its parent has come, and the block is not there."""

    event: int
    peer: int
    block: bytes


def find_miscounts(
    chain: Chain, records: Iterable[Record], peers: dict[int, str]
) -> tuple[list[Miscount], list[Dropped]]:
    """All of them, in order. peers: host number -> name, of those who are checked. O(records).

    Only blocks of theirs need wait for a parent: whoever lies may be left alone.
    """
    clerks = {number: Clerk() for number in peers}
    found: list[Miscount] = []
    dropped: list[Dropped] = []
    event, peer = 0, NOBODY  # an event tells one node something: nobody else's clerk need look
    for record in records:
        if record.event != event:
            dropped += look_for_early(clerks.get(peer), peer, event)
            found += look(chain, clerks.get(peer), peer, event)
            event, peer = record.event, record.peer
        clerk = clerks.get(record.peer)
        if clerk is None:
            continue
        peer = record.peer
        match record.kind:
            case Kind.DATAGRAM:
                _, message = record.detail
                if isinstance(message, Vote) and message.has_own_signature:
                    hear(clerk, message)
                if isinstance(message, Block) and message.author in peers.values():
                    hear_block(chain, clerk, message)
            case Kind.SEND:
                if isinstance(record.detail, Vote) and record.detail.voter == peers[record.peer]:
                    hear(clerk, record.detail)
            case Kind.KILL:
                clerk.voters = {name: who for name, who in clerk.voters.items() if name in clerk.blocks}
                clerk.early = {}
            case Kind.NOTE:
                write_down(clerk, *record.detail)
    dropped += look_for_early(clerks.get(peer), peer, event)
    return [*found, *look(chain, clerks.get(peer), peer, event)], dropped


def hear(clerk: Clerk, vote: Vote) -> None:
    """A real vote has come here, or goes out from here."""
    clerk.voters.setdefault(vote.block, {})[vote.voter] = None
    clerk.changed[vote.block] = None


def hear_block(chain: Chain, clerk: Clerk, block: Block) -> None:
    """A block has come here. If it is its leader's, and its parent is not here, it should wait."""
    is_known = block.parent in clerk.blocks or block.parent == GENESIS.name
    leader = draw_leader(chain.stakes, chain.seed, block.slot)
    if not is_known and block.author == leader and block.has_own_signature:
        clerk.early[block.name] = block


def look_for_early(clerk: Clerk | None, peer: int, event: int) -> list[Dropped]:
    """An event is over: are the blocks there whose parents have come in it?"""
    if clerk is None or not clerk.changed:
        return []
    ready = [name for name, block in clerk.early.items() if block.parent in clerk.blocks]
    for name in ready:
        del clerk.early[name]
    return [Dropped(event, peer, name) for name in ready if name not in clerk.blocks]


def write_down(clerk: Clerk, topic: str, facts: dict[str, str]) -> None:
    """The peer says that it has accepted a block, or holds it for confirmed."""
    if topic not in (ACCEPTED, CONFIRMED):
        return
    name = internal_hash(facts["hash"])
    clerk.changed[name] = None
    if topic == CONFIRMED:
        clerk.confirmed[name] = None
        clerk.changed |= {child: None for child, parent in clerk.blocks.items() if parent == name}
    else:
        clerk.blocks[name] = internal_hash(facts["parent"])


def look(chain: Chain, clerk: Clerk | None, peer: int, event: int) -> list[Miscount]:
    """An event is over: does what a peer holds for confirmed agree with what it has heard?"""
    if clerk is None or not clerk.changed:
        return []
    found = []
    for name in clerk.changed:
        weight = sum(chain.stakes.get(voter, 0) for voter in clerk.voters.get(name, ()))
        is_enough = is_two_thirds(weight, chain.total)
        if name in clerk.confirmed and not is_enough and name != GENESIS.name:
            found.append(Miscount(event, peer, name, weight, True))
        if is_enough and name not in clerk.confirmed and clerk.blocks.get(name) in clerk.confirmed:
            found.append(Miscount(event, peer, name, weight, False))
    clerk.changed = {}
    return found


def get_blocks(records: Iterable[Record]) -> dict[bytes, Block]:
    """Every block that anybody has ever sent, by name."""
    blocks = {GENESIS.name: GENESIS}
    for record in records:
        if record.kind == Kind.SEND and isinstance(record.detail, Block):
            blocks.setdefault(record.detail.name, record.detail)
    return blocks
