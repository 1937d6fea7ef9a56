"""Lesson 3, boxes as tables: who gets through to whom, by the rule and by packets; what a box remembers.

No run is played here. Two tables of `overlay.nat` are asked as the boxes would ask them, packet after packet.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import Any, Final

from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Choice, Mistake
from blockchain_lab.course.sorting import Sorting
from blockchain_lab.overlay.nat import CLASSIC, Behaviour, NatTable

NATS: Final = tuple(CLASSIC)  # the four classic types, from the most open one on
FIREWALL: Final = "firewall"
BOXES: Final = ("none", FIREWALL, *NATS)  # all that the lesson compares
PAIRS: Final = tuple(f"{a} + {b}" for a, b in combinations_with_replacement(NATS, 2))
MEMORY: Final = 30 * SECOND  # of the box in the question about keep-alives
MOST_TRIED: Final = 120  # seconds between two packets
OUTSIDE: Final = {"ann": "203.0.113.1", "bob": "203.0.113.2"}
SERVER: Final = Address("198.51.100.1", 3478)


# -- who gets through to whom --------------------------------------------------------------------------------


def can_connect(a: str, b: str) -> bool:
    """Do a host behind box `a` and one behind box `b` get through without a relay, if both write first?"""
    strict = ("firewall", "port restricted cone", "symmetric")  # let in only the very address written to
    if a == "symmetric":
        return b not in strict
    if b == "symmetric":
        return a not in strict
    return True


@dataclass(slots=True)
class Home:
    """A host and its box, None when it stands in the open. `seen`: where the server saw it."""

    host: Address
    table: NatTable | None
    seen: Address

    def send(self, remote: Address, now: Microseconds) -> Address:
        """A packet goes out: from which address it comes, outside."""
        mapping = self.table.send(self.host, remote, now)[0] if self.table else None
        return mapping.outside if mapping else self.host

    def lets_in(self, at: Address, remote: Address, now: Microseconds) -> bool:
        """Does a packet from `remote` to `at` get through to the host?"""
        return self.table is None or self.table.receive(at, remote, now)[0] is not None


def make_home(name: str, box: str) -> Home:
    """A host behind a box of a type, which has just written to the server."""
    ip = OUTSIDE[name]
    if box == "none":
        return Home(Address(ip, 8333), None, Address(ip, 8333))
    mapping, filtering = CLASSIC.get(box, CLASSIC["port restricted cone"])
    translates = box != FIREWALL
    host = Address("192.168.0.2" if translates else ip, 8333)
    home = Home(host, NatTable(ip if translates else None, mapping, filtering), host)
    home.seen = home.send(SERVER, 0)
    return home


def connect_by_packets(a: str, b: str) -> bool:
    """The same as `can_connect`, tried out: both write to where the server saw the other, and answer."""
    ann, bob = make_home("ann", a), make_home("bob", b)
    letters = [(ann, bob, ann.send(bob.seen, 1), bob.seen), (bob, ann, bob.send(ann.seen, 1), ann.seen)]
    for now in range(2, 5):  # a letter that got in is answered; and that answer is, too
        for sender, receiver, source, to in tuple(letters):
            if receiver.lets_in(to, source, now):
                back = receiver.send(source, now)
                if sender.lets_in(source, back, now):
                    return True
                letters.append((receiver, sender, back, source))
    return False


def sort_pairs(connects: Any) -> dict[str, str]:
    """The ten pairs of the four types, each "punch" or "relay", as a function like `can_connect` says."""
    return {pair: "punch" if connects(*pair.split(" + ")) else "relay" for pair in PAIRS}


def sort_by_packets(seed: int) -> dict[str, str]:
    """The table as packets make it."""
    return sort_pairs(connect_by_packets)


def sort_by_rule(seed: int) -> dict[str, str]:
    """The table as the rule has it."""
    return sort_pairs(can_connect)


def forget_the_port_restricted(a: str, b: str) -> bool:
    """A mistake: only two symmetric boxes are thought to fail."""
    return not (a == b == "symmetric")


def blame_the_symmetric(a: str, b: str) -> bool:
    """A mistake: a symmetric box is thought to fail with all."""
    return "symmetric" not in (a, b)


def look_at_one_side(a: str, b: str) -> bool:
    """A mistake: the pair is read in one order only."""
    return not (a == "symmetric" and b in ("firewall", "port restricted cone", "symmetric"))


def forget_the_firewall(a: str, b: str) -> bool:
    """A mistake: a firewall is taken for an open host."""
    strict = ("port restricted cone", "symmetric")
    return not ((a == "symmetric" and b in strict) or (b == "symmetric" and a in strict))


def close_the_restricted(a: str, b: str) -> bool:
    """A mistake: a box that looks at the IP alone is taken for one that looks at the port."""
    strict = ("firewall", "restricted cone", "port restricted cone", "symmetric")
    return not ((a == "symmetric" and b in strict) or (b == "symmetric" and a in strict))


TABLE: Final = Sorting(
    id="L03.q4",
    title="Ten pairs of boxes",
    prompt="Which pairs get through by punching, which ones need the relay?",
    items=PAIRS,
    groups={"punch": "both write first, and get through", "relay": "somebody must carry every packet"},
    passes="all ten pairs in the right group.",
    hints=(
        "Start with the pairs without a symmetric box: is there anything that both cannot know beforehand?",
        "A symmetric box writes from a port that nobody knew. Who throws such a packet away?",
        "Two of the ten need the relay, and both have a symmetric box in them.",
    ),
    because="Two of ten fail. Trouble takes a box that changes the port, and one that insists on it.",
    solution="{answer}.",
    answer=sort_by_packets,
    again=sort_by_rule,
    mistakes=(
        Mistake(
            ("full cone + full cone", "relay"), "A full cone lets in everybody, once its port is open at all."
        ),
        Mistake(
            ("full cone + symmetric", "relay"),
            "The full cone lets in a packet from any port. Its answer goes back where that came from.",
        ),
        Mistake(
            ("restricted cone + symmetric", "relay"),
            "The restricted cone looks at the IP alone. Another port of the same box is welcome.",
        ),
        Mistake(
            ("port restricted cone + port restricted cone", "relay"),
            "Both keep their port, so each knows which one the other will write from.",
        ),
        Mistake(
            ("port restricted cone + symmetric", "punch"),
            "The symmetric box writes from a new port; the other one waits for the port that the server saw.",
        ),
        Mistake(
            ("symmetric + symmetric", "punch"), "Both write from new ports, to ports that nobody listens at."
        ),
    ),
)

CAN_CONNECT: Final = Function(
    id="L03.q6",
    title="Who gets through?",
    prompt="Write can_connect(a, b): do two hosts get through without a relay, if both write first?",
    name="can_connect",
    cases=tuple(product(BOXES, BOXES)),
    passes="`True` or `False` for each of the 36 pairs of six boxes, whichever comes first.",
    hints=(
        "Only a symmetric box makes trouble: without one, return `True`.",
        'Which boxes let in only the very address that was written to? "firewall" is one of three.',
        "If one of the two is symmetric, return whether the *other* one is none of those three.",
    ),
    because="Trouble takes two: one box that changes the port, and one that insists on it.",
    solution="A symmetric box fails against all who insist on the port.\n\n{answer}",
    answer=lambda seed: can_connect,
    again=lambda seed: connect_by_packets,
    mistakes=(
        Mistake(
            forget_the_port_restricted, "Two symmetric ones fail, but not they alone. Who insists on a port?"
        ),
        Mistake(blame_the_symmetric, "A symmetric box gets through to some: to those who ask for no port."),
        Mistake(look_at_one_side, "The pair may come either way round: look at `b`, too."),
        Mistake(forget_the_firewall, "A firewall translates nothing, but it lets in only whom one wrote to."),
        Mistake(
            close_the_restricted, "A restricted cone looks at the IP alone: a new port does not trouble it."
        ),
    ),
)


# -- a firewall ----------------------------------------------------------------------------------------------


def name_twin(connects: Any) -> str:
    """As the key of an option: which box has the same row of yes and no as a firewall."""
    rows = {box: [connects(box, other) for other in BOXES] for box in BOXES}
    options = {"a": "none", "b": "port restricted cone", "c": "symmetric"}
    return next((key for key, box in options.items() if rows[box] == rows[FIREWALL]), "d")


def name_twin_by_packets(seed: int) -> str:
    """As packets find it."""
    return name_twin(connect_by_packets)


def name_twin_by_rule(seed: int) -> str:
    """As the rule has it."""
    return name_twin(can_connect)


WALL: Final = Choice(
    id="L03.q5",
    title="A firewall without NAT",
    prompt="Dan has a public address and a firewall that lets in only addresses that he has written to."
    " Which box is he like, for those who want to reach him?",
    options={
        "a": "none: his address is public, so everybody reaches him",
        "b": "a port restricted cone: he must be punched through to, and a symmetric box fails",
        "c": "a symmetric box: his port changes",
        "d": "a full cone: once he has written to anybody, he is open to all",
    },
    passes="the letter of the box that gets through to the same others.",
    hints=(
        "Two things can go wrong: the port changes on its way out, or a stranger is not let in.",
        "Nothing is translated, so his port stays. Who is let in?",
        "Which of the four types keeps its port and lets in only the very address that was written to?",
    ),
    because="It is the filter that keeps strangers out, not the translation: IPv6 alone opens no door.",
    solution="{answer}.",
    answer=name_twin_by_packets,
    again=name_twin_by_rule,
    mistakes=(
        Mistake("a", "Everybody knows his address, but a stranger's packet ends at the firewall."),
        Mistake("c", "A firewall translates nothing: he is seen at his own port, by everybody."),
        Mistake("d", "It lets in only those addresses that he has written to, not all others."),
    ),
)


# -- what a box remembers -----------------------------------------------------------------------------------


def try_keep_alives(seed: int) -> int:
    """The longest pause, whole seconds, with which a box of thirty seconds keeps one mapping: tried out."""
    return max(seconds for seconds in range(1, MOST_TRIED) if survives(seconds))


def survives(seconds: int) -> bool:
    """Ten packets so far apart: is it still the first mapping at the end?"""
    table = NatTable(
        OUTSIDE["ann"], Behaviour.ENDPOINT_INDEPENDENT, Behaviour.ADDRESS_DEPENDENT, idle_timeout=MEMORY
    )
    sent = [table.send(Address("192.168.0.2", 8333), SERVER, n * seconds * SECOND)[1] for n in range(10)]
    return sent == [True] + 9 * [False]


def reckon_keep_alive(seed: int) -> int:
    """The same by arithmetic: shorter than the box's memory, in whole seconds."""
    return (MEMORY - 1) // SECOND


def let_stranger_in(seed: int) -> str:
    """Who may use a port that was asked for, as the key of an option: packets of four senders, tried out."""
    box = make_home("bob", "symmetric")
    assert box.table is not None
    opened = Address(OUTSIDE["bob"], 8333)
    box.table.lease(box.host, opened, 3_600 * SECOND, 1)
    friend, port_of_friend = Address("198.51.100.7", 8333), Address("198.51.100.7", 9_999)
    box.send(friend, 2)
    senders = (friend, port_of_friend, SERVER, Address("192.0.2.66", 666))
    may = tuple(box.lets_in(opened, sender, 3) for sender in senders)
    return "d" if all(may) else "b" if may[0] else "c" if may[2] else "a"
