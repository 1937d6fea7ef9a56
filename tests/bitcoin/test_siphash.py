"""SipHash-2-4 against its published vectors, and against btclib."""

import pytest
from btclib.hashes import siphash as their_siphash
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.bitcoin.siphash import siphash, siphash_all

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
    """An independent oracle."""
    assert their_siphash(*keys, data) == siphash(keys, data)


@pytest.mark.parametrize("size", [255, 256, 264, 300, 512])
def test_lengths_count_modulo_256(size: int) -> None:
    """Only a byte is left for them."""
    data = bytes(size)

    assert their_siphash(*KEYS, data) == siphash(KEYS, data)
    if size % 8 == 0:
        assert [siphash(KEYS, data)] * 2 == siphash_all(KEYS, [data] * 2, size)


@given(keys=st.tuples(words, words), data=st.data(), size=st.sampled_from([0, 8, 32, 256]))
def test_many_at_once_as_one_by_one(keys: tuple[int, int], data: st.DataObject, size: int) -> None:
    """The lanes of the huge number do not touch each other."""
    items = data.draw(st.lists(st.binary(min_size=size, max_size=size), max_size=9))

    assert [siphash(keys, item) for item in items] == siphash_all(keys, items, size)


def test_lanes_full_of_ones() -> None:
    """Where carries and rotated bits would spill over first."""
    items = [b"\xff" * 32, bytes(32)] * 40
    keys = ((1 << 64) - 1, (1 << 64) - 1)

    assert [siphash(keys, item) for item in items] == siphash_all(keys, items, 32)
