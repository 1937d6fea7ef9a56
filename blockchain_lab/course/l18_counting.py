"""Lesson 18: what each peer has heard, read off its records, and what it should have made of that.

An omniscient clerk stands beside every peer and counts for itself: which votes have really reached it, whose
signature they bear, and whether the blocks that the peer holds for confirmed are those for which it has
heard two thirds of the stake: no fewer (`forged`), and no more (`lost`). It asks no node.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import NOBODY, internal_hash
from blockchain_lab.layers.toy_messages import GENESIS, Block, Vote
from blockchain_lab.layers.toy_notes import ACCEPTED, CONFIRMED
from blockchain_lab.layers.toy_rules import Chain, is_two_thirds


@dataclass(slots=True)
class Clerk:
    """What one peer has heard. With a life go votes for blocks that it has not got; its disk has the rest."""

    voters: dict[bytes, dict[str, None]] = field(default_factory=dict)  # block -> who has voted for it
    blocks: dict[bytes, bytes] = field(default_factory=dict)  # that the peer has accepted: -> parent
    confirmed: dict[bytes, None] = field(default_factory=lambda: {GENESIS.name: None})
    changed: dict[bytes, None] = field(default_factory=dict)  # blocks to look at when the event is over


@dataclass(frozen=True, slots=True)
class Miscount:
    """A peer holds a block for confirmed without two thirds, or does not with them."""

    event: int
    peer: int
    block: bytes
    weight: int  # the stake that has really voted for it, as far as this peer could hear
    is_forged: bool  # else votes were lost


def find_miscounts(chain: Chain, records: Iterable[Record], peers: dict[int, str]) -> list[Miscount]:
    """All of them, in order. peers: host number -> name, of those who are checked. O(records)."""
    clerks = {number: Clerk() for number in peers}
    found: list[Miscount] = []
    event, peer = 0, NOBODY  # an event tells one node something: nobody else's clerk need look
    for record in records:
        if record.event != event:
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
            case Kind.SEND:
                if isinstance(record.detail, Vote) and record.detail.voter == peers[record.peer]:
                    hear(clerk, record.detail)
            case Kind.KILL:
                clerk.voters = {name: who for name, who in clerk.voters.items() if name in clerk.blocks}
            case Kind.NOTE:
                write_down(clerk, *record.detail)
    return [*found, *look(chain, clerks.get(peer), peer, event)]


def hear(clerk: Clerk, vote: Vote) -> None:
    """A real vote has come here, or goes out from here."""
    clerk.voters.setdefault(vote.block, {})[vote.voter] = None
    clerk.changed[vote.block] = None


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
