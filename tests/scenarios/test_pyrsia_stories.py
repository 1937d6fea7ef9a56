"""Stories of peers that give artifacts: a herd on one metric and its cure; liars who are outlived; a vote."""

from support.story_runs import messages, notes, read, timed_notes

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.artifact_messages import PieceAsk
from blockchain_lab.overlay.build_messages import get_build
from blockchain_lab.overlay.build_verifier import make_artifact
from blockchain_lab.sim.actions import SetKnob

FIVE = ("ann", "bob", "cat", "dan", "eve")
WAVES = (3 * SECOND, 9 * SECOND, 15 * SECOND)  # of the story with five candidates
HERD, TWO = ([f"{letter}{number}" for number in range(10)] for letter in "ht")
SERVERS = [f"s{number}" for number in range(6)]


def count_pieces(lab: Lab, requesters: list[str]) -> list[int]:
    """How many pieces these asked of each server."""
    asks = [
        [each for name in requesters for each in messages(lab, name, server) if isinstance(each, PieceAsk)]
        for server in SERVERS
    ]
    return [len(each) for each in asks]


def get_times(lab: Lab, requesters: list[str]) -> list[int]:
    """How long their downloads took, microseconds."""
    return [facts["took"] for name in requesters for facts in notes(lab, name, "fetch finished")]


def test_ten_take_the_lowest_and_wait_for_each_other() -> None:
    """All 40 pieces of one peer, 40 ms each: 1.6 s of work, done by one of six."""
    lab = read("artifact_herd")
    times = get_times(lab, HERD)

    assert [40, 0, 0, 0, 0, 0] == count_pieces(lab, HERD)
    assert 10 == len(times) and max(times) > 16 * SECOND // 10
    assert 19 == max(facts["waiting"] for facts in notes(lab, "s0", "piece wanted"))


def test_ten_take_the_better_of_two_and_are_done_in_half_the_time() -> None:
    """The same metrics, the same work: nobody but the busiest is left out."""
    lab = read("artifact_herd")
    shares, times = count_pieces(lab, TWO), get_times(lab, TWO)

    assert 40 == sum(shares) and max(shares) < 20 and 0 == shares[5]
    assert 10 == len(times) and 2 * max(times) < max(get_times(lab, HERD))


def test_all_ten_read_the_same_numbers() -> None:
    """2 times 0, 0.1, ... 0.5: true, and of no use to ten at a time."""
    lab = read("artifact_herd")
    told = [{facts["from"]: facts["metric"] for facts in notes(lab, name, "metric told")} for name in HERD]

    assert all(told[0] == each for each in told)
    assert ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"] == [
        told[0][f"10.0.0.{place}:8333"] for place in range(6)
    ]


def test_at_the_poster_the_line_is_longest() -> None:
    """Nineteen pieces wait at one peer, none at the five others."""
    lab = Lab("artifact_herd")
    lab.run(until=lab.scenario.until)
    lab.goto(event=lab.scenario.poster)

    assert [19, 0, 0, 0, 0, 0] == [len(lab.peer(name).serving.jobs) for name in SERVERS]


def test_kademlia_names_four_of_whom_three_lie() -> None:
    """Kim gets all of it from Ida, who said that she was busy; and knows the others from now on."""
    lab = read("artifact_liars")
    (started,) = notes(lab, "kim", "fetch started")
    (finished,) = notes(lab, "kim", "fetch finished")
    dan, fay, hal, ida = (f"10.0.0.{place}:8333" for place in (3, 5, 7, 8))
    kim = lab.peer("kim").fetching

    assert {dan, fay, hal, ida} == set(started["providers"])
    assert {ida: 4} == finished["from"]
    assert [
        (hal, "its metric is infinite"),
        (dan, "its piece 1 is not what was published"),
        (dan, "its piece 0 is not what was published"),
    ] == [(facts["from"], facts["reason"]) for facts in notes(lab, "kim", "peer misbehaved")]
    assert [fay, fay] == [facts["of"] for facts in notes(lab, "kim", "piece hedged")]
    assert [["10.0.0.3"], ["10.0.0.5"]] == [
        [address.ip for address in each] for each in (kim.banned, kim.slow)
    ]


