"""A contact: an id and where it can be reached. What nodes of structured overlays tell each other of nodes.

On the wire 26 bytes: id 20, IPv4 address 4, port 2 (the "compact node info" of BEP 5).
"""

from dataclasses import dataclass
from typing import Any, Final, Self

from blockchain_lab.base.fields import read_address, read_list, write_address, write_list
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_ids import NodeId, id_to_hex, read_id, write_id

MOST_CONTACTS: Final = 40  # in one message: 1,040 bytes, so that a datagram fits into a packet of 1,500


@dataclass(frozen=True)
class Contact:
    """Somebody of whom we know. No slots: its bytes are kept with it, for it is told again and again."""

    id: NodeId
    address: Address

    @once
    def encoding(self) -> bytes:
        """Its 26 bytes."""
        return write_id(self.id) + write_address(self.address)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A contact never changes, so copies share it."""
        return self

    def get_facts(self) -> dict[str, str]:
        """As notes write it."""
        return {"id": id_to_hex(self.id), "address": show_address(self.address)}


def show_address(address: Address) -> str:
    """10.0.0.1:8333."""
    return f"{address.ip}:{address.port}"


def read_contact(reader: Reader, name: str) -> Contact:
    """Back from `Contact.encoding`, as two fields. DecodeError."""
    return Contact(read_id(reader, f"{name}.id"), read_address(reader, f"{name}.address"))


def write_contacts(name: str, contacts: tuple[Contact, ...]) -> bytes:
    """A list of them."""
    return write_list(name, (contact.encoding for contact in contacts))


def read_contacts(reader: Reader, name: str) -> tuple[Contact, ...]:
    """Back from `write_contacts`. DecodeError for more than `MOST_CONTACTS`."""
    return read_list(reader, name, read_contact, most=MOST_CONTACTS)
