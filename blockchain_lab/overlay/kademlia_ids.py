"""Kademlia's ids: points of a space of 160 bits, in which distance is XOR. No table and no message here.

An id is a whole number, 0 .. 2**160 - 1; on the wire it is 20 bytes, the most significant first. Nodes and
keys share the space: what belongs to a key is kept by the nodes whose ids are closest to it.

    d(x, y) = x ^ y     d = 0 only for equals, the same both ways, d(x, z) <= d(x, y) + d(y, z)
    one direction       for each x and each distance there is exactly one y: all lookups for a key meet

Source: Maymounkov, Mazieres, "Kademlia: A Peer-to-peer Information System Based on the XOR Metric" (2002),
§2.1.
"""

from hashlib import sha1
from typing import Final

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.fields import NODE_ID_SIZE
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import Address

NodeId = int

ID_BITS: Final = 8 * NODE_ID_SIZE
LAST_ID: Final = (1 << ID_BITS) - 1
HEX_DIGITS: Final = 2 * NODE_ID_SIZE
DRAWN_BITS: Final = 64  # what one draw gives


def get_distance(a: NodeId, b: NodeId) -> int:
    """How far two ids are from each other; §2.1."""
    return a ^ b


def get_bucket_index(own: NodeId, other: NodeId) -> int:
    """I with 2**i <= distance < 2**(i + 1), 0 .. 159: the k-bucket of §2.2. UsageError for our own id."""
    if own == other:
        raise UsageError("a node has no bucket for itself")
    return (own ^ other).bit_length() - 1


def get_shared_bits(a: NodeId, b: NodeId) -> int:
    """With how many equal bits two ids begin: 0 .. 160."""
    return ID_BITS - (a ^ b).bit_length()


def hash_to_id(name: str) -> NodeId:
    """The id of a name, of a node or of something that is kept: its SHA-1."""
    return int.from_bytes(sha1(name.encode()).digest(), "big")


def address_to_id(address: Address) -> NodeId:
    """The only id that a host may have where ids are checked. BEP 42 does the like with masked addresses."""
    return hash_to_id(f"{address.ip}:{address.port}")


def id_to_hex(node: NodeId) -> str:
    """40 digits."""
    return f"{node:0{HEX_DIGITS}x}"


def read_target(text: str) -> NodeId:
    """40 hexadecimal digits are an id, any other text is a name that is hashed."""
    if len(text) == HEX_DIGITS:
        try:
            return int(text, 16)
        except ValueError:
            pass
    return hash_to_id(text)


def draw_id(random: CounterRandom, low: NodeId = 0, bits: int = ID_BITS) -> NodeId:
    """A random id of the range `low` .. `low + 2**bits - 1`."""
    drawn = 0
    for _ in range(-(-ID_BITS // DRAWN_BITS)):
        drawn = drawn << DRAWN_BITS | random.bits()
    return low + (drawn & ((1 << bits) - 1))


def draw_near(random: CounterRandom, target: NodeId, shared_bits: int) -> NodeId:
    """An id that begins as `target` does, with this many bits: whoever may choose its id may sit anywhere."""
    bits = ID_BITS - shared_bits
    return draw_id(random, target >> bits << bits, bits)


def write_id(node: NodeId) -> bytes:
    """20 bytes, the most significant first. UsageError for what is no id."""
    if not 0 <= node <= LAST_ID:
        raise UsageError(f"wanted an id of {ID_BITS} bits, found {node}")
    return node.to_bytes(NODE_ID_SIZE, "big")


def read_id(reader: Reader, name: str) -> NodeId:
    """Back from `write_id`, as one field. DecodeError."""
    return int.from_bytes(reader.take(name, NODE_ID_SIZE), "big")
