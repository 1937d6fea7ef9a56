"""SipHash-2-4 against its published vectors, and against btclib."""

import pytest
from btclib.hashes import siphash as their_siphash
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.bitcoin.siphash import siphash

KEYS = (0x0706050403020100, 0x0F0E0D0C0B0A0908)
words = st.integers(0, (1 << 64) - 1)


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (0, 0x726FDB47DD0E0E31),
        (1, 0x74F839C593DC67FD),
        (8, 0x93F5F5799A932462),
        (15, 0xA129CA6149BE45E5),  # the one in the paper, appendix A
        (16, 0x3F2ACC7F57C29BDB),
        (18, 0x4BC1B3F0968DD39C),
        (27, 0x2F2E6163076BCFAD),
        (32, 0x7127512F72F27CCE),
        (48, 0xE612A3CB9ECBA951),
    ],
)
def test_published_vectors(size: int, wanted: int) -> None:
    """Key 00 01 .. 0f, data 00 01 02 ... Source: the authors' vectors, in Core's `hash_tests.cpp`."""
    assert wanted == siphash(KEYS, bytes(range(size)))


@given(keys=st.tuples(words, words), data=st.binary(max_size=300))
def test_any_key_and_data_as_in_btclib(keys: tuple[int, int], data: bytes) -> None:
    """An independent oracle; over 255 bytes the length counts modulo 256."""
    assert their_siphash(*keys, data) == siphash(keys, data)
