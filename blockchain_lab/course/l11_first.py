"""Lesson 11, Bitcoin's own first block: the nonce that was found in January 2009, sought once more.

Its bits ask for 2**32 tries on average, some hours of this loop. Nobody has to wait for that: begin shortly
before the right nonce, or stop. Also here: the header of block 717,696, of January 2022.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.nonce_search import CHUNK, NONCES, search
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.pow import bits_to_target, is_proof_of_work_valid, work
from blockchain_lab.chain.work import TARGET_SPACING
from blockchain_lab.course.l11_chain import Tried, show_hash

MAINNET: Final = NETWORKS["mainnet"]
HEADLINE: Final = "The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
JANUARY_2022: Final = Header.decode(  # of block 717,696, 2022-01-08 07:45:37 UTC; its hash proves itself
    bytes.fromhex(
        "000040209acaa5d26d392ace656c2428c991b0a3d3d773845a13000000000000"
        "00000000aa8e225b1f3ea6c4b7afd5aa1cecf691a8beaa7fa1e579ce240e4a62"
        "b5ac8ecc2141d9618b8c0b170d5c05bb"
    )
)


class FirstBlock:
    """The header of mainnet's genesis without its nonce, and where the search for it begins."""

    title: Final = "Bitcoin's first block"
    zeros: Final = None  # the header's own bits say how hard it is
    choices: Final = ()
    is_fixed: Final = True

    def __init__(self, start: int = 0) -> None:
        """`start`: the first nonce that is tried. UsageError."""
        if not 0 <= start < NONCES:
            raise UsageError(f"start: found {start}, wanted a nonce from 0 to {NONCES - 1:,}")
        self.start = start
        self.header = replace(MAINNET.genesis.header, nonce=start)

    @property
    def is_sealed(self) -> bool:
        """Does the hash meet the bits in the header?"""
        return is_proof_of_work_valid(self.header.hash(), self.header.bits, MAINNET.proof_of_work_limit)

    def get_rows(self) -> list[dict[str, Any]]:
        """One card."""
        return [
            {
                "number": 0,
                "text": HEADLINE,
                "previous": show_hash(self.header.previous),
                "nonce": self.header.nonce,
                "hash": show_hash(self.header.hash()),
                "isSealed": self.is_sealed,
            }
        ]

    def mine(self, number: int = 0, chunk: int = CHUNK) -> Iterator[Tried]:
        """Seek the nonce, a slice at a time; who stops and asks again goes on behind the last slice."""
        expected, tried, at = work(self.header.bits), 0, self.header.nonce
        while at < NONCES:
            searched = search(self.header, at, chunk)
            at, tried = searched.next, tried + searched.tried
            self.header = searched.header or replace(self.header, nonce=at - 1)
            yield Tried(tried, expected, searched.header.nonce if searched.header else None)
            if searched.header:
                return

    def show(self) -> Any:
        """The picture, with progress and a way to stop."""
        from blockchain_lab_widgets.seals import Seals  # noqa: PLC0415  (the engine runs without Jupyter)

        return Seals(self)

    def __repr__(self) -> str:
        """A line for each part."""
        (row,) = self.get_rows()
        state = "sealed" if row["isSealed"] else "not sealed"
        return f"block 0: {row['text']}\nnonce {row['nonce']:,}, hash {row['hash']}: {state}"


def say_large(number: int) -> str:
    """Three digits and a power of ten: 1.05 x 10^23."""
    digits = len(str(number)) - 1
    return f"{number / 10**digits:.2f} x 10^{digits}"


def show_january_2022() -> str:
    """What its header says, and what follows from it."""
    header, tries = JANUARY_2022, work(JANUARY_2022.bits)
    target, easiest = bits_to_target(header.bits), bits_to_target(MAINNET.proof_of_work_limit)
    rows = (
        ("80 bytes", header.encode()[:40].hex()),
        ("", header.encode()[40:].hex()),
        ("hash", show_hash(header.hash())),
        ("target", f"{target:064x}"),
        ("nonce", f"{header.nonce:,}"),
        ("difficulty", f"{easiest / target:,.0f} (the first block: 1)"),
        ("tries on average", say_large(tries)),
        ("all miners", f"{say_large(tries // TARGET_SPACING)} tries a second, for a block in ten minutes"),
    )
    return "\n".join(f"{name:>16}  {value}" for name, value in rows)
