"""A run in which every text that a stranger may choose tries to become markup."""

from dataclasses import dataclass
from typing import Any

from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.messages import Message, Unknown
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, ConnectionId, Microseconds
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Peer, Scenario, Topology
from support.talking_lab import Talker

EVIL = "</script><!--<script>hacked=1</script><img src=x onerror=hacked=1>\u2028"
NAMES = ("mallory<img src=x onerror=hacked=1>", "</script><b>eve")


@dataclass
class Evil(Talker):
    """Says and notes nothing else."""

    def on_connected(self, conn: ConnectionId, *about: Any) -> list[Effect]:
        """Greet at once."""
        super().on_connected(conn, *about)
        return [Send(conn, Unknown("<script>", EVIL.encode())), Note(EVIL, {EVIL: EVIL})]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Repeat."""
        return [Note("heard", {"text": EVIL, "hash": EVIL})]


def make_evil_lab() -> Lab:
    """Two of them, one line; not run yet."""

    def make_evil(setup: Setup) -> Evil:
        return Evil(setup.neighbours)

    scenario = Scenario(
        name="evil",
        title=EVIL,
        peers={name: Peer("evil") for name in NAMES},
        topology=Topology((NAMES,)),
        until=2 * SECOND,
        poster=10,
    )
    return Lab(scenario, kinds={"evil": make_evil}, codec=BitcoinCodec(MAGIC["regtest"]))
