"""Peers that give artifacts piece by piece: herds and what scatters them, limits, hedges, liars."""

from statistics import mean
from typing import Any

import pytest
from support.artifact_nets import LIMITLESS, fetch, get, make
from support.datagram_pump import Pump

from blockchain_lab.base.actions import Fetch, Provide, SetPolicy
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Note, SendTo, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import MILLISECOND, SECOND, Address
from blockchain_lab.overlay.artifact_messages import FULL, MISSING, YOURS, Piece, PieceAsk, PieceNo
from blockchain_lab.overlay.artifact_node import ArtifactNode
from blockchain_lab.overlay.artifact_serving import get_piece
from blockchain_lab.overlay.kademlia_ids import hash_to_id, id_to_hex
from blockchain_lab.overlay.kinds import KINDS
from blockchain_lab.overlay.metric import DOWNLOAD, UPLOAD, metric_to_bits
from blockchain_lab.overlay.metric_messages import MetricAsk, MetricTold
from blockchain_lab.overlay.wire import OverlayCodec

TEN = [{"busy": [[0, 100 * number]]} for number in range(10)]  # loads 0, 0.1, ... 0.9
JAR = hash_to_id("jar")
BOB, CAT, DAN = (Address(f"10.0.0.{number}", 1) for number in (2, 3, 4))
ANN = "10.0.0.0:8333"


def make_one(**policy: Any) -> ArtifactNode:
    """Ann, who provides the jar."""
    contacts = {"ann": Address("10.0.0.1", 1), "bob": BOB}
    setup = Setup("ann", contacts["ann"], (), CounterRandom(7), policy=policy, contacts=contacts)
    ann = ArtifactNode(setup)
    ann.on_start(0)
    ann.on_command(Provide("ann", "jar"), 0)
    return ann


def answers(effects: list[Any]) -> list[Any]:
    """What goes out."""
    return [effect.message for effect in effects if isinstance(effect, SendTo)]


def herd(choice: str, **policy: Any) -> Any:
    """Twenty at a time, who all read the same ten metrics."""
    return fetch(make(TEN, 20, choice=choice, **{**LIMITLESS, **policy}))


def test_twenty_who_take_the_lowest_overwhelm_it() -> None:
    """Its metric was true when it was read. All 80 pieces are asked of one peer; nine do nothing."""
    found = herd("minimum")

    assert [80] + [0] * 9 == found.given
    assert 20 == len(found.took) and found.most[0] >= 35


def test_the_first_that_is_idle_is_hardly_better() -> None:
    """Loads of 0.3 and more are over the threshold: three of ten do all the work."""
    found = herd("first")

    assert [0] * 7 == found.given[3:] and 80 == sum(found.given)


@pytest.mark.parametrize("choice", ["two", "weighted"])
def test_chance_scatters_the_herd(choice: str) -> None:
    """The longest line is a third of the herd's, or less, and downloads take half the time or less."""
    found, herded = herd(choice), herd("minimum")

    assert max(found.most) * 3 <= max(herded.most)
    assert mean(found.took) * 2 <= mean(herded.took)
    assert 20 == len(found.took)


def test_hard_limits_hold_whatever_requesters_do() -> None:
    """Eight pieces wait at most, two for one requester; who is refused goes elsewhere, and all get theirs."""
    found = fetch(make(TEN, 20, choice="minimum", most_waiting=8, most_each=2))

    assert 8 == max(found.most) and found.denied > 0
    assert 20 == len(found.took) and mean(found.took) < mean(herd("minimum").took)


def test_a_hedge_costs_work_where_all_are_overwhelmed() -> None:
    """The line at one peer is long, not its silence: who asks elsewhere, too, has pieces given in vain."""
    hedged = herd("minimum", hedge_after=300 * MILLISECOND)

    assert sum(hedged.given) > 2 * 80


def test_who_is_silent_costs_one_wait_and_is_chosen_last_from_then_on() -> None:
    """It says that it is idle and never gives a piece: every piece is hedged once at most."""
    pump = make([{"kind": "artifact-liar", "lie": "greedy"}, {"busy": [[0, 2_000]]}], 1, choice="minimum")
    found = fetch(pump)

    assert [0, 4] == found.given and 1 == len(found.took)
    assert [0, 1] == [facts["index"] for facts in get(pump, "r0", "piece hedged")]
    assert found.took[0] < SECOND + 200 * MILLISECOND


