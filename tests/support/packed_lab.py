"""A lab's whole trace as it goes to a page."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from blockchain_lab_widgets.head import get_latency_of
from blockchain_lab_widgets.packing import Packer

from blockchain_lab.lab import Lab
from blockchain_lab.sim.digest import digest_trace

COLUMNS = "columns"  # the file with all records; the others are named by their first message


@dataclass(frozen=True)
class PackedLab:
    """The number of records, the files, and what they were made of: a trace of this digest, such a codec."""

    count: int
    files: dict[str, bytes]
    origin: tuple[str, type]

    @property
    def chunks(self) -> list[int]:
        """The first message of each file of messages, in order."""
        return [int(name) for name in self.files if name != COLUMNS]

    @cached_property
    def name(self) -> str:
        """Another one for other bytes."""
        return sha256(b"".join(self.files.values())).hexdigest()


PACKED: WeakKeyDictionary[Lab, PackedLab] = WeakKeyDictionary()


def pack(lab: Lab, codec: Any) -> PackedLab:
    """All records with all their bytes. A lab that has not changed since is not packed again."""
    origin = digest_trace(lab.trace, lab.trace.last_event), type(codec)
    if (known := PACKED.get(lab)) and known.origin == origin:
        return known
    packer = Packer(codec, get_latency_of(lab))
    packer.follow(lab.trace)
    files, start = {COLUMNS: packer.pack(0, 0)}, 0
    while start < len(packer.messages):
        count, files[str(start)] = packer.messages.pack_chunk(start)
        start += count
    PACKED[lab] = PackedLab(len(packer), files, origin)
    return PACKED[lab]
