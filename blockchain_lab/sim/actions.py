"""What may happen to the network and its hosts, and how actions are written as JSON.

A *command* (`base.actions`) reaches its peer's node; everything here is carried out by `sim.faults`. Actions
are plain data: `{"do": "Kill", "peer": "ann", "seen_as": "reset"}`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from blockchain_lab.base.actions import (
    AskExit,
    BumpFee,
    BurnCoins,
    CastVote,
    Command,
    Connect,
    Disconnect,
    Fetch,
    FindProviders,
    GetValue,
    LookUp,
    MakeDeposit,
    Mine,
    Pay,
    PayByIp,
    Provide,
    Publish,
    PutValue,
    RewriteHistory,
    SendAlert,
    SetPolicy,
    SubmitTx,
    TakeDeposit,
)
from blockchain_lab.base.actions_layers import LAYER_COMMANDS
from blockchain_lab.base.draws import MILLION
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import Address
from blockchain_lab.sim.plain import Range, check_type, describe, join, to_dataclass, to_plain

SEEN_AS: Final = ("reset", "time-out", "silence")
SeenAs = Literal["reset", "time-out", "silence"]
Time = Annotated[int, Range(0)]
Chance = Annotated[int, Range(0, MILLION)]  # parts per million
Loss = Annotated[int, Range(0, 900_000)]  # a stream on which all is lost would repeat for ever


@dataclass(frozen=True, slots=True)
class NetworkAction:
    """Base of all that the network or a host undergoes without its node being asked."""


@dataclass(frozen=True, slots=True)
class Partition(NetworkAction):
    """Cut all ways between two groups; with one group, between it and everybody else.

    Datagrams across the cut are lost. What a stream carries is held back; if the cut outlasts the
    scenario's `links.keep_alive` both ends time out, else all of it arrives after `Heal`. A new
    partition replaces the last one.
    """

    group: tuple[str, ...]
    against: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take any collection of names, sets too; their order does not count."""
        object.__setattr__(self, "group", sort_names(self.group))
        object.__setattr__(self, "against", sort_names(self.against))


@dataclass(frozen=True, slots=True)
class Heal(NetworkAction):
    """End the partition."""


@dataclass(frozen=True, slots=True)
class DropMessage(NetworkAction):
    """Lose one message in flight. It has used its uplink and its place in the line all the same."""

    record: int  # of its send


@dataclass(frozen=True, slots=True)
class DelayMessage(NetworkAction):
    """Let one message in flight arrive later; on a stream, what follows it waits behind it."""

    record: int  # of its send
    by: Time


@dataclass(frozen=True, slots=True)
class DuplicateMessage(NetworkAction):
    """Let one datagram in flight arrive twice. A stream delivers everything once."""

    record: int  # of its send


@dataclass(frozen=True, slots=True)
class EditMessage(NetworkAction):
    """Flip bits of one message in flight: each byte of its frame at a position is xored with a mask.

    The receiver gets what its codec makes of these bytes: mostly `Malformed`. A changed length leaves the
    stream waiting for bytes that never come, or out of step, as it would a real one.
    """

    record: int  # of its send
    flips: tuple[tuple[Annotated[int, Range(0)], Annotated[int, Range(0, 255)]], ...]  # (position, mask)


@dataclass(frozen=True, slots=True)
class SetLink(NetworkAction):
    """Change the link between two hosts, both ways, for what is sent from now on. None leaves as it was."""

    a: str
    b: str
    latency: Time | None = None
    jitter: Time | None = None
    loss: Loss | None = None
    duplicate: Chance | None = None


@dataclass(frozen=True, slots=True)
class Kill(NetworkAction):
    """Stop a host; only what its node stored survives.

    The others see a "reset" soon, a "time-out" after `links.keep_alive`, or "silence" until they speak
    to it once it is alive again.
    """

    peer: str
    seen_as: SeenAs = "reset"


@dataclass(frozen=True, slots=True)
class Revive(NetworkAction):
    """Start a killed host: a new node from its disk."""

    peer: str


@dataclass(frozen=True, slots=True)
class ChangeAddress(NetworkAction):
    """Give a host a new address. Its connections close, and who dials the old address finds nobody."""

    peer: str
    address: Address
    seen_as: SeenAs = "reset"

    def __post_init__(self) -> None:
        """Take any pair."""
        object.__setattr__(self, "address", Address(*self.address))


@dataclass(frozen=True, slots=True)
class SetKnob(NetworkAction):
    """Turn one of the scenario's knobs while it runs: a policy value, or one of the links."""

    knob: str
    value: int


Action = Command | NetworkAction
ActionTable = Mapping[str, type[Action]]

ACTIONS: Final[ActionTable] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            *(Mine, Pay, BumpFee, SubmitTx, PayByIp, SendAlert, Connect, Disconnect, SetPolicy),
            *(LookUp, PutValue, GetValue, Provide, FindProviders, Fetch, Publish),
            *(MakeDeposit, AskExit, TakeDeposit, BurnCoins, CastVote, RewriteHistory),
            *LAYER_COMMANDS,
            *(Partition, Heal, DropMessage, DelayMessage, DuplicateMessage, EditMessage),
            *(SetLink, Kill, Revive, ChangeAddress, SetKnob),
        )
    }
)


def sort_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names in order, each once. A bare string is one name, not a collection of letters."""
    return (names,) if isinstance(names, str) else tuple(sorted(set(names)))


def action_to_json(action: Action) -> dict[str, Any]:
    """{"do": class name, field: value, ...}."""
    plain: dict[str, Any] = to_plain(action)
    return {"do": type(action).__name__, **plain}


def action_from_json(value: Any, path: str, table: ActionTable = ACTIONS) -> Action:
    """Back from `action_to_json`. ScenarioError, with the path of the key."""
    fields = dict(check_type(dict, value, path))
    name = fields.pop("do", None)
    if not isinstance(name, str) or name not in table:
        raise ScenarioError(join(path, "do"), f"found {describe(name)}, accepted: {', '.join(table)}")
    action: Action = to_dataclass(table[name], fields, path)
    return action
