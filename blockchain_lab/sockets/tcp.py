"""The node that runs in the simulator, unmodified, on real TCP.

    setup = make_setup("me", neighbours=[Address("127.0.0.1", 18444)])
    async with TcpHost(BitcoinNode, setup, BitcoinCodec(magic)) as host:
        await host.until(lambda: host.node.chain.tip.height == 151)

It starts no event loop: use it inside one that runs (a notebook's, say), from that loop's thread. The other
end's half of the tape is written by `far_end`.
"""

import asyncio
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory, Setup
from blockchain_lab.base.units import Address, ConnectionId
from blockchain_lab.sockets.far_end import FarEnd
from blockchain_lab.sockets.host import Host
from blockchain_lab.sockets.stream import Stream, get_reason

DIAL_TIMEOUT: Final = 5.0  # seconds; Bitcoin Core's DEFAULT_CONNECT_TIMEOUT (netbase.h)
MAX_CONNECTIONS: Final = 125  # Bitcoin Core's DEFAULT_MAX_PEER_CONNECTIONS (net.h)


class TcpHost(Host):
    """One node on TCP."""

    def __init__(
        self, factory: NodeFactory, setup: Setup, codec: Codec, *, listen: bool = True, **more: Any
    ) -> None:
        """`setup.address` is where it listens; port 0 lets the system choose, `address` then says which.

        `more` as in `Host`.
        """
        super().__init__(factory, setup, **more)
        self._codec, self._listens = codec, listen
        self._server: asyncio.Server | None = None

    async def _listen(self) -> None:
        if not self._listens or self._server is not None:
            return
        ip, port = self.address if self._lives else self._setup.address
        try:
            self._server = await asyncio.start_server(self._accepted, ip, port, start_serving=False)
        except OSError as fault:
            raise UsageError(
                f"cannot listen on {ip}:{port} ({fault.strerror}): is it in use? Choose another port"
            ) from fault
        self.address = Address(*self._server.sockets[0].getsockname()[:2])
        self._tape.move(self._index, self.address)

    async def _open_doors(self) -> None:
        if self._server is not None:
            await self._server.start_serving()

    def _close_doors(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody dialled us."""
        peername = writer.get_extra_info("peername")
        if self._node is None or peername is None or len(self._streams) >= MAX_CONNECTIONS:
            writer.transport.abort()
            return
        remote, conn = Address(*peername[:2]), next(self._numbers) << 1 | 1
        far = self._meet(remote, conn ^ 1)
        dialled = far.dialled(self.address)
        self._open(Stream(conn, reader, writer, self._codec, far), remote, True, dialled)
        far.opened(dialled, self.address, inbound=False)

    async def _dial(self, remote: Address, conn: ConnectionId, dialled: int) -> None:
        try:
            async with asyncio.timeout(DIAL_TIMEOUT):
                reader, writer = await asyncio.open_connection(*remote)
        except OSError as fault:
            self._fail_to_dial(remote, conn, dialled, get_reason(fault))
        except ValueError:  # no such name can exist: a label of 64 letters, say
            self._fail_to_dial(remote, conn, dialled, "not an address")
        else:
            far = self._meet(remote, conn ^ 1)
            far.opened(dialled, Address(*writer.get_extra_info("sockname")[:2]), inbound=True)
            self._open(Stream(conn, reader, writer, self._codec, far), remote, False, dialled)

    def _meet(self, remote: Address, conn: ConnectionId) -> FarEnd:
        number = self._tape.meet(remote, self.now)
        return FarEnd(self._tape, self._waiting, lambda: self.now, number, self._index, conn)
