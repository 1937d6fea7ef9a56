"""What a plain `pytest` leaves out, and says so: the files that take long. A path or CI runs everything.

Where everything runs they come first, so that no worker has to wait long for another one in the end. A file
stays on one worker, for its tests may share a page or a server; only those of BY_LESSON are dealt out lesson
by lesson.
`pytest` is for between two edits, `pytest tests` for before a commit. A file belongs to LONG when it takes
more than three seconds on two cores, unless it looks at every file of the house, which every edit may break;
the browser's and the real node's belong to it all together.
"""

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# An example may take as long as a busy machine needs: no test here is a stopwatch.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

HERE = Path(__file__).parent
LONG = (
    "bitcoin/test_attacks_s",
    "bitcoin/test_book_whole.py",
    "bitcoin/test_headers_presync.py",
    "bitcoin/test_node_addresses.py",
    "bitcoin/test_node_connections.py",
    "bitcoin/test_node_low_work.py",
    "bitcoin/test_script_interpreter.py",
    "bitcoin/test_spending_oracle.py",
    "bitcoin/test_wire_messages.py",
    "browser/",
    "chain/test_races.py",
    "chain/test_selfish_mining.py",
    "chain/test_tree.py",
    "consensus/test_consensus_worlds.py",
    "consensus/test_ffg_theorems.py",
    "consensus/test_heard.py",
    "consensus/test_lotteries.py",
    "consensus/test_lottery_attacks.py",
    "consensus/test_peercoin.py",
    "course/test_course.py",
    "course/test_l0",
    "course/test_l1",
    "course/test_questions.py",
    "course/test_real_size",
    "front_door/test_installed.py",
    "front_door/test_notebook_server.py",
    "layers/test_bridges.py",
    "layers/test_ledger_worlds.py",
    "layers/test_toy_",
    "overlay/test_chord.py",
    "overlay/test_degrees.py",
    "overlay/test_evolution_choking.py",
    "overlay/test_evolution_gnutella.py",
    "overlay/test_gossip_calls.py",
    "overlay/test_gossip_faults.py",
    "overlay/test_gossip_lines.py",
    "overlay/test_kademlia_attacked.py",
    "overlay/test_kademlia_size.py",
    "overlay/test_liveness.py",
    "scale/test_closed_forms.py",
    "scale/test_equality.py",
    "scale/test_first_compile.py",
    "scale/test_literature.py",
    "scale/test_memory.py",
    "scale/test_sweep.py",
    "scale/test_sweep_dask.py",
    "scale/test_sweep_killed.py",
    "scale/test_sweep_notebook.py",
    "scenarios/test_address_stories.py",
    "scenarios/test_block_race_stories.py",
    "scenarios/test_consensus_stories.py",
    "scenarios/test_dynamic_stories.py",
    "scenarios/test_eclipse_stories.py",
    "scenarios/test_evolution_stories.py",
    "scenarios/test_golden_digests.py",
    "scenarios/test_overlay_runs.py",
    "scenarios/test_rough_seas.py",
    "scenarios/test_stories.py",
    "sim/test_replay.py",
    "sockets/test_bcoin",
    "sockets/test_gossip_tcp.py",
    "sockets/test_ipv8.py",
    "study/test_cell.py",
    "study/test_curve_names.py",
    "study/test_predictions.py",
    "study/test_standing.py",
    "teach/",
    "test_figures.py",
    "test_lessons.py",
    "test_recording.py",
    "widgets/test_acts.py",
    "widgets/test_carrier.py",
    "widgets/test_curve_folds.py",
    "widgets/test_dht_folds.py",
    "widgets/test_elsewhere.py",
    "widgets/test_explanations.py",
    "widgets/test_finality_folds.py",
    "widgets/test_folds.py",
    "widgets/test_lens_folds.py",
    "widgets/test_modules.py",
    "widgets/test_peer_rows.py",
    "widgets/test_player.py",
    "widgets/test_readings_folds.py",
    "widgets/test_standing_folds.py",
    "widgets/test_storyboard.py",
)
BY_LESSON = ("course/test_course.py", "test_lessons.py")
LESSON = re.compile(r"\[L?(\d\d)[.-]")  # of a question, "[L14.q1]", or of a notebook, "[14-joining-late]"


def is_everything_wanted(config: pytest.Config) -> bool:
    """Did somebody name files, tests or words, or is this CI?"""
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    return named or bool(config.option.keyword) or os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") == "1"


def find_group(node_id: str) -> str:
    """The tests of one group are run by one worker: those of a file, or of one lesson in a file."""
    file, _, name = node_id.partition("::")
    lesson = LESSON.search(name) if file.endswith(BY_LESSON) else None
    return f"{file}:{lesson[1]}" if lesson else file


class ByGroup(LoadScopeScheduling):
    """Deals out whole groups, in the order in which they were collected.

    Not pytest-xdist's own `loadgroup`: with pytest 9.2 that deals out single tests and does not say so.
    """

    def _split_scope(self, nodeid: str) -> str:  # what pytest-xdist asks of whoever has groups of his own
        return find_group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByGroup:
    """With `-n`: the scheduler, which must not begin with the group that has the most tests."""
    config.option.loadscopereorder = False
    return ByGroup(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, as pytest's own `-k` would: it is counted as deselected. Or run it first."""
    places = {item: item.path.relative_to(HERE).as_posix() for item in items}
    if is_everything_wanted(config):
        items.sort(key=lambda item: not places[item].startswith(LONG))
        return
    left_out = [item for item in items if places[item].startswith(LONG)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not places[item].startswith(LONG)]


def pytest_report_header(config: pytest.Config) -> str:
    """One line at the top."""
    if is_everything_wanted(config):
        return "all tests"
    return "the quick tests; `pytest tests` runs all of them"
