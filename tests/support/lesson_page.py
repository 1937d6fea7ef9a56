"""A lesson in a real JupyterLab in a real browser: started through the command line, watched, and operated.

Everything that goes wrong in the page is written down: errors on the console, exceptions, and requests
that leave this machine (they are refused, so a lesson that needs one fails here as it would offline).
"""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, FloatRect, Locator, Page, Request, Route, WebSocket

LAPTOP = {"width": 1366, "height": 768}
START_PATIENCE = 60  # seconds
ASKED_AGAIN = 100  # milliseconds
MOST_QUESTIONS = 300  # half a minute and more
# A model took over two seconds to begin, as on a busy machine. Our views are drawn nevertheless: boot.js
ANYWIDGETS_STOPWATCH = "[anywidget] Failed to initialize model."

# What is asked of JupyterLab itself, from within the page.
PANEL = "window.jupyterapp.shell.currentWidget"
KERNEL = f"{PANEL}.sessionContext.session.kernel"
CELLS = f"{PANEL}.content.widgets"
IS_OPEN = f"() => window.jupyterapp && {PANEL} && {PANEL}.sessionContext"
IS_READY = f"""async () => {{ await window.jupyterapp.restored; const panel = {PANEL};
  await panel.context.ready; await panel.sessionContext.ready; }}"""
# From now on `runs` has how many orders to run cells the page was given, and how many of them are at work.
COUNT_RUNS = """() => {
  if (window.runs) return;
  window.runs = {begun: 0, open: 0};
  window.jupyterapp.commands.commandExecuted.connect((_, {id, result}) => {
    if (!/^(runmenu|notebook):run/.test(id)) return;
    runs.begun += 1;
    runs.open += 1;
    const end = () => { runs.open -= 1; };
    result.then(end, end);
  });
}"""
IS_IDLE = f"""() => !runs.open && {PANEL}.sessionContext.session?.kernel?.status === 'idle' &&
  !{CELLS}.some(cell => cell.promptNode?.textContent === '[*]:')"""
ERRORS = f"""() => {CELLS}.filter(cell => cell.model.type === 'code')
  .flatMap(cell => cell.model.outputs.toJSON()).filter(output => output.output_type === 'error')
  .map(output => output.ename + ': ' + output.evalue)"""
FIND_CELL = f"""text => {CELLS}.findIndex(
  cell => cell.model.type === 'code' && cell.model.sharedModel.source.includes(text))"""
FIND_TEXT = f"""text => {CELLS}.map(cell => cell.model).findLast(
  model => model.type === 'markdown' && model.sharedModel.source.includes(text)).sharedModel.id"""
WHERE = f"""name => [{CELLS}.findIndex(cell => cell.model.sharedModel.id === name),
  {PANEL}.content.activeCellIndex]"""
START_CODE = f"""code => new Promise(begun => {{
  const asked = {KERNEL}.requestExecute({{code, store_history: false}});
  asked.onIOPub = () => begun();
  asked.done.then(() => begun(), () => begun()); }})"""
ASK = f"""async expression => {{
  const request = {{code: '', user_expressions: {{it: expression}}, store_history: false}};
  const {{content}} = await {KERNEL}.requestExecute(request).done;
  const {{data, ename, evalue}} = content.user_expressions.it;
  return data?.['text/plain'] ?? `${{ename}}: ${{evalue}}`; }}"""