def test_without_a_hedge_it_holds_a_download_for_ever() -> None:
    """As in Pyrsia, which waits as long as it takes."""
    pump = make([{"kind": "artifact-liar", "lie": "greedy"}, {}], 1, choice="minimum", hedge_after=0)

    assert [] == fetch(pump).took


@pytest.mark.parametrize(
    ("lie", "reason"), [("negative", "negative"), ("minus-inf", "infinite"), ("nan", "not a number")]
)
def test_what_is_no_metric_is_no_offer(lie: str, reason: str) -> None:
    """It would have been the lowest of all, or have ended the program."""
    pump = make([{"kind": "artifact-liar", "lie": lie}, {"busy": [[0, 5_000]]}], 1, choice="minimum")
    found = fetch(pump)

    assert [0, 4] == found.given
    assert [{"from": ANN, "reason": f"its metric is {reason}"}] == get(pump, "r0", "peer misbehaved")


def test_who_does_not_say_how_busy_it_is_is_left_out() -> None:
    """After 300 ms the others are chosen from."""
    pump = make([{"kind": "artifact-liar", "lie": "mute"}, {}], 1)
    found = fetch(pump)

    assert [0, 4] == found.given
    assert [{"from": ANN}] == get(pump, "r0", "metric silent")


def test_who_gives_garbage_is_never_asked_again() -> None:
    """The piece is checked: its two pieces on the way are wrong, and that was all."""
    pump = make([{"kind": "artifact-liar", "lie": "garbage"}, {"busy": [[0, 5_000]]}], 1, choice="minimum")
    found = fetch(pump)
    reasons = [facts["reason"] for facts in get(pump, "r0", "peer misbehaved")]

    assert [2, 4] == found.given and 1 == len(found.took)
    assert [f"its piece {index} is not what was published" for index in (0, 1)] == sorted(reasons)
    pump.order(Provide("s1", "wheel"))
    pump.order(Fetch("r0", "wheel"))
    pump.run(pump.now + 5 * SECOND)
    assert {"10.0.0.1:8333": 4} == get(pump, "r0", "fetch finished")[1]["from"]


def test_a_liar_that_is_busy_is_believed_until_its_pieces_are_late() -> None:
    """It says 0, and a piece takes it two seconds: trust costs a wait, not the download."""
    liar = {"kind": "artifact-liar", "lie": "idle", "work": 2 * SECOND}
    pump = make([liar, {"busy": [[0, 2_000]]}], 1, choice="minimum")
    found = fetch(pump)

    assert {"10.0.0.1:8333": 4} == get(pump, "r0", "fetch finished")[0]["from"]
    assert 1 == len(found.took)


def test_pyrsias_way_need_not_wait_for_the_silent() -> None:
    """The first that is idle is enough; who compares all waits 300 ms for those who say nothing."""
    providers = [{"kind": "artifact-liar", "lie": "mute"}, {}]
    first, lowest = (fetch(make(providers, 1, choice=choice)).took[0] for choice in ("first", "minimum"))

    assert 130 * MILLISECOND < lowest - first


def test_a_late_piece_makes_no_new_round_needed() -> None:
    """Nobody else is there to be asked, but it comes before the second round would begin."""
    slow = {"work": 600 * MILLISECOND, "again_after": 300 * MILLISECOND}
    pump = make([{}], 1, pieces=2, at_once=1, **slow)
    fetch(pump)

    assert 1 == get(pump, "r0", "fetch finished")[0]["rounds"]


def test_a_slow_download_that_goes_on_is_not_given_up() -> None:
    """Every piece takes a round of its own, and three in vain would be the end."""
    slow = {"work": 900 * MILLISECOND, "again_after": 300 * MILLISECOND, "most_rounds": 3}
    pump = make([{}], 1, pieces=10, at_once=1, **slow)
    fetch(pump)

    assert 5 < get(pump, "r0", "fetch finished")[0]["rounds"]


def test_nobody_has_it() -> None:
    """Those who were named do not: it is given up after ten rounds."""
    pump = make([{}, {}], 1)
    pump.order(Fetch("r0", "wheel"))
    pump.run(pump.now + 30 * SECOND)

    (failed,) = get(pump, "r0", "fetch failed")
    assert [10, {}] == [failed["rounds"], failed["from"]]
    assert {} == pump.nodes["r0"].fetching.wanted == pump.nodes["r0"].fetching.downloads


