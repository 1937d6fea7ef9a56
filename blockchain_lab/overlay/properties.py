"""The lecture's seven properties of a good overlay, for a structured and an unstructured one, as data.

A property is measured where a number says something about it, and reasoned where none would be honest. The
measured ones are of 100 nodes: Kademlia with k = 10, or flooding along four lines that each node dials; tests
measure them anew. How good "partly" is, is for a class to argue about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Verdict = Literal["yes", "partly", "no"]
STRUCTURED: Final = "structured"  # Kademlia, Chord: who keeps what follows from ids
UNSTRUCTURED: Final = "unstructured"  # gossip: everybody may know anybody and keep anything


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far one kind of overlay has a property."""

    verdict: Verdict
    reason: str
    measured: float | None = None
    unit: str = ""  # what was measured


@dataclass(frozen=True, slots=True)
class Property:
    """One property, and both judgements."""

    name: str
    asks: str
    judgements: Mapping[str, Judgement]


def _make(name: str, asks: str, structured: Judgement, unstructured: Judgement) -> Property:
    return Property(name, asks, MappingProxyType({STRUCTURED: structured, UNSTRUCTURED: unstructured}))


PROPERTIES: Final[tuple[Property, ...]] = (
    _make(
        "open join and leave",
        "may anybody come and go at any time?",
        Judgement("yes", "one known peer is enough; who comes takes over keys, who goes leaves copies"),
        Judgement("yes", "one known peer is enough; nothing has to be moved"),
    ),
    _make(
        "minimal overhead",
        "what does one item cost the network?",
        Judgement("yes", "a lookup and k copies", 41.5, "messages for one item"),
        Judgement("no", "twice every line but n - 1 of them", 685.0, "messages for one item"),
    ),
    _make(
        "robust to attacks and failures",
        "what is left when peers are gone or lie?",
        Judgement(
            "partly",
            "f**r of the values are lost with a fraction f of the nodes, but k chosen ids own a key",
            0.0,
            "share of peers that find a value with ten sybils around its key",
        ),
        Judgement(
            "yes",
            "every item takes all ways at once",
            1.0,
            "share of the living that hear of an item when half of all peers are dead",
        ),
    ),
    _make(
        "scalable",
        "what does a network 16 times as large cost?",
        Judgement("yes", "half of log2(n) hops", 2.0, "hops more, from 256 to 4,096 nodes with k = 1"),
        Judgement("no", "every node carries everything", 16.0, "times the messages for one item"),
    ),
    _make(
        "serendipity",
        "does one come upon what one did not look for?",
        Judgement("no", "only who knows the key finds something", 0.1, "share of the nodes that see an item"),
        Judgement("yes", "everybody hears of everything", 1.0, "share of the nodes that see an item"),
    ),
    _make(
        "trustless",
        "must anybody be believed?",
        Judgement(
            "partly",
            "answers for a name can be forged; not so where the key is the hash of the value",
            0.75,
            "share of true answers with a fifth of liars",
        ),
        Judgement("partly", "a copy can be changed on its way; not so where items are named by their hash"),
    ),
    _make(
        "permissionless",
        "does nobody have to be asked?",
        Judgement(
            "yes",
            "ids are one's own choice, at the price of sybils; as hashes of addresses they cost addresses",
            1010.0,
            "addresses for ten ids next to a key, where ids are checked",
        ),
        Judgement("yes", "an address is enough"),
    ),
)
