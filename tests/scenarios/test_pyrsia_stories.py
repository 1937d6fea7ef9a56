"""Stories of peers that give artifacts: a herd on one metric and its cure; liars who are outlived; a vote."""

from support.story_runs import messages, notes, read, timed_notes

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.artifact_messages import PieceAsk
from blockchain_lab.overlay.build_messages import get_build
from blockchain_lab.overlay.build_verifier import make_artifact

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
