"""Bech32 and Bech32m: text for witness programs; the checksum finds up to four wrong letters for sure.

    bc 1 q w508d6qejxtdg4y5r3zarvary0c5xw7k v8f3t4          prefix, 1, version, program, checksum of 6

A letter stands for 5 bits. The checksum is the rest of a polynomial division over 32 elements. With plain
Bech32 a text that ends in p takes any number of q before it, so later witness versions use Bech32m: the same
with another constant. Which scripts these programs are is not known here. Source: BIP 173, BIP 350.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from blockchain_lab.base.errors import DecodeError, UsageError

ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # its place is a letter's value
SEPARATOR: Final = "1"  # the last one ends the prefix
CHECKSUM_LENGTH: Final = 6  # letters
MAX_LENGTH: Final = 90  # letters: as far as the checksum finds four errors
GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)

BECH32: Final = 1  # what the checksum of a whole text comes to
BECH32M: Final = 0x2BC830A3


def compute_checksum(values: Iterable[int]) -> int:
    """The rest of the division, 30 bits; `values` of 5 bits each."""
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(GENERATOR):
            if top >> bit & 1:
                rest ^= factor
    return rest


def expand_prefix(prefix: str) -> list[int]:
    """The prefix as the checksum sees it: the high bits of its letters, 0, the low bits."""
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def encode_bech32(prefix: str, values: Sequence[int], constant: int) -> str:
    """Prefix, 1, values of 5 bits as letters, checksum. constant: BECH32 or BECH32M."""
    whole = compute_checksum([*expand_prefix(prefix), *values, *[0] * CHECKSUM_LENGTH]) ^ constant
    checksum = [whole >> shift & 31 for shift in range(25, -1, -5)]
    return prefix + SEPARATOR + "".join(ALPHABET[value] for value in [*values, *checksum])


def decode_bech32(text: str) -> tuple[str, list[int], int]:
    """Prefix, values without checksum, and which constant the checksum fits. DecodeError."""
    if len(text) > MAX_LENGTH:
        raise DecodeError(f"bech32: {len(text)} letters, at most {MAX_LENGTH}")
    if any(not 33 <= ord(letter) <= 126 for letter in text):
        raise DecodeError("bech32: a letter outside of printable ASCII")
    if text != text.lower() and text != text.upper():
        raise DecodeError("bech32: small and capital letters are mixed")
    prefix, separator, tail = text.lower().rpartition(SEPARATOR)
    if not separator or not prefix:
        raise DecodeError("bech32: no prefix before a 1")
    if len(tail) < CHECKSUM_LENGTH:
        raise DecodeError(f"bech32: {len(tail)} letters behind the prefix, the checksum alone has 6")
    values = [ALPHABET.find(letter) for letter in tail]
    if -1 in values:
        at = values.index(-1)
        raise DecodeError(f"bech32: {tail[at]!r} at {len(prefix) + 1 + at} is no letter of bech32")
    constant = compute_checksum(expand_prefix(prefix) + values)
    if constant not in (BECH32, BECH32M):
        raise DecodeError("bech32: the checksum is wrong: mistyped, or cut off")
    return prefix, values[:-CHECKSUM_LENGTH], constant


def to_five_bits(data: bytes) -> list[int]:
    """Bytes in groups of 5 bits, the last one filled up with zeros."""
    number, spare = int.from_bytes(data, "big"), -8 * len(data) % 5
    count = (8 * len(data) + spare) // 5
    number <<= spare
    return [number >> 5 * (count - 1 - place) & 31 for place in range(count)]


def from_five_bits(values: Sequence[int]) -> bytes:
    """Back from it. DecodeError when what is left over at the end is not 0 to 4 zeros."""
    number = 0
    for value in values:
        number = number << 5 | value
    spare = 5 * len(values) % 8
    if spare > 4 or number & (1 << spare) - 1:
        raise DecodeError(f"bech32: {spare} bits are left over, wanted at most 4, all 0")
    return (number >> spare).to_bytes(5 * len(values) // 8, "big")


def encode_witness_address(prefix: str, version: int, program: bytes) -> str:
    """A witness program: version 0 in Bech32, later ones in Bech32m. UsageError."""
    if version not in range(17) or len(program) not in range(2, 41):
        raise UsageError(f"witness program: version {version}, {len(program)} bytes; wanted 0..16, 2..40")
    constant = BECH32 if version == 0 else BECH32M
    return encode_bech32(prefix, [version, *to_five_bits(program)], constant)


def decode_witness_address(text: str) -> tuple[str, int, bytes]:
    """Prefix, version and program. DecodeError, with what is wrong."""
    prefix, values, constant = decode_bech32(text)
    if not values or values[0] > 16:
        raise DecodeError(f"witness version: wanted 0..16, found {values[0] if values else 'nothing'}")
    version = values[0]
    if constant != (BECH32 if version == 0 else BECH32M):
        wanted, found = ("bech32", "bech32m") if version == 0 else ("bech32m", "bech32")
        raise DecodeError(f"witness version {version} is written in {wanted}, found {found} (BIP 350)")
    program = from_five_bits(values[1:])
    if len(program) not in range(2, 41) or (version == 0 and len(program) not in (20, 32)):
        raise DecodeError(f"witness program of version {version}: {len(program)} bytes are not allowed")
    return prefix, version, program
