"""The small parts that our own messages are made of: names, texts, addresses, lists of them.

Numbers are little-endian unless a field says otherwise. A text or a list is its length in two bytes and then
its content. Readers take a `Reader`, note each field's place and raise `DecodeError`; writers return `bytes`,
and a value that does not fit is the caller's mistake (`UsageError`). No message and no network here.
"""

from collections.abc import Callable, Iterable
from ipaddress import AddressValueError, IPv4Address
from typing import Final, TypeVar

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.reader import UNSIGNED_16, Reader
from blockchain_lab.base.units import Address

Item = TypeVar("Item")

NODE_ID_SIZE: Final = 20  # bytes: 160 bits, as SHA-1 gives them; Kademlia (Maymounkov, Mazieres 2002) §2
ADDRESS_SIZE: Final = 6  # bytes: IPv4 4, port 2, both big-endian; "compact IP-address/port info" of BEP 5


def write_unsigned(name: str, value: int, width: int) -> bytes:
    """A whole number from 0 on in `width` bytes. UsageError when it does not fit."""
    if not 0 <= value < 1 << 8 * width:
        raise UsageError(f"{name}: wanted a number of {width} bytes, found {value}")
    return value.to_bytes(width, "little")


def write_bytes(name: str, content: bytes) -> bytes:
    """Bytes behind their length: 0 to 65,535 of them. UsageError for more."""
    return write_unsigned(f"{name}.length", len(content), UNSIGNED_16) + content


def read_bytes(reader: Reader, name: str) -> bytes:
    """Back from `write_bytes`, as two fields. DecodeError."""
    return reader.take(name, reader.unsigned(f"{name}.length", UNSIGNED_16))


def write_text(name: str, text: str) -> bytes:
    """A text as UTF-8, behind its length in bytes."""
    return write_bytes(name, text.encode())


def read_text(reader: Reader, name: str) -> str:
    """Back from `write_text`. DecodeError for what is no UTF-8, too."""
    raw = read_bytes(reader, name)
    try:
        return raw.decode()
    except UnicodeDecodeError as fault:
        raise DecodeError(f"{name}: {fault}") from None


def write_address(address: Address) -> bytes:
    """An IPv4 address and a port, 6 bytes. UsageError for other kinds of address."""
    try:
        return IPv4Address(address.ip).packed + address.port.to_bytes(2, "big")
    except (AddressValueError, OverflowError):
        raise UsageError(f"wanted an IPv4 address and a port, found {address.ip!r}:{address.port}") from None


def read_address(reader: Reader, name: str) -> Address:
    """Back from `write_address`, as one field. DecodeError."""
    raw = reader.take(name, ADDRESS_SIZE)
    return Address(str(IPv4Address(raw[:4])), int.from_bytes(raw[4:], "big"))


def write_list(name: str, items: Iterable[bytes]) -> bytes:
    """Encoded items behind their count: 0 to 65,535 of them. UsageError for more."""
    encoded = list(items)
    return write_unsigned(f"{name}.count", len(encoded), UNSIGNED_16) + b"".join(encoded)


def read_list(
    reader: Reader, name: str, read: Callable[[Reader, str], Item], *, most: int
) -> tuple[Item, ...]:
    """Back from `write_list`; `read` takes one item. DecodeError when there are more than `most`."""
    count = reader.unsigned(f"{name}.count", UNSIGNED_16)
    if count > most:
        raise DecodeError(f"{name}: {count} items are over the limit of {most}")
    return tuple(read(reader, f"{name}[{place}]") for place in range(count))
