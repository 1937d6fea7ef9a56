"""Lesson 3, the runs: what is read off them, each thing in two ways.

`hole_punching` and `symmetric_nats`: Ann wants to reach Bob in second 2, each behind a box.
`slow_introduction`: two of IPv8's walkers and a tracker.
"""

from functools import cache
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import SendTo
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.course.l03_boxes import OUTSIDE, SERVER, make_home
from blockchain_lab.course.reading import get_messages, get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.nat import FIRST_PORT
from blockchain_lab.overlay.rendezvous import RendezvousNode
from blockchain_lab.overlay.rendezvous_messages import Register, Relayed, RelayTo
from blockchain_lab.overlay.traversal import TRIES, TRY_AGAIN
from blockchain_lab.study.twin import make_twin

PUNCH: Final = "hole_punching"
SYMMETRIC: Final = "symmetric_nats"
SLOW: Final = "slow_introduction"
WISH: Final = 2 * SECOND  # when Ann's story lets her look for Bob, in the first two
FILE: Final = 5_000_000  # bytes that go through the relay, in the question about its cost
DATAGRAM: Final = 1_000  # bytes of it in each packet
SEEN_AS: Final = {  # options; the first word is the address
    "a": "192.168.0.0:8333, hers at home",
    "b": "203.0.113.1:1024, one of her box",
    "c": "203.0.113.1:8333, her box and her own port",
    "d": "198.51.100.1:3478",
}
WALK: Final = (  # of IPv8, by the names that its code has
    "introduction-request to the tracker",
    "puncture-request to Bob",
    "puncture from Bob",
    "introduction-request to Bob",
    "introduction-response from Bob",
)


@cache
def play(story: str, seed: int) -> Lab:
    """A story to its end: read it only, for nobody else plays it again."""
    lab = Lab(story, seed=seed)
    lab.run()
    return lab


def run_to(lab: Lab, command: str, sender: str, receiver: str) -> Record:
    """Run to the next sending of a message from one host to another, and stay there: it is on its way."""
    for name in (sender, receiver):
        if name not in lab.names:
            raise UsageError(f"no peer {name!r}; this lab has {', '.join(lab.names)}")
    ends = lab.names.index(sender), lab.names.index(receiver)
    while lab.now < lab.scenario.until and lab.step():
        for record in lab.records:
            is_there = record.kind == Kind.SEND and (record.peer, record.other) == ends
            if is_there and record.detail.wire_name == command:
                return record
    raise UsageError(f"{sender} sends no {command} to {receiver} any more; begin anew with goto(event=0)")


def find_blocked(lab: Lab, box: str = "office") -> int | None:
    """The first event at which a box throws away a packet from a stranger."""
    blocked = (
        note.event for note, facts in get_notes(lab, "packet blocked", box) if facts["reason"] == "filtered"
    )
    return next(blocked, None)


def find_reached(lab: Lab) -> int | None:
    """The event at which Ann has reached Bob."""
    return next((note.event for note, _ in get_notes(lab, "peer reached", "ann")), None)


# -- what opens the door -------------------------------------------------------------------------------------


def find_opening(seed: int) -> int:
    """The event at which the first packet for Ann's box goes out through Bob's."""
    return next(record.event for record in get_leaving(seed, "office", "home"))


def get_leaving(seed: int, box: str, to: str) -> list[Record]:
    """Packets of a run that a box sends on to another one."""
    lab = play(PUNCH, seed)
    number = lab.names.index(to)
    return [record for record in get_records(lab, Kind.SEND, box) if record.other == number]


def find_opener(seed: int) -> str:
    """Which packet opens Bob's box to Ann, as the key of an option: the first to leave it for hers."""
    first = get_leaving(seed, "office", "home")[0].detail.wire_name
    return {"probe": "a", "meet": "b", "puncture": "c"}.get(first, "d")


def try_openers(seed: int) -> str:
    """The same without a run: a box like Bob's, and after which packet a stranger is let in."""
    ann = Address(OUTSIDE["ann"], FIRST_PORT)
    for key in ("a", "b", "c"):
        bob = make_home("bob", "restricted cone")
        if key == "a":  # knock again and again
            for now in range(1, 9):
                bob.lets_in(bob.seen, ann, now)
        elif key == "b":  # the server's word comes in
            bob.lets_in(bob.seen, SERVER, 1)
        else:  # Bob writes to Ann
            bob.send(ann, 1)
        if bob.lets_in(bob.seen, ann, 9):
            return key
    return "d"


# -- ports ---------------------------------------------------------------------------------------------------


def name_seen_as(address: Address) -> str:
    """The key of the option with this address, "" for none."""
    said = f"{address.ip}:{address.port}"
    return next((key for key, option in SEEN_AS.items() if option.startswith(said)), "")


def read_seen_as(seed: int) -> str:
    """Where the server sees Ann, as it tells her; from a run, as the key of an option."""
    _, facts = next(get_notes(play(PUNCH, seed), "outside address", "ann"))
    return name_seen_as(Address(*facts["address"]))