def make_asker(choice: str) -> tuple[ArtifactNode, list[MetricAsk]]:
    """Eve, who wants a jar of one piece from Bob, Cat or Dan, and has asked them how busy they are."""
    contacts = {"eve": Address("10.0.0.5", 1), "bob": BOB, "cat": CAT, "dan": DAN}
    policy = {"providers": ["bob", "cat", "dan"], "choice": choice, "pieces": 1}
    eve = ArtifactNode(Setup("eve", contacts["eve"], (), CounterRandom(7), policy=policy, contacts=contacts))
    return eve, answers(eve.on_command(Fetch("eve", "jar"), 0))


def test_who_refuses_after_somebody_was_silent_is_followed_by_a_third() -> None:
    """Bob says nothing, Cat says no, so Dan is asked; and Bob, who comes at last, is heard."""
    eve, asks = make_asker("minimum")
    for address, ask, metric in zip((BOB, CAT, DAN), asks, (0.0, 1.0, 2.0), strict=True):
        effects = eve.on_datagram(address, MetricTold(ask.nonce, metric_to_bits(metric)), 1)
    (to_bob,) = answers(effects)
    (to_cat,) = answers(eve.on_timer(TimerName("hedge", about=to_bob.nonce), SECOND))

    after_no = eve.on_datagram(CAT, PieceNo(to_cat.nonce, FULL), SECOND)
    assert [DAN] == [effect.address for effect in after_no if isinstance(effect, SendTo)]
    late = eve.on_datagram(BOB, Piece(to_bob.nonce, get_piece(JAR, 0, 500)), 2 * SECOND)
    assert ["piece got", "fetch finished"] == [each.topic for each in late if isinstance(each, Note)]


def test_an_answer_of_the_last_round_is_no_second_offer() -> None:
    """Bob is idle and refuses; Cat's first answer is late, and her second one is no news."""
    eve, asks = make_asker("first")
    (to_bob,) = answers(eve.on_datagram(BOB, MetricTold(asks[0].nonce, 0), 1))
    eve.on_datagram(BOB, PieceNo(to_bob.nonce, FULL), 2)
    again = answers(eve.on_timer(TimerName("again", about=id_to_hex(JAR)), SECOND))
    for nonce in (asks[1].nonce, again[1].nonce):
        eve.on_datagram(CAT, MetricTold(nonce, metric_to_bits(3.0)), SECOND)

    assert [CAT] == [offer.provider for offer in eve.fetching.downloads[JAR].offers]


def test_a_metric_is_as_old_as_its_refresh() -> None:
    """Three pieces are waiting, and for a second nobody hears of them."""
    ann = make_one(busy=[[0, 500]])
    ask = lambda at: answers(ann.on_datagram(BOB, MetricAsk(1, DOWNLOAD), at))[0].value  # noqa: E731
    assert 1.0 == ask(0)
    for index in range(3):
        ann.on_datagram(BOB, PieceAsk(index, JAR, index), 1)

    assert 1.0 == ask(SECOND - 1)
    assert 7.0 == ask(SECOND)  # 2 * (0.5 + 3)


def test_what_it_gives_counts_for_downloads_and_what_it_gets_for_uploads() -> None:
    """Three pieces of 500 bytes in a second are one packet of 1,500, read and sent: 0.002."""
    ann = make_one(work=0)
    for index in range(3):
        ann.on_datagram(BOB, PieceAsk(index, JAR, index), 1)
        ann.serving.work()

    told = [answers(ann.on_datagram(BOB, MetricAsk(1, way), SECOND))[0].value for way in (DOWNLOAD, UPLOAD)]
    assert [0.002, 0.0] == told


def test_limits_of_one_peer() -> None:
    """Two for each, three for all; what it does not have; and pieces come in the order of the questions."""
    ann = make_one(most_each=2, most_waiting=3)
    say = lambda who, index, key=JAR: answers(ann.on_datagram(who, PieceAsk(index, key, index), 1))  # noqa: E731

    assert [[], [], [PieceNo(2, YOURS)]] == [say(BOB, index) for index in (0, 1, 2)]
    assert [[], [PieceNo(1, FULL)]] == [say(CAT, index) for index in (0, 1)]
    assert [[PieceNo(4, MISSING)], [PieceNo(0, MISSING)]] == [say(CAT, 4), say(CAT, 0, 99)]
    assert [[Piece(index, get_piece(JAR, index, 500))] for index in (0, 1, 0)] == [
        answers(ann.serving.work()) for _ in range(3)
    ]


