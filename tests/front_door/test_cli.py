"""The `blockchain-lab` command as somebody types it: what it prints, and what it says when it cannot."""

import json
import socket
import webbrowser

import pytest
from click.testing import CliRunner, Result

from blockchain_lab import headless, notebook_server, scenarios
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import HOUR, MILLISECOND, MINUTE, SECOND
from blockchain_lab.cli import Duration, main
from blockchain_lab.lab import Lab
from blockchain_lab.recording import Recording
from blockchain_lab.sockets import sync as tcp_sync
from blockchain_lab.sockets.sync import Synced


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch) -> None:
    """A learner's folder, not ours."""
    monkeypatch.chdir(tmp_path)


def call(*args: str) -> Result:
    """The command's outcome, with output and errors apart."""
    return CliRunner().invoke(main, args)


def check_one_line(result: Result, *words: str) -> None:
    """It failed with one line that contains these words, and no traceback."""
    lines = result.stderr.strip().splitlines()

    assert 1 == result.exit_code
    assert 1 == len(lines), result.stderr
    assert lines[0].startswith("Error: ")
    for word in words:
        assert word in lines[0]


@pytest.fixture
def served(monkeypatch) -> list:
    """Jupyter is not started; what it would have been started with is noted."""
    calls = []

    def serve(folder, asked, announce):
        calls.append((folder, list(asked)))
        announce("http://127.0.0.1:8888/lab/tree/index.ipynb?token=abc")

    monkeypatch.setattr(notebook_server, "serve", serve)
    return calls


def test_no_argument_copies_the_lessons_and_opens_them(tmp_path, served):
    """The folder is made, the address printed; a second time nothing is copied again."""
    first, second = call(), call()

    assert 0 == first.exit_code == second.exit_code
    assert [(tmp_path / "blockchain-lab-lessons", [])] * 2 == served
    assert (tmp_path / "blockchain-lab-lessons" / "index.ipynb").is_file()
    assert "JupyterLab: http://127.0.0.1:8888/lab/tree/index.ipynb?token=abc" in first.stdout
    assert "0 files new or updated" in second.stdout


def test_what_follows_two_dashes_goes_to_jupyter(served):
    """Even what looks like a command of ours."""
    result = call("--", "--port", "9000", "list", "--no-browser")

    assert 0 == result.exit_code
    assert [["--port", "9000", "list", "--no-browser"]] == [asked for _, asked in served]


@pytest.mark.parametrize("is_root", [True, False])
def test_root_is_told_so(monkeypatch, served, is_root):
    """In a container everybody is root; Jupyter would refuse, so it is told, and so is the user."""
    monkeypatch.setattr(notebook_server, "is_root", lambda: is_root)

    assert is_root == ("--allow-root" in call().stdout)
    assert is_root == ("--allow-root" in notebook_server.get_arguments("f", [], is_root=is_root))


def test_without_a_browser_the_address_is_all_there_is(monkeypatch, served):
    """It says why no page has opened."""

    def none(*args):
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)

    assert "No browser was found: open the address below" in call().stdout


def test_an_edited_lesson_is_named(tmp_path):
    """The newer version's name is printed, so that nobody has to look for it."""
    assert 0 == call("lessons", "--to", "here").exit_code
    lesson = tmp_path / "here" / "index.ipynb"
    cells = json.loads(lesson.read_text())
    cells["cells"][0]["source"] = "my own words"
    lesson.write_text(json.dumps(cells))
    (tmp_path / "here" / ".blockchain-lab" / "lessons.json").unlink()

    result = call("lessons", "--to", "here")

    assert "here/index.new.ipynb: a newer version, put beside the one that you edited" in result.stdout
    assert "my own words" == json.loads(lesson.read_text())["cells"][0]["source"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    """A file stands where the folder should be: its name and the system's word for it."""
    (tmp_path / "taken").write_text("")

    check_one_line(call("lessons", "--to", "taken"), "taken: File exists")


def test_list_names_every_scenario():
    """One line each, at least."""
    result = call("list")

    assert 0 == result.exit_code
    for name in scenarios.names():
        assert name in result.stdout


def test_list_says_how_long_each_one_takes_when_asked(monkeypatch):
    """Simulated seconds always, the machine's own seconds only with --time; nothing is run without it."""
    measured = []

    def measure(name: str) -> float:
        measured.append(name)
        return 1.25

    monkeypatch.setattr(headless, "measure", measure)
    plain, timed = call("list"), call("list", "--time")

    assert 0 == plain.exit_code == timed.exit_code
    assert scenarios.names() == measured
    assert "1.25 s" not in plain.stdout
    assert len(scenarios.names()) == timed.stdout.count("1.25 s")
    assert "300 s" in plain.stdout, "the ping scenario's five minutes"


def test_a_run_is_measured(monkeypatch):
    """By the machine's clock, and to the end."""
    ticks = iter((10.0, 12.5))
    monkeypatch.setattr(headless, "perf_counter", lambda: next(ticks))

    assert 2.5 == headless.measure("ping")


def test_run_sums_up_and_writes_the_trace(tmp_path):
    """One screen of summary that ends with the digest; every record is a line of JSON."""
    result = call("run", "headers_first", "--until", "60s", "--seed", "7", "--trace", "out.jsonl")
    lab = Lab("headers_first", seed=7)
    lab.run(until=60 * SECOND)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]

    assert 0 == result.exit_code
    assert f"digest {lab.digest()}" in result.stdout
    assert "one tip everywhere" in result.stdout
    assert f"{lab.head:,} events" in result.stdout
    assert len(result.stdout.splitlines()) <= 40
    assert len(lab.trace) == len(lines)
    assert {"start", "deliver", "send", "note"} <= {line["kind"] for line in lines}


