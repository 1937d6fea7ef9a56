"""The files of the widgets for pages without Jupyter: a server on 127.0.0.1 for one browser.

The browser takes `http://views.test` for it, and knows of no other host: whatever a page wants from
elsewhere fails, as it would offline. Pages of one browser share its cache, so the modules are read once.
"""

from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from blockchain_lab_widgets.assets import FOLDER, get_vis

HOST = "views.test"
ORIGIN = f"http://{HOST}"
STORIES = Path(__file__).parents[1] / "widgets"
TYPES = {"js": "text/javascript", "mjs": "text/javascript"}
PAPER = {
    "light": "--jp-layout-color0: white; --jp-ui-font-color0: #000",
    "dark": "--jp-layout-color0: #111; --jp-layout-color1: #212121; --jp-layout-color2: #424242;"
    "--jp-border-color2: #424242; --jp-ui-font-color0: #fff; --jp-ui-font-color1: rgba(255, 255, 255, .87)",
}
PAGE = """<!doctype html><title>views</title><style>:root {{ {paper} }} body {{ margin: 0 }}</style>
<script>
  window.framesAsked = new Set(); // animation frames that were asked for and have not come yet
  {{
    const [ask, cancel] = [requestAnimationFrame, cancelAnimationFrame];
    window.requestAnimationFrame = act => {{
      const frame = ask(now => {{ framesAsked.delete(frame); act(now); }});
      framesAsked.add(frame);
      return frame;
    }};
    window.cancelAnimationFrame = frame => {{ framesAsked.delete(frame); cancel(frame); }};
  }}
</script>
<body><div id=host></div>"""
FOR_AN_HOUR = "max-age=3600"  # a file of tests takes minutes

get_library = cache(lambda: get_vis().encode())


class Handler(BaseHTTPRequestHandler):
    """Answers with a module, a toy story, a packed trace, the library or the empty page."""

    server: "ViewsServer"
    protocol_version = "HTTP/1.1"  # a connection is kept: there are two hundred modules

    def do_GET(self) -> None:
        """Where the file is depends on its folder only."""
        asked = urlsplit(self.path)
        path = asked.path.lstrip("/")
        body = self._read(path, asked.query)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", TYPES.get(path.rpartition(".")[2], "text/html"))
        self.send_header("Content-Length", str(len(body or b"")))
        self.send_header("Cache-Control", FOR_AN_HOUR if path else "no-store")
        self.end_headers()
        with suppress(ConnectionError):  # the page was closed meanwhile
            self.wfile.write(body or b"")

    def _read(self, path: str, query: str) -> bytes | None:
        if path in ("", "favicon.ico"):
            return PAGE.format(paper=PAPER[query or "light"]).encode()
        if path == "vis.js":
            return get_library()
        folder, _, name = path.rpartition("/")
        if folder.startswith("packed/"):
            return self.server.packed[folder.removeprefix("packed/")][name]
        room = {"tests/widgets": STORIES, "widgets/blockchain_lab_widgets/js": FOLDER}.get(folder)
        file = room / name if room else None
        return file.read_bytes() if file and file.is_file() else None

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class ViewsServer(ThreadingHTTPServer):
    """One for all browsers of a process, as long as it lives."""

    daemon_threads = True

    def __init__(self) -> None:
        """On any free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.packed: dict[str, dict[str, bytes]] = {}  # traces of labs: name -> file -> bytes
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def flag(self) -> str:
        """What a browser is told when it starts, for it to find this server, and no other host."""
        here = f"MAP {HOST} 127.0.0.1:{self.server_port}"
        return f"--host-resolver-rules={here},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE localhost"


@cache
def get_server() -> ViewsServer:
    """The server, which runs from the first time it is asked for."""
    return ViewsServer()
