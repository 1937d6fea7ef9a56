"""JupyterLab as the learner gets it: on loopback, with a token, quiet, and open on the lessons' index.

Three settings come with the installed package (`widgets/jupyterlab_settings.json`), so that they hold for
`jupyter lab` and on Binder too: no news, no look for updates, and messages of widgets handled on the
kernel's main thread (since JupyterLab 4.4 they may arrive on a subshell's thread, where a running lab
must not be touched). Theme and all else stay the learner's own.
"""

import os
import socket
import webbrowser
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from blockchain_lab.base.errors import UsageError

LOOPBACK: Final = "127.0.0.1"
PORT_OPTIONS: Final = ("--port", "--ServerApp.port")


def get_arguments(folder: Path, asked: Sequence[str], *, is_root: bool) -> list[str]:
    """What Jupyter is started with. `asked` comes last, so the learner's own options win."""
    ours = [
        f"--ServerApp.root_dir={folder}",
        "--LabApp.default_url=/lab/tree/index.ipynb",
        f"--ServerApp.ip={LOOPBACK}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--Application.log_level=WARN",
    ]
    return [*ours, *(["--allow-root"] if is_root else []), *asked]


def is_root() -> bool:
    """Do we run as root, as in most containers? Jupyter then wants to be told that it is meant."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_browser() -> bool:
    """Can a page be opened from here?"""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def check_port(asked: Sequence[str]) -> None:
    """UsageError when the learner named a port that cannot be had; unnamed, Jupyter finds a free one."""
    port = get_asked_port(asked)
    if port:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as fault:
                raise UsageError(
                    f"port {port} cannot be had ({fault.strerror}): name another, or none to let one be found"
                ) from fault


def get_asked_port(asked: Sequence[str]) -> int | None:
    """The port in Jupyter's arguments, if one is named. UsageError when it is no port number."""
    for option, value in pairwise([*asked, ""]):
        name, _, joined = option.partition("=")
        if name in PORT_OPTIONS:
            shown = joined or value
            if not (shown.isdecimal() and int(shown) < 1 << 16):
                raise UsageError(f"{name}: wanted a number from 0 to 65535, found {shown!r}")
            return int(shown)
    return None


def serve(folder: Path, asked: Sequence[str], announce: Callable[[str], None]) -> None:
    """Run JupyterLab until it is stopped. `announce` is given the address as soon as it answers.

    UsageError when JupyterLab is not installed or the port cannot be had.
    """
    try:
        from jupyterlab.labapp import LabApp  # noqa: PLC0415  half a second, and only this command needs it
    except ImportError as fault:
        raise UsageError("JupyterLab is not installed here: pip install jupyterlab") from fault
    check_port(asked)
    server = LabApp.initialize_server(argv=get_arguments(folder, asked, is_root=is_root()))
    provider = server.identity_provider
    query = f"?token={provider.token}" if provider.token else ""
    provider.token_generated = False  # else Jupyter prints the address again, in five lines
    address = f"{server.connection_url.rstrip('/')}/lab/tree/index.ipynb{query}"
    server.io_loop.add_callback(announce, address)  # after the callback that binds the port
    server.start()
