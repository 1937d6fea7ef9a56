"""Faults on single messages, and actions that are impossible."""

import pytest
from support.toys_messages import HEAD, ToyPing
from support.toys_stage import address, connect, find, find_sends, order, stage, told, wait
from support.toys_worlds import toy_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.effects import Send, SendTo
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Unknown
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.scenario import Peer, Scenario

BOTH_MODES = pytest.mark.parametrize("wire", [False, True], ids=["objects", "wire"])


def heard(lab):
    """What Bob heard on streams and by datagram."""
    return [entry[-1] for entry in told(lab, "bob", "message", "datagram")]


def send_three(lab):
    """Ann sends pings 1, 2, 3 to Bob; the ids of the sends."""
    conn = connect(lab)
    order(lab, "ann", *(Send(conn, ToyPing(n)) for n in (1, 2, 3)))
    return [find_sends(lab, ToyPing(n))[0] for n in (1, 2, 3)]


def edit_first(lab, flip):
    """An edit of ping 1."""
    return act.EditMessage(find_sends(lab, ToyPing(1))[0], (flip,))


@BOTH_MODES
def test_a_dropped_message_leaves_the_others_as_they_were(wire) -> None:
    """It is a middlebox fault: the message has used its uplink and its place in the line."""
    plain, lab = stage(options={"wire": wire}), stage(options={"wire": wire})
    send_three(plain)
    _, second, _ = send_three(lab)
    lab.do(act.DropMessage(second))
    wait(plain)
    wait(lab)
    arrivals = {r.detail: r.at for r in find(plain, Kind.DELIVER)}

    assert [ToyPing(1), ToyPing(3)] == heard(lab)
    assert {ToyPing(n): arrivals[ToyPing(n)] for n in (1, 3)} == {
        r.detail: r.at for r in find(lab, Kind.DELIVER)
    }
    assert [ToyPing(2)] == [record.detail for record in find(lab, Kind.DROP)]