def reckon_seen_as(seed: int) -> str:
    """The same: the box's IP, and the first port that an empty box gives."""
    return name_seen_as(make_home("ann", "port restricted cone").seen)


def count_ports(seed: int) -> int:
    """Mappings that Ann's symmetric box has made, as it counts them itself; from a run."""
    opened: int = play(SYMMETRIC, seed).peer("home").table.opened
    return opened


def count_remotes(seed: int) -> int:
    """The same: how many addresses Ann has written to, as the packets say."""
    lab = play(SYMMETRIC, seed)
    ann = lab.scenario.get_addresses()["ann"]
    packets = (record.detail[1] for record in get_records(lab, Kind.DATAGRAM, "home"))
    return len({packet.destination for packet in packets if packet.source == ann})


# -- what a relay costs --------------------------------------------------------------------------------------


def read_wait(seed: int) -> float:
    """Seconds from Ann's wish to the first answer through the relay; from a run."""
    lab = play(SYMMETRIC, seed)
    note, _ = next(get_notes(lab, "peer reached", "ann"))
    return (note.at - WISH) / SECOND


def find_relayed(seed: int) -> int:
    """The event of that answer."""
    return next(note.event for note, _ in get_notes(play(SYMMETRIC, seed), "peer reached", "ann"))


def reckon_wait(seed: int) -> float:
    """The same as a sum: ask for Bob's address, three steps of three tries in vain, there and back."""
    lab = play(SYMMETRIC, seed)
    asked, found = measure_way(lab, "find", "found")
    carried, answered = measure_way(lab, "relay-to", "relayed")
    return (found - asked + 3 * TRIES * TRY_AGAIN + answered - carried) / SECOND


def measure_way(lab: Lab, question: str, answer: str) -> tuple[int, int]:
    """When Ann has sent a question first, and when its answer was sent to her by her box, and took 1 ms."""
    asked = next(get_messages(lab, question, sender="ann")).at
    sent = next(get_messages(lab, answer, sender="home", receiver="ann")).at
    return asked, sent + lab.scenario.links.local


def get_relayed_bytes(seed: int) -> int:
    """What passes the relay's line for a file, in and out: counted at a relay that gets every packet."""
    setup = Setup("server", SERVER, (), CounterRandom(0))
    relay, ann, bob = RendezvousNode(setup), Address(OUTSIDE["ann"], 1024), Address(OUTSIDE["bob"], 1024)
    for name, address in (("ann", ann), ("bob", bob)):
        relay.on_datagram(address, Register(name, Address("192.168.0.2", 8333)), 0)
    passed = 0
    for place in range(FILE // DATAGRAM):
        packet = RelayTo("bob", bytes(DATAGRAM))
        passed += len(packet.content)
        for effect in relay.on_datagram(ann, packet, place):
            if isinstance(effect, SendTo) and isinstance(effect.message, Relayed):
                passed += len(effect.message.content)
    return passed


def reckon_relayed_bytes(seed: int) -> int:
    """The same: every byte comes in once and goes out once."""
    return 2 * FILE


# -- the walk ------------------------------------------------------------------------------------------------


@cache
def order_walk(seed: int) -> list[str]:
    """The five packets of a punch of IPv8, in the order in which they are sent; from a run without delay."""
    lab = Lab(scenarios.load(SLOW).with_value("links.between.0.latency", 30_000), seed=seed)
    lab.run()
    tracker = lab.scenario.get_addresses()["tracker"]
    names = {
        ("ann", "intro-ask", True): WALK[0],
        ("tracker", "punch-ask", False): WALK[1],
        ("bob", "punch", False): WALK[2],
        ("ann", "intro-ask", False): WALK[3],
        ("bob", "intro-told", False): WALK[4],
    }
    seen: dict[str, None] = {}
    for record in get_records(lab, Kind.SEND):
        message = record.detail
        is_to_tracker = getattr(message, "destination", None) == tracker
        name = names.get((lab.names[record.peer], message.wire_name, is_to_tracker))
        if name is not None:
            seen.setdefault(name)
    return list(seen)


# -- a port that was asked for -------------------------------------------------------------------------------


def ask_for_port(lab: Lab) -> Lab:
    """A twin in which Bob's box opens a port when it is asked, and Bob asks."""
    box = {"type": "symmetric", "opens_ports": True}
    bob = {"server": "server", "map_port": True}
    return make_twin(lab, {"peers.office.policy": box, "peers.bob.policy": bob})


def find_let_in(seed: int) -> str:
    """Whom Bob's own port lets in, as the key of an option: even Ann, before he has written to her?"""
    lab = ask_for_port(play(SYMMETRIC, seed))
    lab.run()
    _, facts = next(get_notes(lab, "peer reached", "ann"))
    first = next(get_messages(lab, "probe", sender="office", receiver="bob"))
    home = lab.names.index("home")
    before = (record for record in get_records(lab, Kind.SEND, "office") if record.id < first.id)
    return "d" if facts["by"] == "direct" and all(record.other != home for record in before) else "b"