def test_two_thirds_of_all_builders_decide_and_less_do_not() -> None:
    """Four honest of six are enough; three are not, till Dan is back; without Eve it stays undecided."""
    lab = read("build_vote")
    sources = [facts["source"] for facts in notes(lab, "ann", "build asked")]
    accepted = timed_notes(lab, "ann", "build accepted")
    true = [make_artifact(source, "").hex() for source in sources]

    assert ["left-pad 1.3", "left-pad 1.4", "left-pad 2.0"] == sources
    assert true[:2] == [facts["artifact"] for _, facts in accepted]
    assert [4, 4] == [facts["votes"] for _, facts in accepted]
    assert [3, 26] == [at // SECOND for at, _ in accepted], "the second one when Dan is back"
    (undecided,) = notes(lab, "ann", "build undecided")
    assert (["eve"], get_build(sources[2]).hex()) == (undecided["missing"], undecided["build"])


def test_every_builder_counts_for_itself_and_comes_to_the_same() -> None:
    """Even Mal, who has tampered, and Tim, who builds the hour in, accept what the others have made."""
    lab = read("build_vote")
    first = {
        name: notes(lab, name, "build accepted")[0]["artifact"]
        for name in lab.names
        if name not in ("dan", "eve")
    }
    made = {name: notes(lab, name, "build made")[0]["artifact"] for name in ("bob", "mal", "tim")}

    assert {made["bob"]} == set(first.values())
    assert 3 == len(set(made.values()))
    assert 0 == sum(len(notes(lab, name, "peer misbehaved")) for name in lab.names)


def count_wanted(lab: Lab) -> dict[str, list[int]]:
    """How many pieces were wanted of each of the five, since each wave began and until the next one."""
    at = {name: [at for at, _ in timed_notes(lab, name, "piece wanted")] for name in FIVE}
    ends = (*WAVES[1:], lab.scenario.until)
    return {
        name: [sum(begin <= each < end for each in own) for begin, end in zip(WAVES, ends, strict=True)]
        for name, own in at.items()
    }


def test_the_herd_moves_from_one_to_another() -> None:
    """Ann first; then she has a line, so all go to dan; then dan has one, and ann is free again."""
    lab = read("the_herd")

    assert {"ann": [20, 0, 20], "bob": [0] * 3, "cat": [0] * 3, "dan": [0, 20, 0], "eve": [0] * 3} == (
        count_wanted(lab)
    )
    times = [facts["took"] for name in lab.names for facts in notes(lab, name, "fetch finished")]
    assert 60 == len(times) and max(times) > 8 * SECOND


def test_each_says_what_its_machine_comes_to() -> None:
    """Ann: load 0.2, 600 packets out and 100 read a second; six of hers wait when the second wave asks."""
    lab = read("the_herd")
    told = [float(facts["metric"]) for facts in notes(lab, "r1", "metric told")]

    assert [1.1, 1.4, 1.6, 1.9, 2.6] == sorted(round(each, 2) for each in told[:5])
    assert 13 < max(told[5:10]) < 14


def test_at_its_poster_all_twenty_stand_in_one_line() -> None:
    """And nobody at the four others."""
    lab = Lab("the_herd")
    lab.run()
    lab.goto(event=lab.scenario.poster)

    assert [20, 0, 0, 0, 0] == [len(lab.peer(name).serving.jobs) for name in FIVE]


def limit(most: int, again_after: int | None = None) -> tuple[list[int], int, int]:
    """The story with a limit: requests taken on by each, how many got their file, how many gave up."""
    lab = Lab("five_a_minute")
    lab.do(SetKnob("requests taken on in a minute", most))
    if again_after:
        lab.do(SetKnob("ask again after", again_after))
    lab.run()
    taken = [len(notes(lab, name, "piece wanted")) for name in FIVE]
    ends = [
        sum(len(notes(lab, name, topic)) for name in lab.names)
        for topic in ("fetch finished", "fetch failed")
    ]
    return taken, *ends


def test_a_limit_spreads_requests_and_too_low_a_limit_starves() -> None:
    """Ann, dan, cat, bob, eve: in this order they are asked, and each takes on what it may."""
    assert ([18, 0, 0, 0, 0], 18, 0) == limit(0)
    assert ([5, 3, 5, 5, 0], 18, 0) == limit(5)
    assert ([4, 4, 4, 4, 2], 18, 0) == limit(4)
    assert ([3, 3, 3, 3, 3], 15, 3) == limit(3)


def test_who_can_wait_for_the_next_minute_does_not_starve() -> None:
    """Three each in a minute; the last three come back until the first three are a minute old."""
    taken, finished, failed = limit(3, 6 * SECOND)

    assert (18, 18, 0) == (sum(taken), finished, failed)


def test_the_limit_opens_on_the_sixth_in_line() -> None:
    """All six of the first group are at ann's."""
    lab = Lab("five_a_minute")
    lab.run()
    lab.goto(event=lab.scenario.poster)

    assert [6, 0, 0, 0, 0] == [len(lab.peer(name).serving.jobs) for name in FIVE]
