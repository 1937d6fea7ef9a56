"""The node that runs in the simulator, unmodified, as a peer of py-ipv8 over UDP on this machine.

    async with Ipv8Host(GossipNode, make_setup("ann"), decode) as ann:
        async with Ipv8Host(GossipNode, make_setup("bob", neighbours=[ann.address]), decode) as bob:
            await bob.until(lambda: bob.node.ground.lines)

    Dial        walk to the address: introduction request, introduction response
    a line      the dialler's end opens with the response, the other one with the first packet after it: then
                each has verified the other. Who sent the request has dialled
    Send        one signed packet. It may be lost; one of over 1,200 bytes is refused: noted, and not sent
    SendTo      the same, without a line
    HangUp      a `bye`; whoever says nothing any more is dropped as py-ipv8 does it (`RandomChurn`)

A peer has one line at most: who dials one that has a line already is told so. If both dial at once, the one
whose key has the smaller hash has dialled. py-ipv8's introductions to third peers are not followed: whom to
dial is the node's business. Nothing is ever sent to any address but 127.0.0.1.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import Any, Final

from ipv8.keyvault.crypto import default_eccrypto
from ipv8.messaging.interfaces.udp.endpoint import UDPv4Address
from ipv8.peer import Peer
from ipv8.peerdiscovery.churn import RandomChurn

from blockchain_lab.base.effects import Effect, Note, Send, SendTo
from blockchain_lab.base.envelope import COMMAND_SIZE, WRONG_COMMAND, bytes_to_command
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import NodeFactory, Setup
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import NOBODY, Address, ConnectionId
from blockchain_lab.sockets.far_end import CLOSED, FarEnd
from blockchain_lab.sockets.host import Host
from blockchain_lab.sockets.ipv8_community import (
    LOOPBACK,
    Bye,
    Call,
    LabCommunity,
    LoopbackEndpoint,
    Pong,
    check_loopback,
    get_address,
)
from blockchain_lab.sockets.ipv8_line import MOST_BYTES, Ipv8Line, Outbox, is_too_long, pack
from blockchain_lab.sockets.stream import RESET
from blockchain_lab.sockets.tcp import MAX_CONNECTIONS

DIAL_TIMEOUT: Final = 3.0  # seconds; py-ipv8's RandomWalk gives an address up then
TICK: Final = 0.5  # seconds between two walks, and two looks at who is silent; py-ipv8's walker_interval
SILENT: Final = "silent"
NOT_ON_LOOPBACK: Final = "not on loopback"
OURSELVES, CONNECTED = "it is our own address", "connected already, or dialled by both at once"

Decode = Callable[[str, bytes], Message]  # command, payload -> message; never raises


@dataclass(frozen=True, slots=True)
class Patience:
    """With a peer that says nothing, in seconds. What is given here are py-ipv8's own (`RandomChurn`)."""

    inactive: float = 27.5  # then it is pinged
    ping_interval: float = 10.0
    drop: float = 57.5  # then it is gone
    tick: float = TICK


