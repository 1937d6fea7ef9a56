"""Hosts behind gateways: which way packets go, who may speak for whom, and who can be dialled."""

from typing import Any

import pytest
from support.toys_messages import ToyPing
from support.toys_ping import Order, PuppetNode
from support.toys_worlds import TOYS, toy_lab

from blockchain_lab.base.effects import Dial, Effect, Forward, SendTo
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.packets import Packet
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import DropMessage, EditMessage, Kill
from blockchain_lab.sim.scenario import Links, Peer, Scenario

LATENCY = 100 * MILLISECOND


class Doorkeeper(PuppetNode):
    """Passes on whatever comes by, and lets everybody be dialled: a gateway that does nothing."""

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Send it on as it is."""
        self.told.append(("packet", source, message))
        is_packet = isinstance(message, Packet) and message.destination != self.setup.address
        return [Forward(message)] if is_packet else []

    def find_inside(self, destination: Address, source: Address, now: Microseconds) -> Address | None:
        """Come in."""
        return destination


def village(**options: Any) -> Lab:
    """Ann and Amy behind home; Bob behind office, which stands behind carrier; Cat in the open."""
    public = {name: Address(f"198.51.100.{n}", 80) for n, name in enumerate(("ann", "amy", "bob"), 1)}
    peers = {
        "ann": Peer("puppet", address=public["ann"], behind="home"),
        "amy": Peer("puppet", address=public["amy"], behind="home"),
        "home": Peer("door"),
        "bob": Peer("puppet", address=public["bob"], behind="office"),
        "office": Peer("door", behind="carrier", address=Address("198.51.100.9", 80)),
        "carrier": Peer("door"),
        "cat": Peer("puppet"),
        "dan": Peer("puppet", behind="home"),
    }
    links = Links(latency=(LATENCY, LATENCY), jitter=0)
    kinds = {**TOYS, "door": Doorkeeper}
    lab = toy_lab(Scenario(peers=peers, links=links), kinds=kinds, **options)
    lab.goto(event=len(peers))
    return lab


def send(lab: Lab, source: str, target: str) -> list[str]:
    """Let one peer send a datagram to another one; the places that it came by, in order."""
    first = lab.head
    lab.do(Order(source, (SendTo(lab.scenario.get_addresses()[target], ToyPing(1)),)))
    lab.run(until=lab.now + SECOND)
    records = [record for record in lab.trace if record.event > first]
    return [lab.names[record.peer] for record in records if record.kind is Kind.DATAGRAM]


@pytest.mark.parametrize(
    ("source", "target", "way"),
    [
        ("ann", "amy", ["amy"]),
        ("ann", "cat", ["home", "cat"]),
        ("cat", "ann", ["home", "ann"]),
        ("ann", "bob", ["home", "carrier", "office", "bob"]),
        ("bob", "ann", ["office", "carrier", "home", "ann"]),
        ("ann", "home", ["home"]),
        ("carrier", "bob", ["office", "bob"]),
        ("office", "bob", ["bob"]),
    ],
)
def test_a_packet_goes_out_through_its_gateways_and_in_through_the_others(
    source: str, target: str, way: list[str]
) -> None:
    """Neighbours behind one gateway talk directly; all others go out as far as they must, and in again."""
    assert way == send(village(), source, target)


def test_gateways_see_both_addresses_and_the_others_only_the_senders() -> None:
    """Cat learns that Ann wrote; home saw from whom and to whom."""
    lab = village()
    plan = lab.scenario.get_addresses()
    send(lab, "ann", "cat")

    assert [("packet", plan["ann"], Packet(plan["ann"], plan["cat"], ToyPing(1)))] == lab.peer("home").told
    (datagram,) = [r for r in lab.trace if r.kind is Kind.DATAGRAM and lab.names[r.peer] == "cat"]
    assert (plan["ann"], ToyPing(1)) == datagram.detail


def test_a_private_address_is_unknown_outside_and_known_inside() -> None:
    """Dan has an address that many homes use: only those behind his own gateway find him."""
    lab = village()

    assert "192.168.0.7" == lab.scenario.get_addresses()["dan"].ip
    assert ["dan"] == send(lab, "ann", "dan")
    assert [] == send(lab, "cat", "dan")
    assert ["office", "carrier"] == send(lab, "bob", "dan")


def test_to_ones_own_gateway_it_is_not_far() -> None:
    """One millisecond, while the rest of the world is a hundred away."""
    lab = village()
    start = lab.now
    send(lab, "ann", "cat")
    arrivals = [r.at - start for r in lab.trace if r.kind is Kind.DATAGRAM]

    assert [1, 101] == [round(arrival / MILLISECOND) for arrival in arrivals]


def test_only_a_gateway_speaks_with_another_ones_voice() -> None:
    """Cat forwards a packet that bears Ann's address: she cannot, and nothing has happened."""
    lab = village()
    plan = lab.scenario.get_addresses()

    with pytest.raises(UsageError, match="cat forwarded a packet: nobody stands behind it"):
        lab.do(Order("cat", (Forward(Packet(plan["ann"], plan["bob"], ToyPing(1))),)))


