"""The `blockchain-lab` command: opens the lessons, runs a scenario without a page, syncs from a real node.

Faults of the caller's end in one line that says what to do, and exit code 1. Results go to standard
output, progress to standard error. No room imports this one.
"""

import asyncio
import errno
import re
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from blockchain_lab import __version__, headless, lessons_folder, notebook_server, scenarios
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, MILLISECOND, MINUTE, SECOND, Microseconds
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.lessons_folder import Outcome
from blockchain_lab.recording import Recording
from blockchain_lab.sockets import sync as tcp_sync
from blockchain_lab.sockets.tape import Tape
from blockchain_lab.teach.commands import COMMANDS

LESSONS_HERE: Final = "blockchain-lab-lessons"
UNITS: Final = {"us": 1, "µs": 1, "ms": MILLISECOND, "s": SECOND, "": SECOND, "min": MINUTE, "h": HOUR}
AFTER_DASHES: Final = "blockchain_lab.after_dashes"


class FrontDoor(click.Group):
    """Keeps what follows `--` for Jupyter, and says the caller's faults in one line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a command before it, `--` begins Jupyter's own options."""
        if "--" in args:
            before, after = args[: args.index("--")], args[args.index("--") + 1 :]
            if not any(word in self.commands for word in before):
                ctx.meta[AFTER_DASHES] = after
                args = before
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except UsageError as fault:
            raise click.ClickException(str(fault)) from fault
        except OSError as fault:
            if fault.errno == errno.EPIPE:
                raise  # the reader of our output has left: click ends quietly
            where = f"{fault.filename}: " if fault.filename else ""
            raise click.ClickException(f"{where}{fault.strerror or fault}") from fault


class Duration(click.ParamType):  # type: ignore[type-arg]  # older ones are not generic
    """A time such as 60s, 1.5min or 250ms; seconds when no unit is given."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Microseconds:
        """Whole microseconds. UsageError."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d+)(?:\.(\d{1,6}))?([a-zµ]*)", value)
        if found is None or found[3] not in UNITS:
            raise UsageError(f"{value!r} is no time: write 60s, 250ms, 1.5min or 1h")
        whole, fraction = found[1], found[2] or ""
        return int(whole + fraction) * UNITS[found[3]] // int("1" + "0" * len(fraction))


@click.group(cls=FrontDoor, invoke_without_command=True)
@click.version_option(__version__, prog_name="blockchain-lab")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Open the lessons in JupyterLab.

    Without a command: copies the lessons to ./blockchain-lab-lessons (what you edited stays as it is) and
    opens their index. What follows -- goes to Jupyter: blockchain-lab -- --port 9000 --no-browser
    """
    if ctx.invoked_subcommand is None:
        folder = Path(LESSONS_HERE)
        _copy_lessons(folder)
        _open_jupyter(folder, ctx.meta.get(AFTER_DASHES, []))


@main.command()
@click.option("--to", default=LESSONS_HERE, type=click.Path(path_type=Path), show_default=True)
def lessons(to: Path) -> None:
    """Copy the lessons to a folder, without opening them."""
    _copy_lessons(to)


@main.command(name="list")
@click.option("--time", "is_timed", is_flag=True, help="Run each one, and show how long that takes here.")
def list_scenarios(is_timed: bool) -> None:
    """List the scenarios that `run` knows."""
    timed = ("run time",) if is_timed else ()
    table = Table("scenario", "peers", "lasts", *timed, "what happens", box=None, pad_edge=False)
    for name in scenarios.names():
        scenario = scenarios.load(name)
        took = (f"{headless.measure(name):.2f} s",) if is_timed else ()
        lasts = f"{scenario.until // SECOND} s"
        table.add_row(name, str(len(scenario.peers)), lasts, *took, scenario.title)
    Console().print(table)


@main.command()
@click.argument("scenario")
@click.option("--until", type=Duration(), help="Simulated time, such as 60s. [default: the scenario's own]")
@click.option("--seed", type=int, help="[default: the scenario's own]")
@click.option("--trace", type=click.Path(path_type=Path, dir_okay=False), help="Write every record here.")
def run(scenario: str, until: Microseconds | None, seed: int | None, trace: Path | None) -> None:
    """Run SCENARIO (a name, or a file) without a page, and sum it up."""
    lab = headless.open_lab(scenario, seed, trace)
    end = lab.scenario.until if until is None else until
    with _progress("{task.description} [green]{task.completed:.1f}[/] of {task.total:.1f} s") as progress:
        task = progress.add_task(lab.scenario.name, total=end / SECOND)
        headless.run(lab, end, lambda now: progress.update(task, completed=now / SECOND))
    Console().print(headless.draw_summary(headless.summarise(lab)), highlight=False)
    if trace is not None:
        click.echo(f"{len(lab.trace):,} records in {trace}")


@main.command()
@click.argument("scenario")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--view", "views", multiple=True, help="A tab beside the network; may be given again.")
@click.option("--at", type=int, help="Open at this event. [default: where the scenario is best seen]")
@click.option("--seed", type=int, help="[default: the scenario's own]")
def export(scenario: str, file: Path, views: tuple[str, ...], at: int | None, seed: int | None) -> None:
    """Write SCENARIO's whole run to FILE, an HTML page that needs neither a kernel nor a network."""
    lab = headless.open_lab(scenario, seed, None)
    lab.export(file, *views, at=at)
    click.echo(f"{lab.head:,} events in {file}, {file.stat().st_size / 1e6:.1f} MB")