def test_run_takes_a_file_too():
    """What was saved from a notebook runs here."""
    lab = Lab("headers_first", seed=3)
    lab.save("mine.json")

    result = call("run", "mine.json", "--until", "1s")

    assert 0 == result.exit_code
    assert "seed 3" in result.stdout


def test_export_writes_a_page_that_opens_where_it_is_told(tmp_path):
    """What was written is told; a view that is none, and an event that never happened, are one line."""
    written = call("export", "fork_and_heal", "run.html", "--view", "tree", "--at", "120")
    page = (tmp_path / "run.html").read_text(encoding="utf-8")

    assert f"315 events in run.html, {len(page.encode()) / 1e6:.1f} MB\n" == written.stdout
    assert '"opening":120' in page
    assert '"views":["tree"]' in page
    check_one_line(call("export", "ping", "x.html", "--view", "tee"), "no view is called 'tee'")
    check_one_line(call("export", "ping", "x.html", "--at", "999999"), "at=999999")
    assert not (tmp_path / "x.html").exists()


def test_sync_reports_the_tip(monkeypatch):
    """Host, port and network arrive; final height and tip are printed. (tests/sockets does it for real.)"""

    async def sync(remote, network, tell, keep):
        assert keep is None
        tell(151, 151, 150)
        return Synced(f"/node of {network.name}/", 151, remote.ip)

    monkeypatch.setattr(tcp_sync, "sync", sync)
    result = call("sync", "[::1]:18444", "--network", "testnet4")

    assert "/node of testnet4/ at [::1]:18444\nheight 151\ntip    ::1\n" == result.stdout


def test_unknown_scenario_is_one_line():
    """It names those that there are."""
    check_one_line(call("run", "headers_frist"), "no scenario", "headers_frist", "headers_first")


def test_a_refused_connection_is_one_line():
    """Nobody listens there."""
    with socket.socket() as taken:  # bound, but it does not listen
        taken.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{taken.getsockname()[1]}"

        check_one_line(call("sync", where), where, "refused", "is a Bitcoin node listening there?")


def test_a_synchronisation_is_recorded_however_it_ends():
    """Nobody listens there: the file shows who dialled whom, and what came of it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        result = call("sync", where, "--record", "evening.json")
    recording = Recording("evening.json")

    assert 1 == result.exit_code
    assert f"{len(recording.trace)} records in evening.json" in result.stderr
    assert ["me", where] == recording.names
    assert [Kind.DIAL, Kind.DIAL_FAILED] == [
        record.kind for record in recording.trace if record.kind in (Kind.DIAL, Kind.DIAL_FAILED)
    ]


@pytest.mark.parametrize("address", ["18444", "localhost", ":1", "host:0", "host:65536", "host:port"])
def test_an_address_that_is_none_is_one_line(address):
    """It shows what one looks like."""
    check_one_line(call("sync", address), "HOST:PORT", "127.0.0.1:18444")


def test_a_time_that_is_none_is_one_line():
    """It shows what one looks like."""
    check_one_line(call("run", "headers_first", "--until", "soon"), "'soon' is no time", "250ms")


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("60s", 60 * SECOND),
        ("60", 60 * SECOND),
        ("1.5min", 90 * SECOND),
        ("250ms", 250 * MILLISECOND),
        ("7us", 7),
        ("0.000001s", 1),
        ("2h", 2 * HOUR),
        ("10min", 10 * MINUTE),
    ],
)
def test_times_are_whole_microseconds(text, microseconds):
    """No float is made on the way."""
    assert microseconds == Duration().convert(text, None, None)


def test_version():
    """For a report of a fault."""
    assert "blockchain-lab, version" in call("--version").stdout
