"""Who predicts commits once, within the range, before anybody looks; then the run decides."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill
from blockchain_lab.study.curve_distance import find_distance
from blockchain_lab.study.outcomes import arrival_order, coverage_curve, coverage_time
from blockchain_lab.study.prediction_kinds import Measured
from blockchain_lab.study.predictions import Prediction, choice, curve, number, order, predict

BEFORE = 118  # of fork_and_heal: the next event is ann's, who finds block 1


def make_lab() -> Lab:
    """Six peers; nobody has a block yet."""
    lab = Lab("fork_and_heal")
    lab.goto(event=BEFORE)
    return lab


def ask_number(lab: Lab, value: object = 1.1, *, tolerance: float = 0.3) -> Prediction:
    """A number from 0 s to 5 s whose outcome is the given one."""
    return predict(
        lab,
        number("How long?", lambda _: value, unit="s", least=0, most=5, tolerance=tolerance),
    )


def test_a_lesson_asks_in_one_line_and_the_run_answers() -> None:
    """Five of six peers have block 1 after 1.829 s: dan is the fifth, at event 151."""
    lab = make_lab()
    measure = coverage_time(1, 5)
    said = predict(lab, number("How long?", measure, unit="s", least=0, most=5, tolerance=0.5))

    assert (BEFORE, None, None) == (said.from_event, said.outcome, said.verdict)
    assert "How long? Not answered yet." == repr(said)
    said.commit(1.5)

    assert said.verdict is not None and said.outcome is not None
    assert (True, 151, 151) == (said.verdict.is_right, said.verdict.event, said.decided)
    assert "You said 1.5 s; it was 1.829 s." == said.verdict.words
    assert "dan was the 5th peer that had it, at 4.829 s." == said.outcome.because
    assert "How long? Locked: 1.5. Play on to see." == repr(said)
    lab.goto(event=151)
    assert repr(said).startswith("How long? Right. You said 1.5 s;")


def test_asking_moves_nobody_and_shows_nobody_the_future() -> None:
    """The cursor stands where it stood, and who acts then replaces a future that nobody has seen."""
    lab = make_lab()

    ask_number(lab).commit(1)
    lab.do(Kill("ann"))

    assert (BEFORE + 1, 1) == (lab.cursor, len(lab.branches))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (5.001, "the prediction: found 5.001 s, wanted a number from 0 s to 5 s"),
        (-1, "the prediction: found -1 s, wanted a number from 0 s to 5 s"),
        ("3", "the prediction: found '3', wanted a number from 0 s to 5 s"),
        (True, "the prediction: found True, wanted"),
        (None, "the prediction: found None, wanted"),
        (float("nan"), "the prediction: found nan, wanted"),
        (float("inf"), "the prediction: found inf, wanted"),
        ("x" * 1000, "xxx…, wanted a number"),
    ],
)
def test_a_number_outside_its_range_is_refused_and_nothing_is_locked(found: object, words: str) -> None:
    """The next try counts."""
    said = ask_number(make_lab())

    with pytest.raises(UsageError, match=words):
        said.commit(found)

    assert not said.is_locked
    assert 5 == said.commit(5).guess
    assert 0 == said.again().commit(0).guess  # both ends belong to it


@pytest.mark.parametrize(
    ("guess", "is_right"), [(0.8, True), (1.4, True), (0.799, False), (1.401, False), (1.1, True)]
)
def test_the_tolerance_holds_to_its_ends(guess: float, is_right: bool) -> None:
    """0.8 is 0.3 from 1.1, whatever binary fractions say of it."""
    said = ask_number(make_lab()).commit(guess)

    assert said.verdict is not None and said.verdict.is_right is is_right


def test_what_never_happens_is_no_number() -> None:
    """Nobody can be right, and the end of the run is what decides."""
    lab = make_lab()
    said = predict(
        lab, number("How long?", coverage_time(99, 2), unit="s", least=0, most=5, tolerance=9)
    ).commit(5)

    assert said.verdict is not None and said.outcome is not None
    assert (False, lab.head) == (said.verdict.is_right, said.decided)
    assert "You said 5 s; it was never." == said.verdict.words
    assert "Only 0 of 6 peers had it by then." == said.outcome.because


def test_a_prediction_is_locked() -> None:
    """No second one, not even the same."""
    said = ask_number(make_lab()).commit(1)

    with pytest.raises(UsageError, match="locked: found 2, wanted nothing more"):
        said.commit(2)
    assert 1 == said.guess


def test_of_two_options_that_came_true_each_is_right() -> None:
    """A tie is nobody's mistake; a third option is."""
    for guess, is_right in (("ann", True), ("bob", True), ("cat", False)):
        question = choice("Who?", lambda _: ["ann", "bob"], ["ann", "bob", "cat"])
        said = predict(make_lab(), question).commit(guess)
        assert said.verdict is not None
        assert (is_right, f"You said {guess}; it was ann and bob.") == (
            said.verdict.is_right,
            said.verdict.words,
        )
    nothing = predict(make_lab(), choice("Who?", lambda _: None, ["ann", "bob"]))
    with pytest.raises(UsageError, match="the prediction: found 'dan', wanted one of ann, bob"):
        nothing.commit("dan")
    assert "You said ann; it was none of them." in repr(nothing.commit("ann").verdict)


