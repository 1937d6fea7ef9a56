"""Starts a real Bitcoin node, bcoin 1.0.2 from npm, and ends it again.

It is looked for in the folder that BCOIN_DIR names, or else in the repository: whichever has a
`node_modules/bcoin`. One that runs belongs to no event loop, so that several tests may share it.
"""

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from blockchain_lab.base.units import Address, display_hash
from blockchain_lab.bitcoin.tx import Transaction
from support.required import require

HERE = Path(__file__).parent
HOW_TO_GET_BCOIN = (
    "no real Bitcoin node: `npm install bcoin@1.0.2 --ignore-scripts` in any folder, and name it in BCOIN_DIR"
)
PATIENCE = 30  # seconds for an answer or an end; not a measurement


@dataclass
class Bcoin:
    """A running node. `height`, `tip` and `pool` are its own words, from its last line."""

    address: Address
    http_port: int
    process: subprocess.Popen[bytes]
    voice: socket.socket  # our end of its standard output
    height: int = 0
    tip: str = ""
    pool: list[str] = field(default_factory=list)  # txids of those that wait
    _unread: bytes = b""

    async def hear(self) -> None:
        """Its next line. AssertionError when it has ended."""
        loop = asyncio.get_running_loop()
        while b"\n" not in self._unread:
            more = await loop.sock_recv(self.voice, 1 << 16)
            assert more, "bcoin has ended"
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        said = json.loads(line)
        self.height, self.tip, self.pool = said["height"], said["tip"], said["pool"]

    async def until(self, height: int, tip: str) -> list[int]:
        """Listen until it is there; the heights on its way, the one at the beginning included."""
        way = [(self.height, self.tip)]
        while way[-1] != (height, tip):
            await self.hear()
            if way[-1] != (self.height, self.tip):
                way.append((self.height, self.tip))
        return [height for height, _ in way]

    async def until_waiting(self, *transactions: Transaction) -> None:
        """Listen until all of these wait in its memory pool."""
        while not {display_hash(tx.txid()) for tx in transactions} <= {*self.pool}:
            await self.hear()

    async def call(self, method: str, *params: object) -> Any:
        """What its JSON-RPC answers. AssertionError with its words when it does not want to."""
        answer = await asyncio.to_thread(self._post, {"method": method, "params": params})
        assert answer["error"] is None, answer["error"]
        return answer["result"]

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)
        self.voice.close()

    def _post(self, question: dict[str, object]) -> dict[str, Any]:
        request = Request(f"http://127.0.0.1:{self.http_port}/", json.dumps(question).encode())
        with urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


def find_bcoin() -> Path:
    """The folder with bcoin's node_modules. Skips the test, or fails it in CI, where there is none."""
    require(shutil.which("node"), "no Node.js: install Debian's nodejs and npm")
    named = os.environ.get("BCOIN_DIR")
    folders = [Path(named)] if named else [HERE.parent.parent]
    found = [folder for folder in folders if (folder / "node_modules" / "bcoin").is_dir()]
    require(found, HOW_TO_GET_BCOIN)
    return found[0].resolve()


@contextmanager
def shared_bcoin(*, blocks: int, fork_length: int, dial: Address | None = None) -> Iterator[Bcoin]:
    """A node with a chain of its own making, which dials `dial` once it is ready. It may not be yet."""
    folder, port, http_port = find_bcoin(), get_free_port(), get_free_port()
    numbers = [str(number) for number in (port, http_port, blocks, fork_length)]
    remote = [f"{dial.ip}:{dial.port}"] if dial else []
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with theirs:
        process = subprocess.Popen(
            ["node", str(HERE / "bcoin_regtest.js"), str(folder), *numbers, *remote],
            stdin=subprocess.PIPE,
            stdout=theirs,
        )
    bcoin = Bcoin(Address("127.0.0.1", port), http_port, process, ours)
    try:
        yield bcoin
    finally:
        bcoin.end()


@asynccontextmanager
async def running_bcoin(
    *, blocks: int, fork_length: int, dial: Address | None = None
) -> AsyncIterator[Bcoin]:
    """One for a single test: as above, and ready."""
    with shared_bcoin(blocks=blocks, fork_length=fork_length, dial=dial) as bcoin:
        await bcoin.hear()
        yield bcoin


def get_free_port() -> int:
    """A port on loopback that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
