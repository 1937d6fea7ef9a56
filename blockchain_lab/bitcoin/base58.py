"""Base58Check: bytes as text for people, without the letters that look alike, with a checksum.

    text = base58(payload | first 4 bytes of its hash256)        0, O, I and l are not in the alphabet

A mistyped text passes once in 4 billion times. Addresses from 2009 on; what the payload means is not known
here. Source: Bitcoin Core `base58.cpp`.
"""

from typing import Final

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.bitcoin.codec import hash256

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ZERO: Final = ALPHABET[0]  # a zero byte in front of all others is one such letter
CHECKSUM_SIZE: Final = 4  # bytes
MAX_LENGTH: Final = 200  # letters that we read; addresses have 35 at most, and longer texts take n² time


def encode_base58(data: bytes) -> str:
    """The bytes as one big number in base 58, zeros in front kept. O(n²)."""
    number = int.from_bytes(data, "big")
    letters = ""
    while number:
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return ZERO * (len(data) - len(data.lstrip(b"\x00"))) + letters


def decode_base58(text: str) -> bytes:
    """Back from it. DecodeError for a letter that is not in the alphabet, and for a text that is too long."""
    if len(text) > MAX_LENGTH:
        raise DecodeError(f"base58: {len(text)} letters, at most {MAX_LENGTH}")
    number = 0
    for at, letter in enumerate(text):
        digit = ALPHABET.find(letter)
        if digit < 0:
            raise DecodeError(f"base58: {letter!r} at {at} is no letter of base 58")
        number = number * len(ALPHABET) + digit
    zeros = len(text) - len(text.lstrip(ZERO))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_base58_check(payload: bytes) -> str:
    """With a checksum behind it."""
    return encode_base58(payload + hash256(payload)[:CHECKSUM_SIZE])


def decode_base58_check(text: str) -> bytes:
    """The payload. DecodeError when the checksum is not its own."""
    raw = decode_base58(text)
    payload, checksum = raw[:-CHECKSUM_SIZE], raw[-CHECKSUM_SIZE:]
    if len(raw) < CHECKSUM_SIZE or hash256(payload)[:CHECKSUM_SIZE] != checksum:
        raise DecodeError("base58: the checksum is wrong: mistyped, or cut off")
    return payload
