"""Curves are folds over records, so at every moment they say what the nodes held."""

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill
from blockchain_lab.study.curves import (
    Spread,
    find_spread,
    find_spreads,
    find_things,
    get_bytes,
    get_finality,
    get_heights,
    get_percentiles,
    get_pool_sizes,
    get_queues,
    get_records,
    get_round_trips,
    tidy,
    value_at,
)


def run(story: str) -> Lab:
    """A lab at its scenario's end."""
    lab = Lab(story)
    lab.run()
    return lab


def moments(lab: Lab) -> list[int]:
    """Five times of a run: in each all of its events have happened."""
    return [lab.trace.time_of(lab.head * place // 5) for place in range(1, 6)]


def test_heights_and_pools_are_the_nodes() -> None:
    """At five moments, for every peer."""
    lab = run("conflict")
    heights, pools = get_heights(lab), get_pool_sizes(lab)
    for at in moments(lab):
        lab.goto(at=at)
        for name in lab.names:
            node = lab.peer(name)
            assert node.chain.tip.height == value_at(heights[name], at)
            assert len(node.pool.waiting) == (value_at(pools.get(name, []), at) or 0)
    assert any(size > 0 for series in pools.values() for _, size in series)


def test_waiting_lines_are_the_nodes() -> None:
    """At five moments, at every peer that gives pieces; and nobody waits at one that has been killed."""
    lab = run("the_herd")
    queues = get_queues(lab.trace, lab.names)
    seen = []
    for at in moments(lab):
        lab.goto(at=at)
        seen += [(len(lab.peer(name).serving.jobs), value_at(queues[name], at) or 0) for name in queues]
    assert {"ann", "dan"} == set(queues)
    assert all(held == told for held, told in seen) and any(held > 0 for held, _ in seen)
    lab.goto(at=5 * SECOND)
    before = get_queues(get_records(lab), lab.names)["ann"][-1]
    lab.do(Kill("ann"))
    after = get_queues(get_records(lab), lab.names)["ann"][-1]
    assert before[1] > 10 and (lab.now, 0) == after


def test_finality_is_the_nodes() -> None:
    """Epochs on the branch to each peer's head."""
    lab = run("happy_finality")
    curves = get_finality(lab)
    for at in moments(lab):
        lab.goto(at=at)
        for name in lab.names:
            node = lab.peer(name)
            state = node.branches.get_state(node.head).finality
            assert state.last_justified.epoch == value_at(curves["justified"][name], at)
            assert state.last_finalised.epoch == value_at(curves["finalised"][name], at)
    assert {} == get_finality(run("ping"))["finalised"]


def test_coverage_of_an_item_is_how_many_nodes_hold_it() -> None:
    """Counted in the nodes at five moments, and nobody is counted twice."""
    lab = run("flood_or_names")
    item, known = next(iter(find_things(lab.trace).items()))
    spread = find_spread(lab.trace, lab.names, item)
    assert known == len(spread.times)
    for at in moments(lab):
        lab.goto(at=at)
        holders = [name for name in lab.names if bytes.fromhex(item) in lab.peer(name).ground.items]
        assert len(holders) == (value_at(spread.points, at) or 0)
        assert set(holders) == {name for name, since in spread.times.items() if since <= at}


def test_coverage_of_a_block() -> None:
    """From its time on each peer stands on it, and not before."""
    lab = run("conflict")
    block = display_hash(lab.peer("ann").chain.tip.hash)
    spread = find_spread(lab.trace, lab.names, block)
    assert set(spread.times) <= set(lab.names) and len(spread.times) > 1
    for name, at in spread.times.items():
        for moment, has_it in ((at - 1, False), (at, True)):
            lab.goto(at=moment)
            assert has_it == (block == display_hash(lab.peer(name).chain.tip.hash))


def test_percentiles_count_all_peers() -> None:
    """Of ten peers the fifth makes 50 %, the ninth 90 %; an eleventh part more needs one peer more."""
    spread = Spread({f"p{number}": 100 + number * number for number in range(9)}, 10)

    assert (16, 64, None) == tuple(spread.percentile(percent) for percent in (50, 90, 99))
    assert 25 == spread.percentile(51)
    assert [(100, 1), (101, 2)] == spread.points[:2]
    for wrong in (0, 101, 0.5):
        with pytest.raises(UsageError, match="wanted a whole number from 1 to 100"):
            spread.percentile(wrong)  # type: ignore[arg-type]


def test_round_trips_are_what_the_nodes_measured() -> None:
    """The shortest one of each line is the `min_ping` that its node keeps."""
    lab = run("ping")
    trips = get_round_trips(lab.trace, lab.names)
    lab.goto(event=lab.head)
    assert trips
    for (asker, _), series in trips.items():
        (line,) = lab.peer(asker).peers
        assert line.min_ping == min(took for _, took in series)


def test_bytes_by_class_are_all_bytes() -> None:
    """Cumulated series end where a plain sum over all messages does."""
    lab = run("conflict")
    curves = get_bytes(lab.trace)
    total = sum(record.detail.size for record in lab.trace if record.kind == Kind.SEND)

    assert total == sum(series[-1][1] for series in curves.values())
    assert all(series == sorted(series) for series in curves.values())
    lab.goto(event=lab.head // 2)
    for name, series in get_bytes(get_records(lab)).items():
        assert series[:-1] == curves[name][: len(series) - 1]


def test_a_series_has_one_point_for_each_change() -> None:
    """Of several values at one time the last counts; what does not change is no point."""
    assert [(0, 1), (5, 3), (9, 4)] == tidy([(0, 1), (3, 1), (5, 2), (5, 3), (7, 3), (9, 4)])
    assert [(0, 1)] == tidy([(0, 1), (5, 2), (5, 1)])
    assert (None, 1, 3) == tuple(value_at([(2, 1), (5, 3)], at) for at in (1, 4, 5))


def test_who_learns_a_thing_again_had_it_since_the_first_time() -> None:
    """A transaction that came back after a reorganisation is no later news."""
    facts = ("transaction accepted", {"txid": "ab"})
    records = [
        Record(at, at, at, Kind.NOTE, host, -1, -1, -1, facts) for at, host in ((3, 1), (5, 0), (9, 1))
    ]

    assert {"bob": 3, "ann": 5} == find_spread(records, ["ann", "bob"], "ab").times
    assert {"ab": 2} == find_things(records)


def test_percentiles_by_thing_stand_where_it_began() -> None:
    """A thing that never reached so many peers has no point; who is first counts from nought."""
    half = Spread({"ann": 5, "bob": 9}, 4)
    whole = Spread({name: 100 + 7 * at for at, name in enumerate(("ann", "bob", "cat", "dan"))}, 4)

    assert {"50 %": [(5, 4), (100, 7)], "90 %": [(100, 21)], "99 %": [(100, 21)]} == get_percentiles(
        [half, whole]
    )
    assert {"25 %": [(5, 0), (100, 0)]} == get_percentiles([half, whole], (25,))
    assert {} == get_percentiles([])


def test_all_that_spreads_is_found_at_once() -> None:
    """The same as thing by thing, in the order of appearance."""
    lab = run("conflict")
    spreads = find_spreads(lab.trace, lab.names)

    assert list(find_things(lab.trace)) == list(spreads)
    assert all(find_spread(lab.trace, lab.names, thing) == spread for thing, spread in spreads.items())
    assert {} == find_spread(lab.trace, lab.names, "nothing").times
