"""A recording of a real network is looked at like a lab (cursor, causes, peers, file) and stays as it is."""

import asyncio
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.echo_nodes import Caller, Echo, Speak, TextCodec
from support.mixed_story import FAR, OURS, make_recording

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.messages import Version
from blockchain_lab.bitcoin.network_address import NetworkAddress
from blockchain_lab.recording import Recording, get_names
from blockchain_lab.sim.actions import Partition
from blockchain_lab.sim.digest import Digest
from blockchain_lab.sockets.network import MixedNetwork
from blockchain_lab.sockets.tape import Party, Tape

OWN = {"Echo": Echo, "Caller": Caller}
NOBODY = NetworkAddress(0, "0.0.0.0", 0)


@pytest.fixture(scope="module")
def recording() -> Recording:
    """The story of `support.mixed_story`; a test that moves its cursor says where it wants it."""
    return make_recording()


def digest(node: object) -> str:
    """A hash of all that a node holds."""
    state = Digest()
    state.add(node)
    return state.hex()


def record_a_talk() -> Recording:
    """Node classes and a codec that only this test knows."""

    async def talk() -> Tape:
        net = MixedNetwork(codec=TextCodec(), chain={"kind": "none"})
        net.add("echo", factory=Echo)
        net.add("caller", dials=["echo"], factory=Caller)
        async with net:
            await net.until(lambda: net["caller"].conns)
            net.do(Speak("caller", "hello"))
            await net.until(lambda: net["caller"].heard)
        return net.tape

    return Recording(asyncio.run(talk()), codec=TextCodec())


def test_it_opens_at_its_end_and_moves_like_a_lab(recording: Recording) -> None:
    """Events are numbered without a gap, times never go back, and beyond the end there is nothing."""
    records = list(recording.trace)
    recording.goto(event=recording.head)

    assert [*range(1, recording.head + 1)] == [*dict.fromkeys(record.event for record in records)]
    assert sorted(record.at for record in records) == [record.at for record in records]
    assert not recording.step()
    assert 105 == recording.peer("ann").chain.height
    recording.goto(event=0)
    assert recording.peer("ann") is None
    recording.run()
    assert recording.head == recording.cursor


def test_every_message_has_its_sending_and_every_end_its_story(recording: Recording) -> None:
    """What arrives was sent before, by whom it says; what comes from a real program is sent as it arrives."""
    records = list(recording.trace)
    far = recording.names.index(FAR)
    delivered = [record for record in records if record.kind is Kind.DELIVER]

    for record in delivered:
        sent = records[record.cause]
        assert (Kind.SEND, record.detail) == (sent.kind, sent.detail)
        assert (record.peer, record.other, record.conn ^ 1) == (sent.other, sent.peer, sent.conn)
        assert record.at - sent.at >= (0 if far in (record.peer, record.other) else 2_000)
        assert sent.peer != far or (record.id, record.event) == (sent.id + 1, sent.event + 1)
    assert {Kind.START, Kind.CONNECT, Kind.SEND, Kind.DELIVER} == {
        record.kind for record in records if record.peer == far
    }


def test_why_leads_over_tcp_to_what_came_in(recording: Recording) -> None:
    """The last block reached bob by way of the gate, from far; before that nobody of ours knows."""
    last = next(
        record.id
        for record in reversed(list(recording.trace))
        if record.kind is Kind.NOTE
        and record.detail[0] == "tip changed"
        and record.peer == recording.names.index("bob")
    )
    chain = recording.why(last)

    assert FAR == recording.names[chain[-1].peer]
    assert Kind.SEND is chain[-1].kind


def test_it_survives_its_file(recording: Recording, tmp_path: Path) -> None:
    """The same records, so the same digest; and every node of ours the same at any moment."""
    recording.save(tmp_path / "evening.json")
    again = Recording(tmp_path / "evening.json")
    events = [recording.head, *random.Random(3).choices(range(1, recording.head), k=10)]

    for event in events:
        recording.goto(event=event)
        again.goto(event=event)
        assert recording.digest() == again.digest()
        for name in OURS:
            assert digest(recording.peer(name)) == digest(again.peer(name))
    assert recording.scenario == again.scenario
    again.save(tmp_path / "copy.json")
    assert (tmp_path / "evening.json").read_bytes() == (tmp_path / "copy.json").read_bytes()


