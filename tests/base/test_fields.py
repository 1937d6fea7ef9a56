"""The small parts of our own messages: what is written is read again, and what does not fit is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.envelope import HEADER_SIZE
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.fields import (
    read_address,
    read_list,
    read_text,
    write_address,
    write_list,
    write_text,
    write_unsigned,
)
from blockchain_lab.base.messages import Unknown
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.wire import OverlayCodec

ADDRESSES = st.builds(Address, st.ip_addresses(v=4).map(str), st.integers(0, 65_535))


@given(addresses=st.lists(ADDRESSES, max_size=5), text=st.text(max_size=20))
def test_what_is_written_is_read_again(addresses: list[Address], text: str) -> None:
    """A list of addresses and a text behind it, and not a byte left over."""
    reader = Reader(write_list("hosts", map(write_address, addresses)) + write_text("name", text))

    assert tuple(addresses) == read_list(reader, "hosts", read_address, most=5)
    assert text == read_text(reader, "name")
    reader.check_end("all")


def test_an_address_is_written_as_bittorrent_writes_it() -> None:
    """BEP 5: four bytes of IPv4 and two of port, the most significant first."""
    assert bytes.fromhex("0a000102208d") == write_address(Address("10.0.1.2", 8333))


def test_a_list_longer_than_allowed_is_refused() -> None:
    """A count costs its sender two bytes: it must not cost us memory."""
    raw = write_list("hosts", [write_address(Address("10.0.0.1", 1))] * 3)
    with pytest.raises(DecodeError, match="hosts: 3 items are over the limit of 2"):
        read_list(Reader(raw), "hosts", read_address, most=2)


def test_bytes_that_are_no_text_are_refused() -> None:
    """A lone continuation byte is no UTF-8."""
    with pytest.raises(DecodeError, match="name: "):
        read_text(Reader(b"\x01\x00\x80"), "name")


@pytest.mark.parametrize("value", [-1, 65_536])
def test_a_number_that_does_not_fit_is_its_writers_mistake(value: int) -> None:
    """Two bytes hold 0 to 65,535."""
    with pytest.raises(UsageError, match="port: wanted a number of 2 bytes"):
        write_unsigned("port", value, 2)


@pytest.mark.parametrize("address", [Address("::1", 1), Address("here", 1), Address("10.0.0.1", 70_000)])
def test_only_ipv4_fits_into_six_bytes(address: Address) -> None:
    """Other kinds of address are refused, not cut."""
    with pytest.raises(UsageError, match="wanted an IPv4 address and a port"):
        write_address(address)


def test_a_command_that_nobody_speaks_is_kept_as_it_is() -> None:
    """Framed and split again it is `Unknown`, as in Bitcoin."""
    codec = OverlayCodec()
    framed = codec.frame(Unknown("salute", b"!"))

    assert HEADER_SIZE + 1 == len(framed)
    assert ([Unknown("salute", b"!")], b"") == codec.split(framed)
