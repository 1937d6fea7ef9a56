"""What a host says to the box that it stands behind: open a port for me, and what is my address outside?

One exchange in the manner of NAT-PMP and PCP (RFC 6886 §3.3, RFC 6887); UPnP says the same in XML over HTTP.
Numbers as our other messages write them, not as those protocols do.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_address, write_address, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_16, UNSIGNED_32, Reader
from blockchain_lab.base.units import Address

GRANTED: Final = 0  # RFC 6886 §3.5: success
REFUSED: Final = 2  # not authorised, or refused
NO_PORT: Final = 4  # out of resources: another host has it


@dataclass(frozen=True)
class MapPort(Message):
    """Please let everybody in at this port, for so long. Wire: port 2 bytes, lease 4 bytes, seconds."""

    command: ClassVar[str] = "map-port"
    port: int  # outside; the inside one is what we send from
    lease_seconds: int

    def encode(self) -> bytes:
        """The fields in order."""
        return write_unsigned("port", self.port, UNSIGNED_16) + write_unsigned(
            "lease_seconds", self.lease_seconds, UNSIGNED_32
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        return cls(reader.unsigned("port", UNSIGNED_16), reader.unsigned("lease_seconds", UNSIGNED_32))


@dataclass(frozen=True)
class PortMapped(Message):
    """The box's answer. Wire: result 1 byte, address outside 6 bytes, lease 4 bytes, seconds."""

    command: ClassVar[str] = "port-mapped"
    result: int  # GRANTED or why not
    outside: Address
    lease_seconds: int

    def encode(self) -> bytes:
        """The fields in order."""
        result = write_unsigned("result", self.result, UNSIGNED_8)
        lease = write_unsigned("lease_seconds", self.lease_seconds, UNSIGNED_32)
        return result + write_address(self.outside) + lease

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        result, outside = reader.unsigned("result", UNSIGNED_8), read_address(reader, "outside")
        return cls(result, outside, reader.unsigned("lease_seconds", UNSIGNED_32))


MESSAGES: Final[tuple[type[Message], ...]] = (MapPort, PortMapped)
