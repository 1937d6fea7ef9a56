"""Lesson 11, four sealed blocks: real ones of regtest, but for a harder seal than regtest asks for.

    block 1 <- block 2 <- block 3 <- block 4        each header holds the hash of the block before it

The text of a block stands in its coinbase, so another letter makes another Merkle root, another header,
another hash; that hash stands in the next header, and so on to the end. A block is **sealed** while its hash
begins with enough zeros, and only another nonce seals it again.

What the picture in the page asks of a chain is said in `blockchain_lab_widgets.seals`. Nothing is drawn here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.miner import get_genesis_entry, make_candidate
from blockchain_lab.bitcoin.nonce_search import CHUNK, NONCES, search
from blockchain_lab.bitcoin.params import NETWORKS, Network
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.chain.tree import Entry

REGTEST: Final = NETWORKS["regtest"]
TEXTS: Final = ("ann pays bob 5", "bob pays cat 3", "cat pays dan 2", "dan pays ann 1")
ZEROS: Final = 4  # hexadecimal, at the front of a sealed block's hash: 65,536 tries on average
FEWEST, MOST = 1, 6
CHOICES: Final = (3, 4, 5, 6)  # in the picture; six take 16.8 million tries on average
HEX_DIGITS: Final = 64  # of a hash
MOST_BYTES: Final = 75  # of a text, as UTF-8: what one push of a coinbase holds

Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """How far a search is: as often as somebody looks, and when it is over."""

    tried: int  # hashes so far
    expected: int  # hashes that it takes on average, however many were tried in vain
    nonce: int | None = None  # the one that seals the block: then it is over


def get_limit(zeros: int) -> int:
    """The highest hash, as a number, that begins with so many hexadecimal zeros."""
    return (1 << 4 * (HEX_DIGITS - zeros)) - 1


def show_hash(raw: bytes) -> str:
    """As people write it: the highest digits first."""
    return raw[::-1].hex()


def cut(text: str) -> str:
    """As much of the beginning as a coinbase has room for; a blank for nothing."""
    return text.encode()[:MOST_BYTES].decode(errors="ignore") or " "


class Chain:
    """Some blocks on the genesis of regtest, each with a text and a nonce that may be changed."""

    title: Final = "A chain of sealed blocks"
    choices: Final = CHOICES
    is_fixed: Final = False  # texts may be changed

    def __init__(self, texts: Sequence[str], nonces: Sequence[int], zeros: int = ZEROS) -> None:
        """`nonces`: one for each text. UsageError."""
        if len(texts) != len(nonces):
            raise UsageError(f"found {len(texts)} texts and {len(nonces)} nonces, wanted as many of each")
        self.texts, self.nonces = [cut(text) for text in texts], list(nonces)
        self.set_zeros(zeros)

    def set_zeros(self, zeros: int) -> None:
        """Ask for another seal: what was good enough may not be so any more. UsageError."""
        if not FEWEST <= zeros <= MOST:
            raise UsageError(f"zeros: found {zeros}, wanted {FEWEST} to {MOST}")
        self.zeros = zeros

    @property
    def blocks(self) -> Blocks:
        """Complete blocks, as they would be sent: made anew from the texts and the nonces."""
        return make_blocks(tuple(self.texts), tuple(self.nonces))

    def is_sealed(self, number: int) -> bool:
        """Does the hash of this block (1, 2, ...) begin with enough zeros?"""
        return self.get_hash(number) <= get_limit(self.zeros)

    def get_hash(self, number: int) -> int:
        """The hash of a block as a number."""
        return int.from_bytes(self.blocks[self._find(number)].header.hash(), "little")

    def write(self, number: int, text: str) -> None:
        """Write another text into a block. Its nonce stays, and so seldom fits. UsageError."""
        self.texts[self._find(number)] = cut(text)

    def mine(self, number: int, chunk: int = CHUNK) -> Iterator[Tried]:
        """Seek a nonce that seals a block as it stands now, a slice at a time; set it when it is found.

        The caller does something else in between, and may stop asking: then all is as it was.
        """
        place, tried = self._find(number), 0
        header, limit = self.blocks[place].header, get_limit(self.zeros)
        expected = (1 << 4 * HEX_DIGITS) // (limit + 1)
        for start in range(0, NONCES, chunk):
            searched = search(header, start, chunk, target=limit)
            tried += searched.tried
            if searched.header is not None:
                self.nonces[place] = searched.header.nonce
                yield Tried(tried, expected, searched.header.nonce)
                return
            yield Tried(tried, expected)

    def mine_from(self, number: int) -> int:
        """Seal this block and all behind it, one after another. How many hashes were tried."""
        tried = 0
        for later in range(number, len(self.texts) + 1):
            for step in self.mine(later):
                last = step
            tried += last.tried
        return tried

    def get_rows(self) -> list[dict[str, Any]]:
        """What a picture shows of each block."""
        return [
            {
                "number": number,
                "text": text,
                "previous": show_hash(block.header.previous),
                "nonce": block.header.nonce,
                "hash": show_hash(block.header.hash()),
                "isSealed": self.is_sealed(number),
            }
            for number, (text, block) in enumerate(zip(self.texts, self.blocks, strict=True), 1)
        ]

    def to_plain(self) -> list[list[Any]]:
        """[text, nonce] of each block: all that it is made of."""
        return [[text, nonce] for text, nonce in zip(self.texts, self.nonces, strict=True)]

    def show(self) -> Any:
        """The picture in which all of this is done by hand, for the end of a cell."""
        from blockchain_lab_widgets.seals import Seals  # noqa: PLC0415  (the engine runs without Jupyter)

        return Seals(self)

    def __repr__(self) -> str:
        """A table."""
        rows = [f"{'block':5}  {'text':24}  {'nonce':>10}  hash"]
        for row in self.get_rows():
            seal = "sealed" if row["isSealed"] else "BROKEN"
            rows.append(
                f"{row['number']:5}  {row['text']:24.24}  {row['nonce']:10}  {row['hash'][:16]}...  {seal}"
            )
        return "\n".join(rows)

    def _find(self, number: int) -> int:
        if not 1 <= number <= len(self.texts):
            raise UsageError(f"block: found {number}, wanted 1 to {len(self.texts)}")
        return number - 1


@lru_cache(maxsize=64)
def make_blocks(texts: tuple[str, ...], nonces: tuple[int, ...], network: Network = REGTEST) -> Blocks:
    """A block for each text, one on the other, the first on the genesis; ten minutes apart."""
    parent, blocks = get_genesis_entry(network), list[Block]()
    for text, nonce in zip(texts, nonces, strict=True):
        time = parent.header.time + network.spacing
        candidate = make_candidate(parent, time, text.encode(), network)
        header: Header = replace(candidate.header, nonce=nonce)
        blocks.append(replace(candidate, header=header))
        parent = Entry(header.hash(), header, work(header.bits), parent)
    return tuple(blocks)


@lru_cache(maxsize=1)
def find_nonces() -> tuple[int, ...]:
    """Those that seal the four texts: 262,144 hashes on average, once."""
    chain = Chain(TEXTS, [0] * len(TEXTS))
    chain.mine_from(1)
    return tuple(chain.nonces)


def make_chain(zeros: int = ZEROS) -> Chain:
    """The four blocks of the lesson, sealed."""
    return Chain(TEXTS, find_nonces(), zeros)