def test_an_order_is_right_place_by_place() -> None:
    """The first wrong place is named, and the event to replay is that of who came there instead."""
    lab = make_lab()
    said = predict(lab, order("Who first?", arrival_order(1, lab.names), lab.names))

    said.commit(["ann", "bob", "cat", "fay", "dan", "eve"])

    assert said.verdict is not None
    assert not said.verdict.is_right
    assert said.verdict.words.endswith("it was ann, cat, bob, fay, dan, eve. Place 2 was not bob's.")
    assert 133 == said.verdict.event  # where cat accepts the block
    assert 156 == said.decided  # eve is the last
    right = ["ann", "cat", "bob", "fay", "dan", "eve"]
    assert said.again().commit(right).verdict == said.verdict
    assert said.verdict.is_right


@pytest.mark.parametrize(
    ("guess", "is_right"),
    [
        ("abcd", True),
        ("bacd", True),
        ("abdc", True),
        ("acbd", False),
        ("cabd", False),
    ],
)
def test_in_an_order_a_tie_goes_either_way_and_who_never_came_is_last(guess: str, is_right: bool) -> None:
    """First a and b at the same time; c and d never came."""
    question = order("Who?", lambda _: Measured([["a", "b"]]), "abcd")
    said = predict(make_lab(), question).commit(list(guess))

    assert said.verdict is not None
    assert is_right is said.verdict.is_right
    assert "it was a and b at the same time, c and d never" in said.verdict.words


@pytest.mark.parametrize("found", ["abcd", ["a", "b", "c"], ["a", "b", "c", "c"], ["a", "b", "c", "x"], []])
def test_an_order_names_each_thing_once(found: object) -> None:
    """A text is no list of letters."""
    said = predict(make_lab(), order("Who?", lambda _: None, "abcd"))

    with pytest.raises(UsageError, match=r"the prediction: found .*, wanted (each|one) of a, b, c, d"):
        said.commit(found)


def test_a_curve_is_right_when_it_is_not_far_off_on_average() -> None:
    """The measured line itself, drawn as steps, is no distance off; a level line is, and where is said."""
    lab = make_lab()
    terms = {"unit": "peers", "least": 0, "most": 6, "fair": 0.5, "until": 7 * SECOND}
    begin = lab.now
    question = curve("How many?", coverage_curve(1), **terms)  # type: ignore[arg-type]

    level = predict(lab, question).commit([(begin, 0), (7 * SECOND, 0)])
    close = predict(lab, question).commit([(begin, 0), (3 * SECOND, 0), (5_100_000, 6), (7 * SECOND, 6)])

    assert level.verdict is not None and close.verdict is not None
    assert (False, True) == (level.verdict.is_right, close.verdict.is_right)
    assert "furthest apart at 5.084 s: you said 0, it was 6." in level.verdict.words
    assert 156 == level.verdict.event
    assert lab.trace.last_at(7 * SECOND) == level.decided


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(2 * SECOND, 3)], "wanted two points or more"),
        ("line", "wanted two points or more"),
        ([(2 * SECOND, 3), 4], r"found 4, wanted a point \(µs, peers\)"),
        ([(2 * SECOND, 3), (2 * SECOND, 4)], "found 2.000 s, wanted later and later"),
        ([(0, 3), (2 * SECOND, 4)], "found 0.000 s, wanted later and later, 1.641 s to 7.000 s"),
        ([(2 * SECOND, 3), (8 * SECOND, 4)], "found 8.000 s"),
        ([(2 * SECOND, 3), (3 * SECOND, 7)], "found 7 peers at 3.000 s, wanted 0 to 6 peers"),
        ([(2 * SECOND, 3), (3 * SECOND, None)], "found None, wanted a number of peers"),
    ],
)
def test_a_curve_stays_within_its_axes(points: object, words: str) -> None:
    """Both of them, in time order."""
    question = curve(
        "?", coverage_curve(1), unit="peers", least=0, most=6, fair=1, from_event=BEFORE, until=7 * SECOND
    )
    said = predict(make_lab(), question)

    with pytest.raises(UsageError, match=words):
        said.commit(points)


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9)), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9)), max_size=8),
)
def test_the_distance_of_two_lines_is_the_area_between_them(
    drawn: list[tuple[int, int]], steps: list[tuple[int, int]]
) -> None:
    """Against a plain sum over thin slices, each at its middle."""
    line, series = sorted(dict(drawn).items()), sorted(dict(steps).items())
    thin = 50
    heights = []
    for slot in range(100 * thin):
        at = (slot + 0.5) / thin
        left = [point for point in line if point[0] <= at] or line[:1]
        right = [point for point in line if point[0] > at] or line[-1:]
        (x, y), (x2, y2) = left[-1], right[0]
        value = y + (y2 - y) * (at - x) / (x2 - x) if x2 > x and x <= at else y
        level = next((each for since, each in reversed(series) if since <= at), 0)
        heights.append(abs(value - level))

    found = find_distance(line, series, 0, 100)

    assert sum(heights) / len(heights) == pytest.approx(found.mean, abs=0.01)
    assert max(heights) <= abs(found.drawn - found.measured) + 1e-9


