"""A file in pieces: which we have, whether one is genuine, and which to ask for next. It sends nothing."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from hashlib import sha1

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.overlay.evolution_torrent_messages import Torrent


@dataclass(slots=True)
class Pieces:
    """What one peer has of one file."""

    torrent: Torrent
    have: dict[int, bytes] = field(default_factory=dict)  # piece -> content

    @property
    def count(self) -> int:
        """Pieces of the whole file."""
        return len(self.torrent.hashes)

    @property
    def is_whole(self) -> bool:
        """Are all here?"""
        return len(self.have) == self.count

    def get_bits(self) -> int:
        """Which are here; the first is the lowest bit."""
        return sum(1 << piece for piece in self.have)

    def add(self, piece: int, content: bytes) -> bool:
        """Keep a piece if it is what the torrent says. Whoever sent another one is wrong or lies."""
        if sha1(content, usedforsecurity=False).digest() != self.torrent.hashes[piece]:
            return False
        self.have[piece] = content
        return True

    def get_content(self) -> bytes:
        """The whole file; all pieces must be here."""
        return b"".join(self.have[piece] for piece in range(self.count))


def cut(file: str, content: bytes, piece_size: int) -> Pieces:
    """A whole file, as who publishes it has it."""
    parts = [content[at : at + piece_size] for at in range(0, len(content), piece_size)]
    hashes = tuple(sha1(part, usedforsecurity=False).digest() for part in parts)
    return Pieces(Torrent(file, len(content), piece_size, hashes), dict(enumerate(parts)))


def choose_piece(wanted: Sequence[int], others: Sequence[int], is_first: bool, random: CounterRandom) -> int:
    """The rarest of the wanted pieces; of equally rare ones, any. IndexError when none is wanted.

    others: the bits of each neighbour in the swarm. The very first piece is any: a rare one would come from
    one peer only, and who has nothing to give gets little. Cohen, "Incentives Build Robustness in
    BitTorrent" (2003), §2.4.
    """
    if is_first:
        return random.choice(wanted)
    counts = {piece: sum(bits >> piece & 1 for bits in others) for piece in wanted}
    rarest = min(counts.values(), default=0)
    return random.choice([piece for piece in wanted if counts[piece] == rarest])


def choose_pieces(
    pieces: Pieces, bits: int, most: int, asked: Container[int], others: Sequence[int], random: CounterRandom
) -> list[int]:
    """What to ask of a neighbour with these bits: at most so many, and nothing that is asked for already."""
    wanted = [
        piece
        for piece in range(pieces.count)
        if bits >> piece & 1 and piece not in pieces.have and piece not in asked
    ]
    chosen: list[int] = []
    while wanted and len(chosen) < most:
        chosen.append(choose_piece(wanted, others, not pieces.have, random))
        wanted.remove(chosen[-1])
    return chosen
