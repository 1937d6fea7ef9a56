"""Lesson 18, the worlds in which a repaired node must stand: a network, orders, and what goes wrong.

    slots     0 ......................... CALM ......................... the end
              loss, a cut, peers that go   nothing goes wrong any more, but
              off and come back            for the forger, who never rests

A world is plain data and follows from its seed: the same two hundred for everybody. It is small enough to
be read, and each part can be left out without changing another one's luck: so a failing one can be shrunk.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import MILLISECOND, SECOND, Microseconds
from blockchain_lab.sim.actions import Action, Heal, Kill, Partition, Revive, SetKnob
from blockchain_lab.sim.scenario import Knob, Links, Peer, Scenario

Part = TypeVar("Part")

VALIDATORS: Final = ("ann", "bob", "cat", "dan", "eve")
CLIENTS: Final = ("gus", "hal")
FORGER: Final = "mallory"
KIND: Final = "toy"  # of all but the forger: the node that is checked
COINS: Final = 100  # everybody's at the genesis
SLOT: Final = SECOND
CALM: Final = 12  # the slot from which on nothing goes wrong
QUIET: Final = 20  # slots from then to the end: three in a row without the forger come many times


@dataclass(frozen=True, slots=True)
class Order:
    """A peer is told to pay another one. at: microseconds."""

    at: Microseconds
    sender: str
    receiver: str
    amount: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Between two slots nothing passes between this group and the others."""

    group: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outage:
    """Between two slots a peer is off. Its disk stays."""

    peer: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class World:
    """All that a run depends on, besides the node. Times in slots, chances in parts per million."""

    seed: int
    stakes: tuple[tuple[str, int], ...]  # the validators; less than a third is the forger's
    clients: tuple[str, ...]
    has_forger: bool
    orders: tuple[Order, ...]
    cuts: tuple[Cut, ...]
    outages: tuple[Outage, ...]
    loss: int  # of datagrams, until calm
    latency: tuple[Microseconds, Microseconds]
    jitter: Microseconds
    calm: int = CALM
    until: int = CALM + QUIET

    @property
    def honest(self) -> tuple[str, ...]:
        """Who runs the node that is checked."""
        return (*(name for name, _ in self.stakes if name != FORGER), *self.clients)

    @property
    def peers(self) -> tuple[str, ...]:
        """Everybody."""
        return (*self.honest, *([FORGER] if self.has_forger else []))

    @property
    def is_whole(self) -> bool:
        """Does it last long enough that everything must be final in the end?"""
        return self.until >= self.calm + QUIET

    @property
    def size(self) -> int:
        """How much there is in it: what shrinking makes smaller."""
        parts = len(self.peers) + len(self.orders) + len(self.cuts) + len(self.outages)
        return parts + bool(self.loss) + bool(self.jitter) + self.until

    def to_scenario(self) -> Scenario:
        """The same as a scenario: kind "toy" for all but the forger."""
        balances = dict.fromkeys(self.peers, COINS)
        chain: dict[str, Any] = {"stakes": dict(self.stakes), "balances": balances, "slot": SLOT}
        return Scenario(
            name=f"toy world {self.seed}",
            title="A toy chain, and what goes wrong around it",
            seed=self.seed,
            peers={name: Peer("toy-forger" if name == FORGER else KIND) for name in self.peers},
            chain={"toy": chain},
            links=Links(latency=self.latency, jitter=self.jitter, loss=self.loss),
            knobs={"loss": Knob("links.loss", 0, 900_000, "ppm")},
            story=tuple(self.get_story()),
            until=self.until * SLOT,
        )

    def get_story(self) -> list[tuple[int, Action]]:
        """Orders and faults, each with its moment; a fault comes in the middle of a slot."""
        half = SLOT // 2
        story: list[tuple[int, Action]] = [
            (order.at, Pay(order.sender, order.receiver, order.amount)) for order in self.orders
        ]
        for cut in self.cuts:
            story += [(cut.start * SLOT + half, Partition(cut.group)), (cut.end * SLOT + half, Heal())]
        for outage in self.outages:
            story.append((outage.start * SLOT + half, Kill(outage.peer)))
            story.append((outage.end * SLOT + half, Revive(outage.peer)))
        if self.loss:
            story.append((self.calm * SLOT, SetKnob("loss", 0)))
        return story