@main.command()
@click.argument("scenario")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--at", "events", type=int, multiple=True, help="A moment, an event; may be given six times.")
@click.option("--seed", type=int, help="[default: the scenario's own]")
def storyboard(scenario: str, file: Path, events: tuple[int, ...], seed: int | None) -> None:
    """Draw six moments of SCENARIO's run to FILE, an SVG of 1280 x 720 for a slide."""
    lab = headless.open_lab(scenario, seed, None)
    lab.share.storyboard(file, events or None)
    click.echo(f"{file}, {file.stat().st_size / 1e3:.0f} kB")


@main.command()
@click.argument("address", metavar="HOST:PORT")
@click.option("--network", type=click.Choice(list(NETWORKS)), default="regtest", show_default=True)
@click.option(
    "--record", type=click.Path(path_type=Path, dir_okay=False), help="Write all that is said here."
)
def sync(address: str, network: str, record: Path | None) -> None:
    """Synchronise headers-first from a real Bitcoin node, and show the tip.

    What --record has written is shown in a notebook by blockchain_lab.recording.Recording(FILE).show()
    """
    remote = tcp_sync.parse_address(address)
    with _progress("{task.description}", MofNCompleteColumn()) as progress:
        headers = progress.add_task("headers", visible=False)
        blocks = progress.add_task("blocks ", visible=False)

        def tell(goal: int, known: int, stored: int) -> None:
            progress.update(headers, visible=True, total=goal, completed=known)
            progress.update(blocks, visible=True, total=goal, completed=stored)

        keep = None if record is None else partial(_save_tape, record)
        result = asyncio.run(tcp_sync.sync(remote, NETWORKS[network], tell, keep))
    click.echo(f"{result.user_agent} at {address}\nheight {result.height:,}\ntip    {result.tip}")


def _save_tape(file: Path, tape: Tape) -> None:
    Recording(tape).save(file)
    click.echo(f"{len(tape.records):,} records in {file}", err=True)


def _progress(text: str, *columns: MofNCompleteColumn) -> Progress:
    """A bar on standard error, drawn only where somebody can see it move."""
    return Progress(
        TextColumn(text), BarColumn(), *columns, TimeElapsedColumn(), console=Console(stderr=True)
    )


def _copy_lessons(folder: Path) -> None:
    placed = lessons_folder.copy_lessons(lessons_folder.find_lessons(), folder)
    for file in placed:
        if file.outcome is Outcome.BESIDE:
            click.echo(f"{folder / file.name}: a newer version, put beside the one that you edited")
    fresh = sum(file.outcome in (Outcome.COPIED, Outcome.UPDATED) for file in placed)
    click.echo(f"Lessons in {folder}: {fresh} files new or updated, {len(placed) - fresh} left as they were")


def _open_jupyter(folder: Path, asked: list[str]) -> None:
    if notebook_server.is_root():
        click.echo("You are root, as in most containers: Jupyter is told so (--allow-root).")
    if not notebook_server.has_browser():
        click.echo("No browser was found: open the address below in one.")
    notebook_server.serve(folder.resolve(), asked, lambda address: click.echo(f"JupyterLab: {address}"))


for _command in COMMANDS:
    main.add_command(_command)


if __name__ == "__main__":
    main()
