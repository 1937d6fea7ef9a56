"""Small toy chains for the tests: one node that is told things by hand, and whole networks in a lab."""

import inspect

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Note, SendTo
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.layers.toy_faulty import FAULTS
from blockchain_lab.layers.toy_messages import GENESIS, Block, Vote
from blockchain_lab.layers.toy_node import OpenToyNode
from blockchain_lab.layers.toy_repairs import ToyNode
from blockchain_lab.layers.toy_rules import draw_leader
from blockchain_lab.sim.scenario import Links, Peer, Scenario

STAKES = {"ann": 40, "bob": 30, "cat": 30}
NAMES = (*STAKES, "gus")
CHAIN = {"toy": {"stakes": STAKES, "balances": dict.fromkeys(NAMES, 100)}}
ADDRESSES = {name: Address(f"10.0.0.{number}", 8333) for number, name in enumerate(NAMES)}
SEED = 7


def make_node(name: str = "ann", kind: type[OpenToyNode] = ToyNode, **more) -> OpenToyNode:
    """A node that nobody runs: a test tells it what happens."""
    luck = CounterRandom(5)
    setup = Setup(name, ADDRESSES[name], (), luck, chain=CHAIN, seed=SEED, contacts=dict(ADDRESSES), **more)
    return kind(setup)


def get_leader(slot: int) -> str:
    """By the rule."""
    return draw_leader(STAKES, SEED, slot)


def make_block(slot: int, parent: Block = GENESIS, payments=(), by: str = "") -> Block:
    """The leader's block of a slot, or somebody else's."""
    name = by or get_leader(slot)
    return Block(parent.name, slot, name, tuple(payments)).signed_by(name)


def vote_for(block: Block, *names: str) -> list[Vote]:
    """Real votes."""
    return [Vote(block.name, block.slot, name).signed_by(name) for name in names]


def tell(node: OpenToyNode, *messages, source: str = "gus", at: int | None = None) -> list:
    """Hand it messages, one after another, in the slot of the first block; all that it answers."""
    effects = []
    for message in messages:
        now = at if at is not None else getattr(message, "slot", 0) * SECOND
        effects += node.on_datagram(ADDRESSES[source], message, now)
    return effects


def get_sent(effects: list, kind: type) -> list:
    """The messages of one kind that it sends, each once."""
    sent = [effect.message for effect in effects if isinstance(effect, SendTo)]
    return list(dict.fromkeys(message for message in sent if isinstance(message, kind)))


def get_topics(effects: list) -> list[str]:
    """What it notes."""
    return [effect.topic for effect in effects if isinstance(effect, Note)]


def make_network(kind: str = "toy", until: int = 12 * SECOND, **links) -> Scenario:
    """Three validators and a client."""
    settings = {"latency": (10_000, 100_000), "jitter": 20_000, **links}
    return Scenario(
        name="toys",
        seed=SEED,
        peers={name: Peer(kind) for name in NAMES},
        chain=CHAIN,
        links=Links(**settings),
        until=until,
    )


def run_network(**options) -> Lab:
    """The network, played to its end."""
    lab = Lab(make_network(), **options)
    lab.run()
    return lab


def write_repairs(*names: str) -> str:
    """The text of a learner who has repaired these of the six; all of them when none is named."""
    methods = [inspect.getsource(vars(ToyNode)[name]) for name in names or FAULTS]
    return "class Mine(FaultyNode):\n" + "\n".join(methods)