def test_a_changed_lab_is_another_run_until_one_asks_anew() -> None:
    """What was said stands, of the run that it was said of; going back to that branch brings it back."""
    lab = make_lab()
    said = predict(
        lab, number("How long?", coverage_time(1, 5), unit="s", least=0, most=5, tolerance=0.5)
    ).commit(1.5)
    lab.run()
    lab.goto(event=BEFORE)
    lab.do(Kill("cat"))

    assert not said.is_same_run
    assert repr(said).endswith("The lab has been changed since: this was another run.")
    lab.switch(0)
    assert said.is_same_run
    lab.switch(1)
    first = said.to_json()
    said.again()
    assert (None, said.is_same_run) == (said.guess, True)
    said.commit(1.5)

    assert said.outcome is not None and said.outcome.value != first["outcome"]["value"]
    assert first["run"]["digest"] == said.earlier[0]["run"]["digest"] != said.to_json()["run"]["digest"]


def test_what_is_done_behind_the_end_is_no_other_run() -> None:
    """The question was about the time before."""
    lab = make_lab()
    question = number("?", lambda _: 1, unit="s", least=0, most=5, tolerance=0, until=7 * SECOND)
    said = predict(lab, question).commit(1)
    lab.run()

    lab.do(Mine("ann"))

    assert said.is_same_run


def test_who_acts_before_committing_predicts_of_the_new_run() -> None:
    """It is measured at the commit."""
    lab = make_lab()
    said = predict(lab, number("?", coverage_time(1, 5), unit="s", least=0, most=5, tolerance=0))
    lab.do(Kill("cat"))

    said.commit(1)

    assert said.outcome is not None and said.outcome.value != 1.828575
    assert said.is_same_run


def test_plain_data_says_no_outcome_before_the_commit() -> None:
    """A page, or a course, gets this; with the run's digest when it is locked."""
    lab = make_lab()
    said = ask_number(lab)

    opened, locked = said.to_json(), said.commit(1).to_json()

    assert [None] * 4 == [opened[name] for name in ("guess", "outcome", "verdict", "run")]
    lab.run()
    run = {"scenario": "fork_and_heal", "seed": "7", "digest": lab.digest()}
    assert (1, run) == (locked["guess"], locked["run"])
    assert {"value": 1.1, "decided": lab.head, "because": ""} == locked["outcome"]
    assert locked == json.loads(json.dumps(locked))


def test_who_listens_hears_of_commit_and_again() -> None:
    """Until they listen no more."""
    heard: list[object] = []
    said = ask_number(make_lab())
    leave = said.subscribe(lambda: heard.append(said.guess))

    said.commit(2).again().commit(3)
    leave()
    said.again()

    assert [2, None, 3] == heard


def test_a_question_that_cannot_be_asked_is_refused() -> None:
    """In the cell that asks, not when somebody answers."""
    lab = make_lab()
    terms = {"unit": "s", "least": 0, "most": 5}
    cases = (
        (lambda: predict(lab, number("?", lambda _: 1, **terms, tolerance=-1)), "tolerance: found -1"),
        (lambda: number("?", len, unit="s", least=5, most=5, tolerance=0), "wanted room between them"),
        (lambda: choice("?", len, ["ann"]), "wanted two texts or more"),
        (lambda: order("?", len, ["ann", "ann"]), "all different"),
        (lambda: ask_number(lab, "soon"), "the outcome: found 'soon', wanted a number"),
        (lambda: predict(lab, choice("?", lambda _: "dan", ["a", "b"])), "the outcome: found 'dan'"),
        (lambda: predict(lab, order("?", lambda _: ["a", "a"], ["a", "b"])), "once at most"),
        (lambda: predict(lab, choice("?", lambda _: "a", "ab", until=1)), "wanted one behind event 118"),
        (lambda: predict(lab, choice("?", lambda _: "a", "ab", from_event=-1)), "from_event: found -1"),
        (lambda: predict(Lab("ping", level="notes"), choice("?", lambda _: "a", "ab")), "level 'notes'"),
    )
    for ask, words in cases:
        with pytest.raises(UsageError, match=words):
            ask()  # type: ignore[no-untyped-call]