def make_world(seed: int) -> World:
    """The world of a seed."""
    luck = CounterRandom(get_key(seed, "toy world"))
    validators = VALIDATORS[: 3 + luck.below(3)]
    clients = CLIENTS[: 1 + luck.below(2)]
    stakes = [(name, 20 + luck.below(21)) for name in validators]
    has_forger = luck.below(4) > 0
    if has_forger and luck.below(2):
        stakes.append((FORGER, sum(stake for _, stake in stakes) // (4 + luck.below(4))))
    honest = (*validators, *clients)
    return World(
        seed=seed,
        stakes=tuple(stakes),
        clients=clients,
        has_forger=has_forger,
        orders=make_orders(luck, honest),
        cuts=make_cuts(luck, honest),
        outages=make_outages(luck, validators),
        loss=luck.below(4) * 60_000,
        latency=(10 * MILLISECOND, (50 + luck.below(151)) * MILLISECOND),
        jitter=luck.below(3) * 40 * MILLISECOND,
    )


def make_orders(luck: CounterRandom, names: tuple[str, ...]) -> tuple[Order, ...]:
    """Four to eight payments, small enough that everybody can afford its own."""
    orders = []
    for _ in range(4 + luck.below(5)):
        sender, receiver = luck.sample(names, 2)
        at = SLOT + luck.below((CALM - 2) * SLOT)
        orders.append(Order(at, sender, receiver, 1 + luck.below(12)))
    return tuple(sorted(orders, key=lambda order: order.at))


def make_cuts(luck: CounterRandom, names: tuple[str, ...]) -> tuple[Cut, ...]:
    """In two worlds of three the network is cut in two for some slots."""
    if luck.below(3) == 0:
        return ()
    group = luck.sample(names, 1 + luck.below(len(names) // 2))
    start = 1 + luck.below(CALM - 5)
    return (Cut(tuple(sorted(group)), start, start + 3 + luck.below(CALM - 3 - start)),)


def make_outages(luck: CounterRandom, validators: tuple[str, ...]) -> tuple[Outage, ...]:
    """None, one or two validators are off for some slots."""
    outages = []
    for name in luck.sample(validators, luck.below(3)):
        start = 1 + luck.below(CALM - 4)
        outages.append(Outage(name, start, start + 2 + luck.below(CALM - 2 - start)))
    return tuple(outages)


# -- smaller ones --------------------------------------------------------------------------------------------


def get_smaller(world: World) -> Iterator[World]:
    """Every world that has one thing less, the largest steps first. Each is made when it is asked for."""
    for until in sorted({world.until // 4, world.until // 2, world.until * 3 // 4, world.until - 1}):
        if 0 < until < world.until:
            yield end_at(world, until)
    if world.is_whole and (calm := get_last_fault(world)) < world.calm:
        yield replace(world, calm=calm, until=calm + QUIET)
    for name in reversed(world.peers):
        smaller = leave_out(world, name)
        if smaller != world:
            yield smaller
    yield from (replace(world, cuts=rest) for rest in get_one_less(world.cuts))
    yield from (replace(world, outages=rest) for rest in get_one_less(world.outages))
    yield from (replace(world, orders=rest) for rest in get_one_less(world.orders))
    if world.loss:
        yield replace(world, loss=0)
    if world.jitter:
        yield replace(world, jitter=0)


def get_one_less(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """The parts without one of them, for each."""
    return ((*parts[:place], *parts[place + 1 :]) for place in range(len(parts)))


def get_last_fault(world: World) -> int:
    """The slot after which calm could begin: nothing goes wrong any more, and nothing is ordered."""
    ends = [cut.end + 1 for cut in world.cuts] + [outage.end + 1 for outage in world.outages]
    return max([1, *ends, *(order.at // SLOT + 1 for order in world.orders)])


def end_at(world: World, until: int) -> World:
    """The same world, which ends earlier; what would have happened later is left out."""
    return replace(
        world,
        until=until,
        calm=min(world.calm, until),
        orders=tuple(order for order in world.orders if order.at < until * SLOT),
        cuts=tuple(cut for cut in world.cuts if cut.end < until),
        outages=tuple(outage for outage in world.outages if outage.end < until),
    )


def leave_out(world: World, name: str) -> World:
    """The same world without a peer and what it does; the same itself if nobody would hold stake, or be told.

    What is told to nobody is not on the wire, so the checker could not read it.
    """
    if len(world.peers) <= 2:
        return world
    stakes = tuple((other, stake) for other, stake in world.stakes if other != name)
    if 3 * dict(stakes).get(FORGER, 0) >= sum(stake for _, stake in stakes):
        stakes = tuple((other, stake) for other, stake in stakes if other != FORGER)  # a third is too much
    if not [other for other, _ in stakes if other != FORGER]:
        return world
    cuts = [replace(cut, group=tuple(other for other in cut.group if other != name)) for cut in world.cuts]
    return replace(
        world,
        stakes=stakes,
        clients=tuple(other for other in world.clients if other != name),
        has_forger=world.has_forger and name != FORGER,
        orders=tuple(order for order in world.orders if name not in (order.sender, order.receiver)),
        cuts=tuple(cut for cut in cuts if cut.group and len(cut.group) < len(world.peers) - 1),
        outages=tuple(outage for outage in world.outages if outage.peer != name),
    )
