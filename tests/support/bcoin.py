"""Starts a real Bitcoin node, bcoin 1.0.2 from npm, and ends it again.

It is looked for in the folder that BCOIN_DIR names, or else in the repository: whichever has a
`node_modules/bcoin`.
"""

import asyncio
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from blockchain_lab.base.units import Address
from support.required import require

HERE = Path(__file__).parent
HOW_TO_GET_BCOIN = (
    "no real Bitcoin node: `npm install bcoin@1.0.2 --ignore-scripts` in any folder, and name it in BCOIN_DIR"
)


@dataclass
class Bcoin:
    """A running node. `height` and `tip` are its own words, from its last line."""

    address: Address
    process: asyncio.subprocess.Process
    height: int = 0
    tip: str = ""

    async def hear(self) -> None:
        """Its next line. AssertionError when it has ended."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        assert line, "bcoin has ended"
        said = json.loads(line)
        self.height, self.tip = said["height"], said["tip"]

    async def until(self, height: int, tip: str) -> list[int]:
        """Listen until it is there; the heights on its way, the one at the beginning included."""
        heights = [self.height]
        while (self.height, self.tip) != (height, tip):
            await self.hear()
            heights.append(self.height)
        return heights


def find_bcoin() -> Path:
    """The folder with bcoin's node_modules. Skips the test, or fails it in CI, where there is none."""
    require(shutil.which("node"), "no Node.js: install Debian's nodejs and npm")
    named = os.environ.get("BCOIN_DIR")
    folders = [Path(named)] if named else [HERE.parent.parent]
    found = [folder for folder in folders if (folder / "node_modules" / "bcoin").is_dir()]
    require(found, HOW_TO_GET_BCOIN)
    return found[0].resolve()


@asynccontextmanager
async def running_bcoin(
    *, blocks: int, fork_length: int, dial: Address | None = None
) -> AsyncIterator[Bcoin]:
    """A node with a chain of its own making, which dials `dial` once it is ready."""
    folder, port, http_port = find_bcoin(), get_free_port(), get_free_port()
    script = [str(HERE / "bcoin_regtest.js"), str(folder)]
    numbers = [str(number) for number in (port, http_port, blocks, fork_length)]
    process = await asyncio.create_subprocess_exec(
        "node",
        *script,
        *numbers,
        *([f"{dial.ip}:{dial.port}"] if dial else []),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        bcoin = Bcoin(Address("127.0.0.1", port), process)
        await bcoin.hear()
        yield bcoin
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def get_free_port() -> int:
    """A port on loopback that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
