"""Messages of light clients with Bloom filters (BIP 37): history. Core serves them no more unless told to.

    phone -> filterload      a filter that lets my transactions pass, and some others to hide them
             merkleblock, tx, tx, ...     <- node, for each block asked for as MSG_FILTERED_BLOCK

The filter hid little, and each request cost the node the reading of a whole block: off by default since
Core 0.19 (2019). Here the messages are read, written and shown; no filter is applied.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_32, Reader
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.codec import read_bytes, unsigned, variable_bytes
from blockchain_lab.bitcoin.message_base import BitcoinMessage, EmptyMessage, LectureClass, Versions
from blockchain_lab.bitcoin.partial_merkle import PartialTree, Proven, prove

MAX_FILTER_SIZE: Final = 36_000  # bytes: Core common/bloom.h MAX_BLOOM_FILTER_SIZE
MAX_HASH_FUNCTIONS: Final = 50  # Core common/bloom.h MAX_HASH_FUNCS
MAX_FILTER_ELEMENT: Final = 520  # bytes: Core script/script.h MAX_SCRIPT_ELEMENT_SIZE


@dataclass(frozen=True)
class FilterLoad(BitcoinMessage):
    """From now on show me only what passes this filter."""

    command: ClassVar[str] = "filterload"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.8", protocol=70001)
    source: ClassVar[str] = "BIP 37; only to who offers NODE_BLOOM: BIP 111"

    data: bytes  # CompactSize and at most 36,000 bytes: the filter's bits
    function_count: int  # 4 bytes: hash functions, at most 50
    tweak: int  # 4 bytes: makes everybody's hash functions different
    flags: int  # 1 byte: which outputs the node adds to the filter: 0 none, 1 all, 2 those to public keys

    def encode(self) -> bytes:
        """The fields in order."""
        return b"".join(
            [
                variable_bytes(self.data),
                unsigned(self.function_count, UNSIGNED_32),
                unsigned(self.tweak, UNSIGNED_32),
                unsigned(self.flags, UNSIGNED_8),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        data = read_bytes(reader, "data", limit=MAX_FILTER_SIZE)
        function_count = reader.unsigned("function_count", UNSIGNED_32)
        if function_count > MAX_HASH_FUNCTIONS:
            raise DecodeError(f"function_count: {function_count} is over the limit of {MAX_HASH_FUNCTIONS}")
        return cls(
            data, function_count, reader.unsigned("tweak", UNSIGNED_32), reader.unsigned("flags", UNSIGNED_8)
        )


@dataclass(frozen=True)
class FilterAdd(BitcoinMessage):
    """Let this pass my filter too."""

    command: ClassVar[str] = "filteradd"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.8", protocol=70001)
    source: ClassVar[str] = "BIP 37"

    element: bytes  # CompactSize and at most 520 bytes: a txid, a public key, a hash of one, an out point

    def encode(self) -> bytes:
        """The element behind its length."""
        return variable_bytes(self.element)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The element behind its length."""
        return cls(element=read_bytes(reader, "element", limit=MAX_FILTER_ELEMENT))


@dataclass(frozen=True)
class FilterClear(EmptyMessage):
    """Forget my filter: show me everything again."""

    command: ClassVar[str] = "filterclear"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.8", protocol=70001)
    source: ClassVar[str] = "BIP 37"


@dataclass(frozen=True)
class MerkleBlock(BitcoinMessage):
    """A header, and the proof that the transactions which passed your filter are in its block."""

    command: ClassVar[str] = "merkleblock"
    lecture_class: ClassVar[LectureClass] = "data"
    versions: ClassVar[Versions] = Versions("0.8", protocol=70001)
    source: ClassVar[str] = "BIP 37"

    header: Header  # 80 bytes
    tree: PartialTree  # at least 6 bytes

    def encode(self) -> bytes:
        """The header and the tree."""
        return self.header.encode() + self.tree.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The header and the tree. What the tree proves is asked by `prove`."""
        return cls(Header.read(reader), PartialTree.read(reader))

    def prove(self) -> Proven:
        """The transactions proven to be in the header's block. DecodeError when there is no such proof."""
        proven = prove(self.tree)
        if proven.root != self.header.merkle_root:
            raise DecodeError(f"root: wanted {self.header.merkle_root.hex()}, found {proven.root.hex()}")
        return proven