IS_EDITED = f"""() => {PANEL}.content.mode === 'edit' && {PANEL}.content.activeCell.editor?.hasFocus()"""
IS_WRITTEN = f"code => {PANEL}.content.activeCell.model.sharedModel.source === code"
IS_ACTIVE = f"index => {PANEL}.content.activeCellIndex === index"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@contextmanager
def served_lessons(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab that `blockchain-lab` has opened on its copy of the lessons in `folder`."""
    private = folder / "jupyter"
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run"}
    own |= {
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "spaces",
        "IPYTHONDIR": "ipython",
    }
    environment = os.environ | {name: str(private / place) for name, place in own.items()}
    command = [str(Path(sys.executable).with_name("blockchain-lab")), "--", "--no-browser"]
    server = subprocess.Popen(
        [*command, "--LabApp.expose_app_in_browser=True"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield wait_for_address(server)
    finally:
        stop(server)


def wait_for_address(server: subprocess.Popen[str]) -> str:
    """The first address that the server prints. AssertionError with its output when there is none."""
    assert server.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()
    output, seen = server.stdout, []

    def read() -> None:
        for line in output:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while (line := lines.get(timeout=START_PATIENCE)) is not None:
        seen.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S*", line):
            return found[0]
    raise AssertionError(f"JupyterLab did not start:\n{''.join(seen)}")


def stop(server: subprocess.Popen[str]) -> None:
    """End the server and its kernels; by force only what we started ourselves."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(20)


def get_box(locator: Locator) -> FloatRect:
    """Where a thing is in the window, when it has come to rest there. AssertionError when it is not drawn."""
    locator.element_handle().wait_for_element_state("stable")
    box = locator.bounding_box()
    assert box is not None
    return box


class LessonPage:
    """One notebook on one page, and what went wrong on it."""

    def __init__(self, browser: Browser, address: str) -> None:
        """Open the page that the command line printed, on a small laptop's screen."""
        self.complaints: list[str] = []
        self.page: Page = browser.new_page(viewport=LAPTOP)
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", self._on_error)
        self.page.route(re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])"), self._refuse)
        self.sent_to_kernels: list[str] = []  # messages, as they went out
        self.page.on("websocket", self._look_at)
        self.page.goto(address, wait_until="domcontentloaded")
        self._wait_until_open()

    def _on_error(self, error: Error) -> None:
        if ANYWIDGETS_STOPWATCH not in str(error):
            self.complaints.append(str(error))

    def _refuse(self, route: Route, request: Request) -> None:
        self.complaints.append(f"outside request: {request.url}")
        route.abort()

    def _look_at(self, socket: WebSocket) -> None:
        if not socket.url.startswith("ws://127.0.0.1:"):
            self.complaints.append(f"outside connection: {socket.url}")
        if "/api/kernels/" in socket.url:
            socket.on("framesent", lambda frame: self.sent_to_kernels.append(str(frame)))

    def _wait_until_open(self) -> None:
        self.page.wait_for_function(IS_OPEN, timeout=60_000)
        self.page.evaluate(IS_READY)
        self.page.evaluate(COUNT_RUNS)

    @property
    def notebook(self) -> Locator:
        """The notebook in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def follow_link(self, text: str, wanted: str = "14-joining-late.ipynb") -> None:
        """Click a link of the notebook that opens another one."""
        self.notebook.get_by_role("link", name=text).first.click()
        self.wait_for_notebook(wanted)

    def wait_for_notebook(self, wanted: str) -> None:
        """Until the notebook in front is this one, and can be used."""
        self.page.wait_for_function(
            f"name => {PANEL}.context.path.endsWith(name)", arg=wanted, timeout=30_000
        )
        self._wait_until_open()
        self.wait_until_idle()

    def go_back_to_index(self) -> None:
        """By the link at the end of a lesson."""
        self.follow_link("index", "index.ipynb")

    def run_all(self) -> None:
        """Choose Run > Run All Cells in the menu, as the lesson says, and wait for the kernel."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.run_by(self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click)

    def run_by(self, press: Callable[[], object]) -> None:
        """Until the page has heard the order to run cells that this gives, and nothing runs any more."""
        begun = self.page.evaluate("() => runs.begun")
        press()
        self.page.wait_for_function("begun => runs.begun > begun", arg=begun)
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Until nothing runs and nothing waits to run."""
        self.page.wait_for_function(IS_IDLE, timeout=400_000)  # the capstone plays 200 worlds

    def kernel_status(self) -> str:
        """What the kernel does: idle or busy."""
        status: str = self.page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.status")
        return status

    def start_in_kernel(self, code: str) -> None:
        """Run code in the kernel, as another cell would; until it has begun, be it at work or done."""
        self.page.evaluate(START_CODE, code)

    def wait_for_pictures(self) -> None:
        """Until everything that was asked for is drawn: two animation frames."""
        self.page.evaluate(DRAWN)

    def ask_kernel(self, expression: str) -> str:
        """The `repr` of an expression in the notebook's kernel, or what it raises."""
        shown: str = self.page.evaluate(ASK, expression)
        return shown

    def wait_for_kernel(self, expression: str, wanted: str) -> None:
        """Until an expression has this `repr` in the kernel; AssertionError with what it is instead."""
        for _ in range(MOST_QUESTIONS):
            if (shown := self.ask_kernel(expression)) == wanted:
                return
            self.page.wait_for_timeout(ASKED_AGAIN)
        raise AssertionError(f"{expression} is {shown}, wanted {wanted}")

    def cell_errors(self) -> list[str]:
        """Exceptions that cells show."""
        errors: list[str] = self.page.evaluate(ERRORS)
        return errors

    def cell_with(self, source: str) -> Locator:
        """The code cell whose source holds this text, found by its name in the notebook: it may be edited."""
        index = self.page.evaluate(FIND_CELL, source)
        assert index >= 0, source
        return self.notebook.locator(f".jp-Cell[data-windowed-list-index='{index}']")

    def cell_named(self, name: str) -> Locator:
        """The cell of that id."""
        index, _ = self.page.evaluate(WHERE, name)
        assert index >= 0, name
        return self.notebook.locator(f".jp-Cell[data-windowed-list-index='{index}']")

    def find_text(self, source: str) -> str:
        """The id of the last cell of prose that holds this text."""
        name: str = self.page.evaluate(FIND_TEXT, source)
        return name

    def write_by_pointer(self, cell: Locator, code: str) -> None:
        """Replace a cell's text with the pointer's help and click the notebook's run button."""
        cell.locator(".cm-content").click()
        self._replace_text(code)
        buttons = "[data-jp-item-name='run'] jp-button, [data-jp-item-name='run'] button"
        self.run_by(self.notebook.locator(buttons).first.click)

    def write_by_keyboard(self, name: str, code: str) -> None:
        """Go to the cell of that id with the arrow keys, replace its text and run it, without a pointer."""
        self.go_to(name)
        self.page.keyboard.press("Enter")
        self._replace_text(code)
        self.run_by(lambda: self.page.keyboard.press("Shift+Enter"))

    def run_cell(self, name: str) -> None:
        """Go to the cell of that id with the arrow keys, and run it as it is."""
        self.go_to(name)
        self.run_by(lambda: self.page.keyboard.press("Shift+Enter"))

    def go_to(self, name: str) -> None:
        """From a cell to the one of that id, with the arrow keys."""
        self.page.keyboard.press("Escape")
        target, at = self.page.evaluate(WHERE, name)
        assert target >= 0, name
        for _ in range(abs(target - at)):
            self.page.keyboard.press("ArrowDown" if target > at else "ArrowUp")
        self.page.wait_for_function(IS_ACTIVE, arg=target)

    def _replace_text(self, code: str) -> None:
        self.page.wait_for_function(IS_EDITED)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)
        self.page.wait_for_function(IS_WRITTEN, arg=code)
