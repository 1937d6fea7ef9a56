"""What happened: the kinds of record, and one record as a reader sees it.

The vocabulary is shared by the simulator, the large-network kernel, the views and the checks. How
records are kept (columns, files) is `sim.trace`'s business.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from blockchain_lab.base.units import ConnectionId, Microseconds


class Kind(IntEnum):
    """Kinds of record. Up to `KILL` they are a peer's inbox: all that its state depends on."""

    START = 0
    CONNECT = 1
    DIAL_FAILED = 2
    DELIVER = 3
    DATAGRAM = 4
    TIMER = 5
    DISCONNECT = 6
    COMMAND = 7
    KILL = 8  # the node's disk is read
    SEND = 9
    DROP = 10
    DIAL = 11
    HANG_UP = 12
    NOTE = 13
    ACTION = 14


LAST_INBOX_KIND: Final = int(Kind.KILL)  # a plain int: enum members compare slowly
KIND_NAMES: Final = tuple(kind.name.lower().replace("_", "-") for kind in Kind)


@dataclass(frozen=True, slots=True)
class Record:
    """One record, made when somebody looks at it. -1 stands for none.

    `detail` by kind. start: what keys this life (`sim.hosts.Life`); deliver, send, drop: the message (None
    for a lost control packet); datagram: (source, message); connect: (remote, inbound); dial: remote;
    dial-failed: (remote, reason); timer: its name; disconnect, hang-up, kill: the reason; command, action:
    the action; note: (topic, facts).
    """

    id: int
    event: int
    at: Microseconds
    kind: Kind
    peer: int  # host number
    other: int  # host number, or -1
    conn: ConnectionId  # or -1
    cause: int  # id of the record that triggered this one, or -1
    detail: Any
