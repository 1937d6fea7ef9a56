"""JupyterLab itself, started by the command: loopback, a token, quiet, and no subshells for widgets."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.notebook_server import check_port, get_arguments, get_asked_port

SETTINGS = "/lab/api/settings/@jupyterlab/apputils-extension:"


@dataclass
class Running:
    """A server: its address without the token, and the token."""

    address: str
    token: str

    def get(self, path: str) -> str:
        """A page, with the token."""
        with urlopen(f"{self.address}{path}?token={self.token}", timeout=30) as answer:
            return answer.read().decode()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`blockchain-lab -- --no-browser --port=0`, with none of this machine's Jupyter settings."""
    folder = tmp_path_factory.mktemp("learner")
    private = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings = {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "HOME": str(folder)}
    command = [sys.executable, "-m", "blockchain_lab.cli", "--", "--no-browser", "--port=0"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **private, **settings},
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.fullmatch(r"JupyterLab: (http://\S+)/lab/tree/index\.ipynb\?token=(\w+)\n", line):
                yield Running(found[1], found[2])
                break
        else:
            pytest.fail("the address was not printed")
    finally:
        process.terminate()
        process.wait()


def test_it_listens_on_loopback_and_wants_the_token(running: Running) -> None:
    """Nobody else on the network gets in, and nobody on this machine without the token."""
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{running.address}{SETTINGS}notification", timeout=30)

    assert 403 == refused.value.code
    assert "127.0.0.1" == urlsplit(running.address).hostname


def test_widgets_talk_to_the_main_thread(running: Running) -> None:
    """The installed settings file is read by this JupyterLab."""
    schema = json.loads(running.get(f"{SETTINGS}kernels-settings"))["schema"]

    assert "disabled" == schema["properties"]["commsOverSubshells"]["default"]


def test_no_news_and_no_look_for_updates(running: Running) -> None:
    """Neither as a setting nor as an address to ask."""
    schema = json.loads(running.get(f"{SETTINGS}notification"))["schema"]
    page = running.get("/lab")

    assert "false" == schema["properties"]["fetchNews"]["default"]
    assert schema["properties"]["checkForUpdates"]["default"] is False
    assert re.search(r'"news":\s*\{\s*"disabled":\s*true', page)


def test_the_lessons_are_its_root(running: Running) -> None:
    """The index is there to be opened."""
    names = [entry["name"] for entry in json.loads(running.get("/api/contents/"))["content"]]

    assert "index.ipynb" in names


def test_the_learners_options_come_last() -> None:
    """So they win over ours."""
    arguments = get_arguments("lessons", ["--ServerApp.ip=::1"], is_root=True)

    assert "--ServerApp.ip=::1" == arguments[-1]
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert "--allow-root" in arguments


@pytest.mark.parametrize("asked", [["--port", "9000"], ["--port=9000"], ["-y", "--ServerApp.port=9000"]])
def test_a_named_port_is_found(asked: list[str]) -> None:
    """However Jupyter lets it be written."""
    assert 9000 == get_asked_port(asked)


@pytest.mark.parametrize("asked", [["--port", "many"], ["--port"], ["--port=65536"]])
def test_a_port_that_is_none(asked: list[str]) -> None:
    """Said before Jupyter starts."""
    with pytest.raises(UsageError, match="wanted a number from 0 to 65535"):
        get_asked_port(asked)


def test_a_named_port_in_use_is_said_so() -> None:
    """Jupyter would silently take another; who names a port wants that one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(UsageError, match=f"port {port} cannot be had .*name another"):
            check_port(["--port", str(port)])
    check_port(["--port", str(port)])
    check_port([])