@pytest.mark.parametrize(
    ("dialler", "dialled", "is_reached"),
    [("ann", "cat", True), ("ann", "amy", True), ("bob", "ann", True), ("cat", "dan", False)],
)
def test_a_gateway_is_asked_who_may_be_dialled(dialler: str, dialled: str, is_reached: bool) -> None:
    """Doors that are open: all but Dan's private address can be dialled."""
    lab = village()
    plan = lab.scenario.get_addresses()
    lab.do(Order(dialler, (Dial(plan[dialled]),)))
    lab.run(until=lab.now + 10 * SECOND)

    connected = [told for told in lab.peer(dialled).told if told[0] == "connected"]
    assert ([plan[dialler]] if is_reached else []) == [remote for _, _, remote, _ in connected]


def test_behind_a_gateway_that_is_off_nobody_is_reached() -> None:
    """Neither by datagram nor by dialling; those behind it still reach each other."""
    lab = village()
    lab.do(Kill("home"))
    plan = lab.scenario.get_addresses()
    lab.do(Order("cat", (Dial(plan["ann"]),)))

    assert [] == send(lab, "cat", "ann")
    assert ["amy"] == send(lab, "ann", "amy")
    lab.run(until=lab.now + 10 * SECOND)
    assert "dial failed" == lab.peer("cat").told[-1][0]


def test_packets_are_bytes_as_well() -> None:
    """Every hop through the codec: the same records as without it."""
    plain, wire = village(), village(wire=True)
    for lab in (plain, wire):
        send(lab, "ann", "bob")

    assert plain.digest() == wire.digest()


def test_a_packet_can_be_lost_and_edited_on_its_way_to_a_gateway() -> None:
    """A drop shows the message, not the packet; an edited one arrives as what its bytes now say."""
    lab = village()
    target = lab.scenario.get_addresses()["cat"]
    for fault in (DropMessage, lambda sent: EditMessage(sent, ((24, 1),))):
        lab.do(Order("ann", (SendTo(target, ToyPing(1)),)))
        lab.do(fault(max(r.id for r in lab.trace if r.kind is Kind.SEND)))
    lab.run(until=lab.now + SECOND)

    assert [ToyPing(1)] == [record.detail for record in lab.trace if record.kind is Kind.DROP]
    (seen,) = lab.peer("home").told
    assert "wrong checksum" == seen[2].message.reason


def test_a_world_with_gateways_can_be_rebuilt() -> None:
    """Back and forth again: the same state and the same records."""
    lab = village()
    send(lab, "ann", "bob")
    digests = lab.digest(), lab.state_digest()
    lab.goto(event=3)
    lab.goto(event=lab.head)

    assert digests == (lab.digest(), lab.state_digest())


@pytest.mark.parametrize(
    ("behind", "problem"),
    [
        ({"ann": "eve"}, "peers.ann.behind: found 'eve' .text., accepted: ann, bob"),
        ({"ann": "ann"}, "peers.ann.behind: found a circle: ann behind ann"),
        ({"ann": "bob", "bob": "ann"}, "peers.ann.behind: found a circle: ann behind bob behind ann"),
    ],
)
def test_who_stands_behind_nobody_or_itself_is_refused(behind: dict[str, str], problem: str) -> None:
    """The path of the key, and the circle."""
    peers = {name: Peer("puppet", behind=behind.get(name, "")) for name in ("ann", "bob")}
    with pytest.raises(ScenarioError, match=problem):
        toy_lab(Scenario(peers=peers))