def test_a_delayed_message_holds_up_its_stream_but_no_datagram() -> None:
    """Head of line: what follows on the stream waits; datagrams overtake."""
    lab = stage()
    _, second, _ = send_three(lab)
    order(lab, "ann", SendTo(address(lab, "bob"), ToyPing(7)), SendTo(address(lab, "bob"), ToyPing(8)))
    lab.do(act.DelayMessage(second, SECOND))
    lab.do(act.DelayMessage(find_sends(lab, ToyPing(7))[0], SECOND // 2))
    order(lab, "ann", Send(find(lab, Kind.SEND)[0].conn, ToyPing(4)))
    wait(lab, 3)

    assert [ToyPing(n) for n in (1, 8, 7, 2, 3, 4)] == heard(lab)


@pytest.mark.parametrize("flips", [None, ((HEAD, 1),), ((0, 1),), ((16, 8 ^ 40),)])
def test_bytes_that_came_early_are_taken_back_with_their_message(flips) -> None:
    """In wire mode a segment may hold the beginning of the next message, which then is dropped or edited."""
    heard_by_mode = []
    for wire in (False, True):
        lab = stage(options={"wire": wire})
        _, second, _ = send_three(lab)
        while not find(lab, Kind.DELIVER):
            lab.step()
        if wire:
            (end,) = lab.timeline.world().by_name["bob"].ends.values()
            assert end.intake.early > 0
        lab.do(act.DropMessage(second) if flips is None else act.EditMessage(second, flips))
        wait(lab)
        heard_by_mode.append((heard(lab), lab.digest(), lab.state_digest()))

    assert heard_by_mode[0] == heard_by_mode[1]


def test_only_a_datagram_can_be_doubled() -> None:
    """A stream delivers everything once, so doubling there is refused."""
    lab = stage()
    first, _, _ = send_three(lab)
    with pytest.raises(UsageError, match=r"DuplicateMessage: record \d+ travels on a stream"):
        lab.do(act.DuplicateMessage(first))
    order(lab, "ann", SendTo(address(lab, "bob"), ToyPing(7)))
    lab.do(act.DuplicateMessage(find_sends(lab, ToyPing(7))[0]))
    wait(lab)

    assert 2 == heard(lab).count(ToyPing(7))


@BOTH_MODES
@pytest.mark.parametrize(
    ("flips", "expected"),
    [
        ([(HEAD, 1)], Malformed("ping", "wrong checksum", b"\x03" + bytes(7), fatal=False)),
        ([(4, ord("p") ^ ord("k"))], Unknown("king", ToyPing(2).encoding)),
        ([(HEAD, 1), (HEAD, 1)], ToyPing(2)),
    ],
)
def test_the_receiver_gets_what_its_codec_makes_of_flipped_bytes(wire, flips, expected) -> None:
    """A wrong checksum, another command, or the same message again when it is flipped back."""
    lab = stage(options={"wire": wire})
    _, second, _ = send_three(lab)
    lab.do(act.EditMessage(second, tuple(flips)))
    wait(lab)

    assert [ToyPing(1), expected, ToyPing(3)] == heard(lab)


@BOTH_MODES
def test_a_wrong_magic_is_fatal_and_a_wrong_length_swallows_what_follows(wire) -> None:
    """A longer length makes the stream wait: what comes next becomes part of the broken message."""
    lab = stage(options={"wire": wire})
    first, second, _ = send_three(lab)
    lab.do(act.EditMessage(first, ((0, 255),)))
    lab.do(act.EditMessage(second, ((16, 8 ^ 40),)))  # 40 bytes of payload instead of 8
    wait(lab)
    broken, long = heard(lab)

    assert isinstance(broken, Malformed) and broken.fatal and broken.reason == "wrong magic"
    assert isinstance(long, Malformed) and long.raw == ToyPing(2).encoding + lab.timeline.options.codec.frame(
        ToyPing(3)
    )
    assert [ToyPing(2)] == [record.detail for record in find(lab, Kind.DROP)]


@BOTH_MODES
def test_a_shorter_length_leaves_the_stream_out_of_step(wire) -> None:
    """One frame becomes two broken messages: one event each, and nothing else is lost."""
    lab = stage(options={"wire": wire})
    _, second, _ = send_three(lab)
    lab.do(act.EditMessage(second, ((16, 8 ^ 2),)))
    wait(lab)
    reasons = [message.reason for message in heard(lab) if isinstance(message, Malformed)]

    assert "wrong checksum" == reasons[0] and "wrong magic" in reasons[1:]
    assert len(find(lab, Kind.DELIVER)) == len({r.event for r in find(lab, Kind.DELIVER)})


def test_an_edited_datagram() -> None:
    """A datagram that ends inside its message is malformed as a whole."""
    lab = stage()
    order(lab, "ann", SendTo(address(lab, "bob"), ToyPing(7)))
    lab.do(act.EditMessage(find_sends(lab, ToyPing(7))[0], ((16, 8 ^ 9),)))
    wait(lab)
    (message,) = heard(lab)

    assert "the datagram ends inside a message" == message.reason


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda lab: act.DropMessage(0), "record 0 is no send of a message in flight; the newest are"),
        (lambda lab: act.DelayMessage(99_999, 1), "record 99999 is no send"),
        (lambda lab: act.DelayMessage(0, -1), "by: found -1, accepted: 0 or more"),
        (lambda lab: edit_first(lab, (32, 1)), "outside the frame, wanted 0 to 31"),
        (lambda lab: edit_first(lab, (0, 256)), "found 256, accepted: 0 to 255"),
        (lambda lab: act.Kill("eve"), "peer: found 'eve' .*accepted: ann, bob"),
        (lambda lab: act.Kill("ann", "magic"), "seen_as: found 'magic' .*accepted: reset, time-out, silence"),
        (lambda lab: act.Revive("ann"), "ann is already on"),
        (lambda lab: act.SetLink("ann", "bob", loss=10**6), "loss: found 1000000, accepted: 0 to 900000"),
        (lambda lab: act.ChangeAddress("ann", address(lab, "bob")), "is bob's"),
        (lambda lab: act.SetKnob("pace", 1), "no knob 'pace'; this scenario has none"),
        (lambda lab: "Kill", "found 'Kill' .*wanted one of Mine"),
    ],
)  # fmt: skip
def test_an_impossible_live_action_is_refused_before_it_is_an_event(make, problem) -> None:
    """What was found, what is accepted, and nothing has happened."""
    lab = stage()
    send_three(lab)
    before = lab.digest(), lab.state_digest()
    with pytest.raises(UsageError, match=problem):
        lab.do(make(lab))

    assert before == (lab.digest(), lab.state_digest())


def test_an_impossible_action_of_the_story_is_recorded_and_does_nothing() -> None:
    """Nobody can refuse it any more; the run goes on."""
    scenario = Scenario(
        peers={"ann": Peer("puppet")}, story=((SECOND, act.Kill("ann")), (2 * SECOND, Mine("ann")))
    )
    lab = toy_lab(scenario)
    lab.run()

    assert [act.Kill("ann"), Mine("ann")] == [record.detail for record in find(lab, Kind.ACTION)]
    assert [] == find(lab, Kind.COMMAND)