class Ipv8Host(Host):
    """One node on py-ipv8. Its key is made anew with the host, and kept nowhere else."""

    def __init__(
        self,
        factory: NodeFactory,
        setup: Setup,
        decode: Decode,
        *,
        patience: Patience | None = None,
        **more: Any,
    ) -> None:
        """`setup.address` is on 127.0.0.1 (UsageError); port 0 lets the system choose.

        `more` as in `Host`.
        """
        for address in (setup.address, *setup.neighbours):
            check_loopback(address)
        super().__init__(factory, setup, **more)
        self._decode, self._patience = decode, patience or Patience()
        self._key = default_eccrypto.generate_key("curve25519")
        self._community: LabCommunity | None = None
        self._outbox = Outbox()
        self._sending: set[asyncio.Task[None]] = set()
        self._lines: dict[bytes, Ipv8Line] = {}  # by the hash of the peer's key
        self._knocking: dict[bytes, Peer] = {}  # they walk to us, and have not said that they got our answer
        self._walks: dict[Address, asyncio.Future[Peer | str]] = {}

    # -- what `Host` wants --------------------------------------------------------------------------------

    async def _listen(self) -> None:
        endpoint = LoopbackEndpoint((self.address if self._lives else self._setup.address).port, self)
        self.address = await endpoint.open_there()
        self._tape.move(self._index, self.address)
        self._community = LabCommunity(self._key, endpoint, self)
        patience = self._patience
        churn = RandomChurn(
            self._community,
            ping_interval=patience.ping_interval,
            inactive_time=patience.inactive,
            drop_time=patience.drop,
        )
        self._community.register_task("churn", churn.take_step, interval=patience.tick)
        self._outbox = Outbox()
        self._spawn(self._outbox.run(), self._sending)

    async def _stop_listening(self) -> None:
        self._outbox.close()
        if self._sending:
            await asyncio.wait(self._sending)
        community, self._community = self._community, None
        self._knocking.clear()
        if community is not None:
            await community.unload()
            community.endpoint.close()
            await asyncio.sleep(0)  # now asyncio closes the socket, so that the port can be had again

    async def _dial(self, remote: Address, conn: ConnectionId, dialled: int) -> None:
        found = self._find_problem(remote) or await self._walk(remote)
        if isinstance(found, str):
            self._fail_to_dial(remote, conn, dialled, found)
            return
        far = self._meet(remote, conn ^ 1)
        far.opened(dialled, self.address, inbound=True)
        line = self._open_line(conn, found, far)
        self._ipv8.send_ping(found)
        self._open(line, remote, False, dialled)

    def _carry_out(self, effect: Effect, cause: int) -> None:
        match effect:
            case Send(conn, message) if is_too_long(message):
                self._refuse(self._get_line(conn).other, conn, message, cause)
            case SendTo(address, message) if is_too_long(message):
                self._refuse(self._tape.find(Address(*address)), NOBODY, message, cause)
            case SendTo(address, message):
                there, payload = self._tape.find(Address(*address)), Call(*pack(message))
                sent = self._tape.add(Kind.SEND, self._index, there, NOBODY, cause, message)
                if address[0] == LOOPBACK:
                    self._outbox.put(lambda: self._ipv8.send_call(address, payload))
                else:
                    self._tape.add(Kind.DROP, self._index, there, NOBODY, sent, message)
            case _:
                super()._carry_out(effect, cause)

    def _refuse(self, there: int, conn: ConnectionId, message: Message, cause: int) -> None:
        """What no packet holds is lost, as on the way, and noted in the node's name."""
        sent = self._tape.add(Kind.SEND, self._index, there, conn, cause, message)
        self._tape.add(Kind.DROP, self._index, there, conn, sent, message)
        facts = {"message": message.wire_name, "bytes": len(message.encoding), "most": MOST_BYTES}
        super()._carry_out(Note("message refused", facts), cause)

    # -- dialling -----------------------------------------------------------------------------------------

    @property
    def _ipv8(self) -> LabCommunity:
        assert self._community is not None, "it is there from `_listen` to `_stop_listening`"
        return self._community

    def _find_problem(self, remote: Address) -> str | None:
        """Why there is no use in walking there."""
        if remote.ip != LOOPBACK:
            return NOT_ON_LOOPBACK
        if remote == self.address:
            return OURSELVES
        peers = [line.peer for line in self._lines.values()] + list(self._knocking.values())
        if remote in self._walks or remote in map(get_address, peers):
            return CONNECTED
        return None

    async def _walk(self, remote: Address) -> Peer | str:
        """Who is there, or why nobody. Requests get lost, so it asks again."""
        answer = self._walks[remote] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(DIAL_TIMEOUT):
                while not answer.done():
                    self._ipv8.walk_to(UDPv4Address(*remote))
                    await asyncio.wait((answer,), timeout=TICK)
        except TimeoutError:
            return "timed out"
        finally:
            del self._walks[remote]
        return answer.result()

    def _open_line(self, conn: ConnectionId, peer: Peer, far: FarEnd) -> Ipv8Line:
        line = self._lines[peer.mid] = Ipv8Line(conn, peer, self._ipv8, self._outbox, far)
        return line

    def _meet(self, remote: Address, conn: ConnectionId) -> FarEnd:
        number = self._tape.meet(remote, self.now)
        return FarEnd(self._tape, self._waiting, lambda: self.now, number, self._index, conn)

    # -- what py-ipv8 tells us ----------------------------------------------------------------------------

    def on_request(self, peer: Peer) -> None:
        """Somebody walks to us: it has dialled, unless we have done so, too, and our key is the smaller."""
        if self._node is None:
            return
        answer = self._walks.get(get_address(peer))
        if answer is not None and not answer.done():
            if self._ipv8.my_peer.mid < peer.mid:
                return
            answer.set_result(CONNECTED)
        if peer.mid in self._lines:  # it began anew and does not know of our line
            self._lines[peer.mid].end(RESET)
        if len(self._lines) + len(self._knocking) >= MAX_CONNECTIONS:
            self._ipv8.forget(peer)
            return
        self._ipv8.network.add_verified_peer(peer)
        peer.last_response = time()  # py-ipv8 drops only who has said something
        self._knocking[peer.mid] = peer

    def on_response(self, peer: Peer) -> None:
        """Somebody answers our walk."""
        if self._node is None:
            return
        answer = self._walks.get(get_address(peer))
        if answer is not None and not answer.done():
            peer.last_response = time()
            answer.set_result(peer)
        elif peer.mid not in self._lines and peer.mid not in self._knocking:
            self._ipv8.forget(peer)  # nobody asked it

    def on_raw(self, peer: Peer, kind: bytes, body: bytes) -> None:
        """A message on a line."""
        message = self._read(kind, body)
        if (line := self._find_line(peer)) is not None:
            line.hear(message)
        else:
            there = self._tape.find(get_address(peer))
            self._tape.event(self.now, Kind.DROP, self._index, there, NOBODY, NOBODY, message)

    def on_ping(self, peer: Peer) -> None:
        """It asks whether we are there, or says that its end is open."""
        if self._find_line(peer) is not None:
            self._outbox.put(lambda: self._ipv8.ez_send(peer, Pong()))

    def on_bye(self, peer: Peer) -> None:
        """It has closed its end, or has none."""
        if (line := self._lines.get(peer.mid)) is not None:
            line.end(CLOSED)

    def on_call(self, peer: Peer, kind: bytes, body: bytes) -> None:
        """A datagram. It needs no line, and may come from anybody."""
        source, message = get_address(peer), self._read(kind, body)
        self._tell(Kind.DATAGRAM, detail=(source, message), other=self._tape.find(source))

    def on_peer_added(self, peer: Peer) -> None:
        """It has no line yet."""

    def on_peer_removed(self, peer: Peer) -> None:
        """py-ipv8 has heard nothing of it for too long, or we have parted."""
        self._knocking.pop(peer.mid, None)
        if (line := self._lines.pop(peer.mid, None)) is not None:
            line.end(SILENT)

    def on_nonsense(self, source: Address | None, reason: str, packet: bytes) -> None:
        """What no node can be told, as nobody knows who it is from: dropped, and noted in the node's name."""
        if self._node is None:
            return
        there = NOBODY if source is None else self._tape.find(source)
        nonsense = Malformed("", reason, packet, fatal=False)
        dropped = self._tape.event(self.now, Kind.DROP, self._index, there, NOBODY, NOBODY, nonsense)
        where = "" if source is None else f"{source.ip}:{source.port}"
        note = Note("peer misbehaved", {"conn": NOBODY, "from": where, "reason": reason})
        self._tape.note(self._index, dropped, note)
        try:
            if self._on_note is not None:
                self._on_note(note)
        except Exception as fault:
            self._fail(fault)
        self._waiting.wake()

    def _find_line(self, peer: Peer) -> Ipv8Line | None:
        """Its line; one that was waiting for this opens now. Who has none, and none to come, is told so."""
        if self._node is not None and peer.mid in self._knocking:
            self._let_in(self._knocking.pop(peer.mid))
        if (line := self._lines.get(peer.mid)) is None and self._community is not None:
            self._outbox.put(lambda: self._ipv8.ez_send(peer, Bye()))
        return line

    def _let_in(self, peer: Peer) -> None:
        remote, conn = get_address(peer), next(self._numbers) << 1 | 1
        far = self._meet(remote, conn ^ 1)
        dialled = far.dialled(self.address)
        self._open(self._open_line(conn, peer, far), remote, True, dialled)
        far.opened(dialled, self.address, inbound=False)

    def _read(self, kind: bytes, body: bytes) -> Message:
        name = bytes_to_command(kind) if len(kind) <= COMMAND_SIZE else None
        return Malformed("", WRONG_COMMAND, body, fatal=False) if name is None else self._decode(name, body)
