"""What py-ipv8 would do if it were left to itself, and what others may do: nothing leaves this machine."""

import socket
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec

import pytest
from support.echo_nodes import Caller, Speak
from support.event_loop import in_loop
from support.required import require

require(find_spec("ipv8"), 'py-ipv8 is missing: pip install -e ".[ipv8]"')

from ipv8.community import Community, CommunitySettings  # noqa: E402
from ipv8.keyvault.crypto import default_eccrypto  # noqa: E402
from ipv8.messaging.interfaces.udp.endpoint import UDPEndpoint, UDPv4Address  # noqa: E402
from ipv8.peer import Peer  # noqa: E402
from ipv8.peerdiscovery.network import Network  # noqa: E402
from support.ipv8_hosts import Obedient, Reach, calling, host_of, send_from_outside  # noqa: E402

from blockchain_lab.base.effects import Note  # noqa: E402
from blockchain_lab.base.errors import UsageError  # noqa: E402
from blockchain_lab.base.units import Address  # noqa: E402
from blockchain_lab.sockets.ipv8 import Ipv8Host  # noqa: E402
from blockchain_lab.sockets.ipv8_community import LAB_ID, Raw  # noqa: E402

PREFIX = b"\x00\x02" + LAB_ID


class Foreign(Community):
    """Another community, as somebody else writes one."""

    community_id = b"somebody else's lab."


def show(address: Address) -> str:
    """As notes do."""
    return f"{address.ip}:{address.port}"


@in_loop
async def test_bytes_of_another_community_are_ignored_and_noted() -> None:
    """It walks to us over IPv8 with a key of its own; we have no answer, and it stays without peers."""
    notes: list[Note] = []
    endpoint = UDPEndpoint(ip="127.0.0.1")
    await endpoint.open()
    settings = CommunitySettings(
        my_peer=Peer(default_eccrypto.generate_key("curve25519")), endpoint=endpoint, network=Network()
    )
    foreign = Foreign(settings)
    where = show(Address(*endpoint.get_address()))
    async with host_of(on_note=notes.append) as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        foreign.walk_to(UDPv4Address(*echo.address))
        await echo.until(lambda: notes)
        caller.do(Speak("caller", "undisturbed"))
        await caller.until(lambda: caller.node.heard)

        assert [] == foreign.get_peers()
        assert [("connected", 3, True)] == echo.node.events
    await foreign.unload()
    endpoint.close()
    facts = {"conn": -1, "from": where, "reason": "it is of another community"}
    assert [Note("peer misbehaved", facts)] == [note for note in notes if note.topic == "peer misbehaved"]


@in_loop
async def test_nonsense_is_noted_and_the_node_goes_on() -> None:
    """Random bytes, an empty packet, an unknown number, a false key, a signature that does not fit."""
    notes: list[Note] = []
    async with host_of(on_note=notes.append) as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        good = caller._ipv8.ezr_pack(Raw.msg_id, Raw(b"say", b"forged"))
        packets = {
            b"": "it is of another community",
            b"\x00" * 100: "it is of another community",
            PREFIX: "it is empty",
            PREFIX + b"\xc8": "no message 200",
            PREFIX + b"\x01": "Could not unpack",
            PREFIX + b"\x01" + b"\x00\x04abcd" + b"\x00" * 100: "",
            good[:-1] + bytes([good[-1] ^ 1]): "Incoming packet ['Raw'] has an invalid signature",
        }
        expected = []
        for packet, reason in packets.items():
            before = len(notes)
            expected.append((show(send_from_outside(packet, echo.address)), reason))
            await echo.until(lambda before=before: len(notes) > before)
        caller.do(Speak("caller", "undisturbed"))
        await caller.until(lambda: caller.node.heard)

        assert ["undisturbed"] == echo.node.heard
    found = [note.facts for note in notes if note.topic == "peer misbehaved"]
    assert [where for where, _ in expected] == [facts["from"] for facts in found]
    for facts, (_, reason) in zip(found, expected, strict=True):
        assert reason in facts["reason"]


@in_loop
async def test_a_repeated_packet_does_not_move_its_peer() -> None:
    """Somebody has heard a packet and sends it again: the answers still go to whom the line is with."""
    async with host_of() as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        packet = caller._ipv8.ezr_pack(Raw.msg_id, Raw(b"say", b"again"))
        send_from_outside(packet, echo.address)
        await echo.until(lambda: echo.node.heard)
        await caller.until(lambda: caller.node.heard)

        assert ["again"] == echo.node.heard == caller.node.heard