def test_so_many_are_taken_on_in_any_minute() -> None:
    """Two at once, none until the first is a minute old; whoever sets a limit later has counted before."""
    ann = make_one(most_a_minute=2)
    say = lambda index, at: answers(ann.on_datagram(BOB, PieceAsk(index, JAR, index), at))  # noqa: E731

    assert [[], [], [PieceNo(2, FULL)]] == [say(0, 0), say(1, SECOND), say(2, 59 * SECOND)]
    assert [[], [PieceNo(1, FULL)]] == [say(3, 60 * SECOND), say(1, 61 * SECOND - 1)]
    free = make_one()
    for index in range(3):
        free.on_datagram(CAT, PieceAsk(index, JAR, index), 1)
    free.setup.policy["most_a_minute"] = 3
    free.on_command(SetPolicy("ann", "most_a_minute", 3), 2)
    assert [PieceNo(3, FULL)] == answers(free.on_datagram(BOB, PieceAsk(3, JAR, 3), 2))


def test_whoever_weighs_otherwise_says_another_number() -> None:
    """Load 0.5, 200 packets a second sent, 100 read: 1 + 0.2 + 0.1; with other weights 0.1 + 2 + 0."""
    busy = [[0, 500, 300_000, 0, 150_000]]
    ask = lambda node: answers(node.on_datagram(BOB, MetricAsk(1, DOWNLOAD), SECOND))[0].value  # noqa: E731

    assert pytest.approx(1.3) == ask(make_one(busy=busy))
    assert pytest.approx(2.1) == ask(make_one(busy=busy, weight_load=200, weight_network=10, weight_disk=0))


def test_who_says_that_it_is_busy_is_left_in_peace() -> None:
    """It has as little to do as can be, and gives nothing."""
    pump = make([{"kind": "artifact-liar", "lie": "busy"}, {"busy": [[0, 5_000]]}], 1, choice="minimum")

    assert [0, 4] == fetch(pump).given


def test_answers_that_nobody_asked_for() -> None:
    """They are noted, and nothing comes of them."""
    ann = make_one()
    bad = Malformed("piece", "content: wanted 9 bytes", b"", fatal=False)

    for message, topic in {
        MetricTold(9, 0): "peer misbehaved",
        Piece(9, b"x"): "piece unasked",
        PieceNo(9, FULL): "piece unasked",
        bad: "peer misbehaved",
    }.items():
        (note,) = ann.on_datagram(BOB, message, 5)
        assert topic == note.topic


def test_kademlia_finds_the_providers() -> None:
    """Twelve peers, of whom three have it; the one who wants it knows the first only."""
    pump = Pump(3)
    names = [f"p{number}" for number in range(12)]
    for name in names:
        pump.add(
            name, KINDS["artifact-peer"], {"k": 4, "bootstrap": ["p0"] if name != "p0" else []}, listen=True
        )
        pump.start(name)
        pump.run(pump.now + SECOND)
    for name in names[3:6]:
        pump.order(Provide(name, "jar"))
    pump.run(pump.now + 2 * SECOND)
    pump.order(Fetch("p11", "jar"))
    pump.run(pump.now + 10 * SECOND)

    (started,) = get(pump, "p11", "fetch started")
    (finished,) = get(pump, "p11", "fetch finished")
    assert {f"10.0.0.{number}:8333" for number in (3, 4, 5)} == set(started["providers"])
    assert 4 == sum(finished["from"].values())


def test_messages_are_read_again() -> None:
    """As bytes, whole; and a piece that is too large is malformed."""
    codec, messages = OverlayCodec(), [PieceAsk(1, JAR, 2), Piece(3, b"abc"), PieceNo(4, YOURS)]

    assert (messages, b"") == codec.split(b"".join(map(codec.frame, messages)))
    assert "over the limit of 1000" in OverlayCodec.decode("piece", Piece(1, bytes(1_001)).encode()).reason
    assert "reason: wanted 0 to 2, found 3" == OverlayCodec.decode("piece-no", bytes(6) + b"\x03").reason


def test_policies_that_cannot_be_are_refused() -> None:
    """And knobs go no further than policies."""
    for policy, problem in {
        "choice": "accepted: first, minimum, two, weighted",
        "pieces": "accepted: a whole number from 1",
        "no-such": "unknown key",
    }.items():
        with pytest.raises(UsageError, match=problem):
            make_one(**{policy: 0})
    with pytest.raises(UsageError, match="accepted: idle"):
        KINDS["artifact-liar"](Setup("x", BOB, (), CounterRandom(1), policy={"lie": "white"}))
    ann = make_one()
    assert "from 1" in str(ann.find_problem(SetPolicy("ann", "most_each", 0), 0))
    ann.setup.policy["most_each"] = 1
    ann.on_command(SetPolicy("ann", "most_each", 1), 0)
    assert 1 == ann.serving.policy.most_each
