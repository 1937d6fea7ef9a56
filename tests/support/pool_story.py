"""A story of waiting transactions: many fees, a coin taken twice, a replacement, two branches, a revival."""

from blockchain_lab.base.actions import Mine, Pay, SubmitTx
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, Heal, Kill, Partition, Revive
from blockchain_lab.sim.scenario import Peer, Scenario, Topology
from support.bitcoin_purse import Purse, output

NAMES = ("ann", "bob", "cat", "dan", "eve", "fay")
EDGES = (("ann", "bob"), ("bob", "cat"), ("cat", "dan"), ("dan", "eve"), ("eve", "fay"), ("fay", "ann"))
FEES = (90, 150, 240, 300, 420, 700, 1_000, 1_500, 2_400, 4_000, 9_000)  # satoshi
TWICE = (2_000, 2_600)  # what the two pay that take one coin
RIVALS = (7_000, 7_500)  # two that do so on the two sides of a partition


def make_pool_lab(era: str = "today") -> Lab:
    """Six peers in a ring. Run it to its end."""
    base = make_scenario(era, ())
    lab = Lab(base)
    lab.run(until=SECOND)
    purse = Purse(lab.peer("ann").chain, lab.peer("ann").pool)
    return Lab(make_scenario(era, tell_story(purse)))


def make_scenario(era: str, story: tuple[tuple[int, Action], ...]) -> Scenario:
    """The peers, who dials whom, and what happens."""
    return Scenario(
        name="waiting",
        title="Transactions wait, compete, return",
        seed=7,
        started_at=1_296_773_000,  # behind the time of the 140th block
        chain={"network": "regtest"},
        policy={"era": era, "redial_after": 4 * SECOND},
        peers={name: Peer(kind="bitcoin", disk={"mined": 140}) for name in NAMES},
        topology=Topology(edges=EDGES),
        story=story,
        until=120 * SECOND,
        poster=1,
    )


def tell_story(purse: Purse) -> tuple[tuple[int, Action], ...]:
    """When who does what."""
    paid = [
        purse.make(purse.coinbase(height + 1), fee=fee, parts=2 + height % 4)
        for height, fee in enumerate(FEES)
    ]
    child = purse.make(output(paid[0]), fee=1_200)
    twice = [purse.make(purse.coinbase(20), fee=fee) for fee in TWICE]
    dearer = purse.make(purse.coinbase(3), fee=8_000, parts=3)
    late = [purse.make(purse.coinbase(height), fee=300 * height) for height in (21, 22, 23)]
    rivals = [purse.make(purse.coinbase(24), fee=fee) for fee in RIVALS]
    told: list[tuple[int, Action]] = [
        *((10 * SECOND + 700_000 * at, submit(NAMES[at % 6], tx)) for at, tx in enumerate(paid)),
        (18 * SECOND, submit("bob", child)),
        (19 * SECOND, submit("ann", twice[0])),
        (19 * SECOND, submit("dan", twice[1])),
        (26 * SECOND, submit("eve", dearer)),
        (34 * SECOND, Mine("cat")),
        (40 * SECOND, Partition(("ann", "bob", "cat"))),
        (42 * SECOND, submit("bob", late[0])),
        (43 * SECOND, submit("eve", late[1])),
        (44 * SECOND, submit("eve", rivals[0])),
        (50 * SECOND, Mine("ann")),
        (51 * SECOND, submit("bob", rivals[1])),  # still waits when the other side's block takes its coin
        (52 * SECOND, Mine("fay")),
        (53 * SECOND, Mine("fay")),
        (60 * SECOND, Heal()),
        (85 * SECOND, submit("cat", late[2])),
        (90 * SECOND, Kill("bob", "reset")),
        (96 * SECOND, Revive("bob")),
        (104 * SECOND, Pay("fay")),
        (112 * SECOND, Mine("dan")),
    ]
    return tuple(told)


def submit(name: str, tx: Transaction) -> SubmitTx:
    """A peer is given a transaction."""
    return SubmitTx(name, tx.encoding.hex())