def test_own_nodes_need_their_classes(tmp_path: Path) -> None:
    """A file holds no program: whoever opens it says which classes took part, and how they talk."""
    recording = record_a_talk()
    recording.save(tmp_path / "talk.json")
    plain = json.loads((tmp_path / "talk.json").read_text())

    with pytest.raises(UsageError, match=r"kind 'Echo' took part: Recording\(path, kinds="):
        Recording(tmp_path / "talk.json", codec=TextCodec())
    with pytest.raises(UsageError, match="names no network: pass codec="):
        Recording(tmp_path / "talk.json", kinds=OWN)
    again = Recording(tmp_path / "talk.json", kinds=OWN, actions=[Speak], codec=TextCodec())
    assert ["hello"] == again.peer("echo").heard == recording.peer("caller").heard
    assert 1 == len(plain["frames"])


def change(saved: Any, path: str, value: Any) -> Any:
    """The same JSON with another value at `records.3.6`."""
    key, _, rest = path.partition(".")
    place = int(key) if isinstance(saved, list) else key
    changed = saved.copy()
    changed[place] = change(saved[place], rest, value) if rest else value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("format", "blockchain-lab run", "format: found 'blockchain-lab run'"),
        ("version", 2, "made by a newer Blockchain Lab"),
        ("seed", -1, "seed: found -1"),
        ("parties.0.kind", "bitcoin-cash", "kind 'bitcoin-cash' took part"),
        ("parties.0.address", ["127.0.0.1", 70_000], "parties.0.address.1: found 70000"),
        ("parties.1.dials", [9], "parties.1.dials: found 9, accepted: 0 to 3"),
        ("delays.0", [0, 9, 1], "delays.0: found 9"),
        ("frames.0", "zz", "frames.0: found 'zz', accepted: hexadecimal"),
        ("frames.0", "00", "frames.0: found 0 messages and 1 bytes"),
        ("records.0", [1, 0, 0], "records.0: found 3 values"),
        ("records.5.0", 9_999, "records.5.0: found 9999"),
        ("records.0.1", -1, "records.0.1: found -1"),
        ("records.0.1", 10**12, "records.1.1: found"),
        ("records.0.2", 14, "records.0.2: found 14, accepted: 0 to 13"),
        ("records.0.3", 77, "records.0: found 77"),
        ("records.0.6", 0, "records.0.6: found 0"),
        ("records.0.7", "one", "records.0.7: found 'one'"),
    ],
)
def test_a_broken_file_says_where(
    recording: Recording, tmp_path: Path, path: str, value: Any, words: str
) -> None:
    """A key, what was found, what is accepted."""
    file = tmp_path / "evening.json"
    recording.save(file)
    file.write_text(json.dumps(change(json.loads(file.read_text()), path, value)))

    with pytest.raises(UsageError, match=re.escape(words)):
        Recording(file)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """No file, no JSON, a list."""
    for name, text in (("text.json", "hello"), ("list.json", "[]")):
        (tmp_path / name).write_text(text)
        with pytest.raises(UsageError):
            Recording(tmp_path / name)
    with pytest.raises(UsageError, match="cannot read"):
        Recording(tmp_path / "nowhere.json")


def test_nothing_can_be_changed(recording: Recording) -> None:
    """Each with the same reason; afterwards all is as it was."""
    before = recording.head, recording.digest()
    refused: list[Callable[[], Any]] = [
        lambda: recording.do(Mine("ann")),
        lambda: recording.do(Partition(("ann",))),
        recording.reset,
        lambda: recording.begin("ping"),
        recording.fork,
        recording.state_digest,
    ]

    for act in refused:
        with pytest.raises(UsageError, match="a recording of a real network cannot be changed"):
            act()
    with pytest.raises(UsageError, match="far is a program of its own: nobody sees what it holds"):
        recording.peer(FAR)
    assert [[], []] == [recording.get_commands(name) for name in ("ann", FAR)]
    assert before == (recording.head, recording.digest())


def test_who_has_no_name_is_called_what_it_calls_itself() -> None:
    """BIP 14's user agent without versions and control letters, not longer than a line, and the address."""
    tape = Tape()
    agents = ("/bcoin:v1.0.2/", "/Satoshi:28.0.0(x)/", "\x1b[2Jevil", "x" * 99, "", None)
    for number, agent in enumerate(agents):
        tape.join(Party("", Address(f"10.0.0.{number}", 1)))
        if agent is not None:
            tape.event(0, Kind.SEND, number, detail=Version(70_016, 0, 0, NOBODY, NOBODY, 0, agent, 0, None))

    shown = ["bcoin 10.0.0.0:1", "Satoshi 10.0.0.1:1", "[2Jevil 10.0.0.2:1", f"{'x' * 20} 10.0.0.3:1"]
    assert [*shown, "10.0.0.4:1", "10.0.0.5:1"] == get_names(tape)