@in_loop
async def test_nothing_is_sent_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is the system asked for its addresses, though a peer wants a way opened for one far off."""
    there = UDPv4Address("192.0.2.1", 8090)
    sent: list[tuple[str, int]] = []
    notes: list[Note] = []

    def refuse(*_: object) -> None:
        raise AssertionError("py-ipv8 asks for addresses of this machine")

    monkeypatch.setattr("ipv8.overlay.get_providers", refuse)
    monkeypatch.setattr("ipv8.messaging.interfaces.endpoint.get_lan_addresses", refuse)
    async with host_of(Obedient, on_note=notes.append) as echo, calling(echo) as caller:
        for host in (echo, caller):
            watch(host, sent)
        await caller.until(lambda: caller.node.conns)
        async with calling(echo) as third:  # it is introduced to the second one
            await third.until(lambda: third.node.conns)
            await echo.until(lambda: len(echo.node.events) == 2)
        for style in (False, True):  # the two forms of a puncture request
            packet = caller._ipv8.create_puncture_request(there, there, 7, new_style=style)
            caller._ipv8.endpoint.send(echo.address, packet)
        await echo.until(lambda: len(notes) == 2)
        echo.do(Reach("echo", Address(*there)))
        await echo.until(lambda: ("dial failed", there, "not on loopback") in echo.node.events)
    assert {"127.0.0.1"} == {address[0] for address in sent}
    assert {"not sent: 192.0.2.1:8090 is not on loopback"} == {note.facts["reason"] for note in notes}


def watch(host: Ipv8Host, sent: list[tuple[str, int]]) -> None:
    """Write down where its socket sends to: below all guards."""
    transport = host._ipv8.endpoint._transport
    below = transport.sendto

    class Watched:
        def sendto(self, packet, address):
            sent.append(address)
            below(packet, address)

        def __getattr__(self, name):
            return getattr(transport, name)

    host._ipv8.endpoint._transport = Watched()


@pytest.mark.parametrize(
    "more", [{"address": Address("0.0.0.0", 0)}, {"neighbours": [Address("192.0.2.1", 1)]}]
)
def test_a_host_is_on_loopback_or_nowhere(more: dict) -> None:
    """So are those whom it is told to dial."""
    with pytest.raises(UsageError, match=r"py-ipv8 is used on loopback only; wanted 127\.0\.0\.1"):
        host_of(**more)


@in_loop
async def test_a_port_in_use_is_refused() -> None:
    """py-ipv8 would take the next free one, and nobody would find us."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
        other.bind(("127.0.0.1", 0))
        address = Address(*other.getsockname())
        with pytest.raises(UsageError, match=f"cannot listen on {show(address)} over UDP: is it in use?"):
            await host_of(address=address).start()
    async with host_of(address=address) as echo:
        assert address == echo.address


@in_loop
async def test_thirty_one_peers_and_more_are_answered() -> None:
    """py-ipv8 itself answers nobody as soon as it has more than thirty."""
    async with host_of() as echo:
        callers = [calling(echo) for _ in range(34)]
        for caller in callers:
            await caller.start()
        for caller in callers:
            await caller.until(lambda caller=caller: caller.node.conns)
        await echo.until(lambda: len(echo.node.events) == 34)
        for caller in callers:
            await caller.stop()


def test_the_first_message_can_be_read_by_who_never_wrote_one() -> None:
    """In a process of its own: there the reading class is whatever it was when it was defined."""
    program = """
from ipv8.messaging.serialization import default_serializer
from blockchain_lab.sockets.ipv8_community import Raw
raw, end = default_serializer.unpack_serializable(Raw, b"\\x00\\x03say" + b"hello")
print(raw.kind.decode(), raw.body.decode())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "say hello\n" == done.stdout


@in_loop
async def test_a_key_stays_in_memory(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each host has one of its own, and leaves nothing behind in the folder where it runs."""
    monkeypatch.chdir(tmp_path)
    async with host_of() as echo, calling(echo, Caller) as caller:
        await caller.until(lambda: caller.node.conns)

        assert echo._ipv8.my_peer.mid != caller._ipv8.my_peer.mid
        assert [] == echo._ipv8.bootstrappers == caller._ipv8.bootstrappers
    assert [] == list(tmp_path.iterdir())
