"""A megabyte in pieces: what datagrams lose, what asking again brings back, what a connection keeps."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import SendTo
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.transfer import MOST_TRIES, QUIET, TransferNode, find_missing, make_pieces
from blockchain_lab.overlay.transfer_messages import MESSAGES, MOST_MISSING, Missing, Piece
from blockchain_lab.overlay.wire import COMMANDS, OverlayCodec
from blockchain_lab.study.twin import make_twin

ANN, BOB = Address("10.0.0.0", 1), Address("10.0.0.1", 1)


def play(**policy: object) -> Lab:
    """The story to its end, sent in another way."""
    lab = make_twin(Lab("megabyte"), {f"policy.{key}": value for key, value in policy.items()})
    lab.run()
    return lab


def test_datagrams_lose_some_and_nobody_notices() -> None:
    """680 leave; those that are dropped on the way are those that are missing in the end."""
    lab = play()
    lost = {record.detail.number for record in lab.trace if record.kind == Kind.DROP}
    bob = lab.peer("bob")

    assert 680 == sum(record.kind == Kind.SEND for record in lab.trace)
    assert 0 < len(lost) < 30
    assert sorted(lost) == find_missing(bob.got, bob.of)
    assert [] == [record for record in lab.trace if record.kind == Kind.NOTE]


def test_asking_again_brings_all_of_them_in_the_end() -> None:
    """And one that was lost twice is asked for twice."""
    lab = play(repeats=True)
    sent = Counter(
        record.detail.number
        for record in lab.trace
        if record.kind == Kind.SEND and record.detail.command == "file-piece"
    )
    lost = Counter(
        record.detail.number
        for record in lab.trace
        if record.kind == Kind.DROP and record.detail.command == "file-piece"
    )

    assert 680 == len(lab.peer("bob").got)
    assert all(sent[number] == 1 + lost[number] for number in range(680))
    assert ["file complete"] == [record.detail[0] for record in lab.trace if record.kind == Kind.NOTE]


def test_a_connection_delivers_all_in_order_and_one_loss_holds_up_all_behind_it() -> None:
    """Some arrive at the very same moment: they had waited behind one that was sent again."""
    lab = play(over="stream")
    came = [(record.at, record.detail.number) for record in lab.trace if record.kind == Kind.DELIVER]
    together = Counter(at for at, _ in came)

    assert list(range(680)) == [number for _, number in came]
    assert 50 < max(together.values())


def make(policy: dict[str, object], *, near: tuple[Address, ...] = ()) -> TransferNode:
    """A node by itself."""
    return TransferNode(Setup("bob", BOB, near, CounterRandom(1), policy=dict(policy)))


def test_who_gets_no_answer_stops_asking() -> None:
    """After so many tries in a row; a piece that comes lets it begin again."""
    bob = make({"repeats": True})
    bob.on_datagram(ANN, Piece(0, 3, 10), 0)
    tries = [bob.on_timer(QUIET, 0) for _ in range(MOST_TRIES + 1)]
    bob.on_datagram(ANN, Piece(1, 3, 10), 0)

    assert all(SendTo(ANN, Missing([1, 2])) in effects for effects in tries[:-1])
    assert [] == tries[-1]
    assert SendTo(ANN, Missing([2])) in bob.on_timer(QUIET, 0)


def test_only_neighbours_are_served_and_only_what_there_is() -> None:
    """A stranger could let us flood somebody else; a number that is too high is ignored."""
    ann = make({"size": 3_000}, near=(ANN,))

    assert [] == ann.on_datagram(BOB, Missing([0]), 0)
    assert [2] == [effect.message.number for effect in ann.on_datagram(ANN, Missing([2, 3, 99]), 0)]


def test_a_large_datagram_is_cut_by_ip_and_lost_with_any_part() -> None:
    """65,507 bytes are the most that UDP carries over IPv4; with 1 % of loss a third of them are lost."""
    lab = play(piece=65_507, size=65_507 * 40)

    assert 6 < sum(record.kind == Kind.DROP for record in lab.trace) < 25  # 1 - 0.99**45 is 0.36: 14 of 40
    with pytest.raises(UsageError, match="65508 bytes as a datagram: wanted at most 65507"):
        play(piece=65_508, size=65_508)


@given(st.integers(33, 200_000), st.integers(33, 2_000))
def test_pieces_add_up(size: int, piece: int) -> None:
    """To the size, but for a last one that is too short for its own head."""
    pieces = make_pieces(size, piece)

    assert list(range(len(pieces))) == [each.number for each in pieces]
    assert 0 <= sum(each.size for each in pieces) - size < 32
    assert all(each.size == piece for each in pieces[:-1])


NUMBERS = st.integers(0, 2**32 - 2)


@given(
    st.one_of(
        st.builds(lambda number, filler: Piece(number, number + 1, filler), NUMBERS, st.integers(0, 1_440)),
        st.lists(NUMBERS, max_size=MOST_MISSING).map(lambda numbers: Missing(tuple(numbers))),
    )
)
def test_messages_round_trip(message) -> None:
    """Through their bytes, and through the network's envelope."""
    codec = OverlayCodec()

    assert message == type(message).decode(message.encoding)
    assert ([message], b"") == codec.split(codec.frame(message))
    assert all(COMMANDS[kind.command] is kind for kind in MESSAGES)
    assert message.size <= 1_472


@pytest.mark.parametrize(
    ("kind", "raw", "fault"),
    [
        (Piece, Piece(2, 3, 0).encoding[:4] + bytes(4), "number: found 2, wanted less than 0"),
        (Piece, Piece(0, 1, 0).encoding + b"x", "filler: wanted zeros only"),
        (Missing, (351).to_bytes(2, "little"), "numbers: 351 items are over the limit of 350"),
    ],
)
def test_nonsense_is_refused(kind, raw: bytes, fault: str) -> None:
    """As data: a peer can send anything."""
    with pytest.raises(DecodeError, match=fault):
        kind.decode(raw)


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        ({"over": "pigeons"}, "policy.over: found 'pigeons', accepted: datagrams, stream"),
        ({"piece": 32}, "policy.piece: found 32, accepted: a whole number from 33 on"),
        ({"speed": 1}, "policy.speed: unknown key"),
    ],
)
def test_policies_that_cannot_be_are_refused(policy: dict[str, object], fault: str) -> None:
    """With the key and what can be."""
    with pytest.raises(UsageError, match=fault):
        make(policy)
