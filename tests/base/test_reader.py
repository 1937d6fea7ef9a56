"""The reader: fields with their places, and faults that say where."""

import pytest

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.reader import Reader


def test_fields_are_noted_with_their_places() -> None:
    """A bytes view draws these rows; a compound comes after its parts and contains them."""
    reader = Reader(bytes([1, 0, 0, 0, 0xFF, 0xFF, 7]))

    version = reader.unsigned("version", 4)
    balance = reader.signed("balance", 2)
    reader.close("account", 0)

    assert (1, -1) == (version, balance)
    assert [("version", 0, 4), ("balance", 4, 6), ("account", 0, 6)] == reader.fields
    assert 1 == reader.left


def test_too_few_bytes_say_what_was_wanted_and_where() -> None:
    """The text goes into a record as it is, so it must help."""
    reader = Reader(b"abc")
    reader.take("first", 2)

    with pytest.raises(DecodeError, match="nonce: wanted 8 bytes at 2, found 1"):
        reader.take("nonce", 8)
    assert [("first", 0, 2)] == reader.fields, "a failed read must leave no row behind"


def test_left_over_bytes_are_a_fault() -> None:
    """A payload must be consumed whole."""
    reader = Reader(b"abc")
    reader.take("first", 2)

    with pytest.raises(DecodeError, match="ping: 1 bytes left over at 2"):
        reader.check_end("ping")
