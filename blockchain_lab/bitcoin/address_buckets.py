"""Where an address may stand in the address book: the bucket formulas, and a table of buckets.

Whoever fills a node's book with his own addresses decides whom it dials after its next start: that is the
eclipse attack (Heilman, Kendler, Zohar, Goldberg, USENIX Security 2015). Bitcoin's answer is that an address
cannot stand anywhere. With H = the first 8 bytes, little-endian, of a double SHA-256, and a secret key:

    tried bucket   H(key, group, H(key, address) % 8) % 256             one group: at most 8 buckets
    new bucket     H(key, source group, H(key, group, source group) % 64) % 1024
                                                                        one source: at most 64 buckets
    position       H(key, "N" or "K", bucket, address) % 64             one place in a bucket for an address

So all addresses of one /16 compete for 8 x 64 = 512 of the 16,384 tried places (3.1 %), and whatever one /16
tells us about goes into 64 x 64 = 4,096 of the 65,536 new ones (6.25 %). In 2014 the tables were a quarter
of this: 64 tried and 256 new buckets, 4 and 32 of them for a group.

Source: Bitcoin Core `addrman.cpp`.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_groups import get_address_key, get_group
from blockchain_lab.bitcoin.codec import hash256, variable_bytes

NEW_BUCKETS: Final = 1_024  # Core addrman_impl.h ADDRMAN_NEW_BUCKET_COUNT
TRIED_BUCKETS: Final = 256  # Core addrman_impl.h ADDRMAN_TRIED_BUCKET_COUNT
BUCKET_SIZE: Final = 64  # Core addrman_impl.h ADDRMAN_BUCKET_SIZE
TRIED_BUCKETS_PER_GROUP: Final = 8  # Core ADDRMAN_TRIED_BUCKETS_PER_GROUP
NEW_BUCKETS_PER_SOURCE: Final = 64  # Core ADDRMAN_NEW_BUCKETS_PER_SOURCE_GROUP
KEY_SIZE: Final = 32  # bytes of the secret key
HASH_WIDTH: Final = 8  # bytes of a double hash that count


def get_cheap_hash(key: bytes, *parts: bytes) -> int:
    """A keyed hash as a whole number: Core's GetCheapHash. The parts must say where each of them ends."""
    return int.from_bytes(hash256(key + b"".join(parts))[:HASH_WIDTH], "little")


def get_tried_bucket(key: bytes, address_key: bytes, group: bytes) -> int:
    """The one tried bucket in which this address may stand."""
    share = get_cheap_hash(key, variable_bytes(address_key)) % TRIED_BUCKETS_PER_GROUP
    return get_cheap_hash(key, variable_bytes(group), share.to_bytes(8, "little")) % TRIED_BUCKETS


def get_new_bucket(key: bytes, group: bytes, source_group: bytes) -> int:
    """The new bucket for addresses of this group that somebody of that group tells us about."""
    source = variable_bytes(source_group)
    share = get_cheap_hash(key, variable_bytes(group), source) % NEW_BUCKETS_PER_SOURCE
    return get_cheap_hash(key, source, share.to_bytes(8, "little")) % NEW_BUCKETS


def get_position(key: bytes, address_key: bytes, bucket: int, *, is_new: bool) -> int:
    """The one position in a bucket in which this address may stand."""
    table = b"N" if is_new else b"K"
    where = bucket.to_bytes(4, "little")
    return get_cheap_hash(key, table, where, variable_bytes(address_key)) % BUCKET_SIZE


def get_place(bucket: int, position: int) -> int:
    """A place in a table in one number."""
    return bucket * BUCKET_SIZE + position


def get_new_place(key: bytes, address: Address, source: str, *, private_too: bool = False) -> int:
    """Where in the new table an address may stand that the host with IP `source` tells us about."""
    group, source_group = (get_group(ip, private_too=private_too) for ip in (address.ip, source))
    bucket = get_new_bucket(key, group, source_group)
    return get_place(bucket, get_position(key, get_address_key(address), bucket, is_new=True))


def get_tried_place(key: bytes, address: Address, *, private_too: bool = False) -> int:
    """Where in the tried table an address may stand."""
    name = get_address_key(address)
    bucket = get_tried_bucket(key, name, get_group(address.ip, private_too=private_too))
    return get_place(bucket, get_position(key, name, bucket, is_new=False))


@dataclass(slots=True)
class Table:
    """Buckets of 64 places; only occupied ones take memory. A place is bucket * 64 + position."""

    buckets: dict[int, dict[int, Address]] = field(default_factory=dict)  # no empty ones
    in_use: list[int] = field(default_factory=list)  # the numbers of these, in order: a draw must not sort
    count: int = 0  # occupied places

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """New buckets with the same addresses."""
        return replace(
            self,
            buckets={bucket: dict(places) for bucket, places in self.buckets.items()},
            in_use=list(self.in_use),
        )

    def __len__(self) -> int:
        """How many places are occupied."""
        return self.count

    def __iter__(self) -> Iterator[tuple[int, Address]]:
        """Every occupied place and who stands there, bucket by bucket."""
        for bucket, places in self.buckets.items():
            for position, address in places.items():
                yield get_place(bucket, position), address

    def get(self, place: int) -> Address | None:
        """Who stands there; None: nobody."""
        return self.buckets.get(place // BUCKET_SIZE, {}).get(place % BUCKET_SIZE)

    def put(self, place: int, address: Address) -> None:
        """Take a place that is free."""
        assert self.get(place) is None, f"place {place} is taken"
        bucket = place // BUCKET_SIZE
        if bucket not in self.buckets:
            self.buckets[bucket] = {}
            insort(self.in_use, bucket)
        self.buckets[bucket][place % BUCKET_SIZE] = address
        self.count += 1

    def clear(self, place: int) -> None:
        """Leave a place. KeyError when nobody stands there."""
        bucket = place // BUCKET_SIZE
        del self.buckets[bucket][place % BUCKET_SIZE]
        if not self.buckets[bucket]:
            del self.buckets[bucket]
            del self.in_use[bisect_left(self.in_use, bucket)]
        self.count -= 1

    def pick(self, random: CounterRandom) -> Address:
        """A bucket at random among those in use, a position at random, and from there the next address.

        Core draws among all buckets until one is in use: the same chances. IndexError when all are empty.
        """
        places = self.buckets[random.choice(self.in_use)]
        start = random.below(BUCKET_SIZE)
        return places[min(places, key=lambda position: (position - start) % BUCKET_SIZE)]
