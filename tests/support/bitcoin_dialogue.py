"""One Bitcoin node and a test that plays all its peers: says things, looks at the effects."""

from typing import Any

from blockchain_lab.base.effects import Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, ConnectionId
from blockchain_lab.bitcoin.messages import NetworkAddress, Verack, Version
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.sim.digest import canonical
from support.bitcoin_pump import STARTED_AT, make_setup

HERE = Address("10.0.0.1", 8333)  # the node's own
THERE = Address("10.9.9.9", 8333)  # whom it dials in these tests


def make_node(**values: Any) -> BitcoinNode:
    """A node on regtest; `values` as in `Setup`."""
    return BitcoinNode(make_setup("ann", **values))


def make_peer_version(height: int = 0, **changes: Any) -> Version:
    """How a peer of the tests introduces itself."""
    plain: dict[str, Any] = {
        "version": 70015,
        "services": 9,
        "timestamp": STARTED_AT,
        "receiver": NetworkAddress(0, *HERE),
        "sender": NetworkAddress(9, *THERE),
        "nonce": 1,
        "user_agent": "/test:1/",
        "start_height": height,
        "relay": True,
    }
    return Version(**{**plain, **changes})


def meet(
    node: BitcoinNode, conn: ConnectionId = 2, *, height: int = 0, inbound: bool = False, now: int = 0
) -> list[Effect]:
    """Shake hands; the effects of the last step, from which the node is ready."""
    node.on_connected(conn, THERE, inbound, now)
    node.on_message(conn, make_peer_version(height), now)
    return node.on_message(conn, Verack(), now)


def sent(effects: list[Effect], conn: ConnectionId | None = None) -> list[Message]:
    """The messages among some effects, to one connection or to all."""
    sends = [effect for effect in effects if isinstance(effect, Send)]
    return [effect.message for effect in sends if conn is None or effect.conn == conn]


def topics(effects: list[Effect]) -> list[str]:
    """The topics of the notes among some effects."""
    return [effect.topic for effect in effects if isinstance(effect, Note)]


def facts(effects: list[Effect], topic: str) -> dict[str, Any]:
    """The facts of the one note of that topic."""
    (found,) = [effect.facts for effect in effects if isinstance(effect, Note) and effect.topic == topic]
    return found


def hang_ups(effects: list[Effect]) -> list[HangUp]:
    """The hang-ups among some effects."""
    return [effect for effect in effects if isinstance(effect, HangUp)]


def timers(effects: list[Effect]) -> dict[TimerName, int]:
    """The timers that some effects set: name -> after how long."""
    return {effect.name: effect.after for effect in effects if isinstance(effect, SetTimer)}


def state_of(thing: object) -> str:
    """All that counts of a node or of a part of it, as text."""
    return canonical(thing)
