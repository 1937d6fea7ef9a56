"""Who is connected to whom, for a hundred thousand peers: graphs as columns, the same on every machine.

    make_outbound_graph     everybody dials k others, as Bitcoin's peers do
    make_target_graph       everybody wants at least so many neighbours, whoever dialled, as IPv8's peers do
    make_graph_by_degrees   every peer has a given number of neighbours (`graph_by_degrees`)
    make_graph              the connections are given

All are simple (nobody is connected to itself, and to nobody twice), and both ends of a connection have a
slot. Order of a peer's slots: first whom it dialled, in the order in which it did; then who dialled it. Where
all dial at once, that is in rounds, and within a round in the order of the diallers' numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.keyed_arrays import draw_all, shuffle_all, to_below_all
from blockchain_lab.scale.network import Flags, Network, Numbers, freeze

ROUNDS: Final = 64  # of dialling at random; who still lacks somebody then looks through all


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Connections, and the same by peer: the slots of peer `p` are `offsets[p]` .. `offsets[p + 1] - 1`."""

    dialler: Numbers  # [connections]
    dialled: Numbers  # [connections]
    offsets: Numbers  # [peers + 1]
    others: Numbers  # [slots] who is at the other end
    connection: Numbers  # [slots] which connection it is a direction of

    @property
    def size(self) -> int:
        """How many peers there are."""
        return len(self.offsets) - 1


def make_graph(peers: int, dialler: Numbers, dialled: Numbers) -> Graph:
    """Slots for given connections; O(connections log connections)."""
    connections = np.arange(len(dialler))
    owner, others = np.concatenate([dialler, dialled]), np.concatenate([dialled, dialler])
    order = np.argsort(owner, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=peers))])
    both = np.concatenate([connections, connections])
    return Graph(
        freeze(dialler), freeze(dialled), freeze(offsets), freeze(others[order]), freeze(both[order])
    )


def make_outbound_graph(peers: int, outbound: int | Numbers, seed: int, maximum: int | None = None) -> Graph:
    """Everybody dials `outbound` others (a number, or one for each peer), drawn evenly.

    Whom one is connected to already is not dialled again; in a small network one may so run out of others.
    Nobody has more than `maximum` connections in all: the lines that are not for dialling are for callers.
    UsageError when it cannot be. O(connections log connections).
    """
    wanted = np.broadcast_to(np.asarray(outbound, dtype=np.int64), (peers,)).copy()
    check_degrees(wanted, peers, "outbound")
    room = np.full(peers, peers)
    if maximum is not None and maximum < peers - 1:
        if maximum < 2 * wanted.max():
            raise UsageError(
                f"maximum: found {maximum}, wanted at least {2 * wanted.max()}: "
                f"{wanted.max()} lines to dial with, and as many for those who dial"
            )
        room = maximum - wanted
    return Dialling(peers, get_key(seed, "outbound")).run(wanted, room, counts_callers=False)


def make_target_graph(peers: int, target: int, maximum: int, seed: int) -> Graph:
    """Everybody dials until it has `target` neighbours, whoever dialled, and takes calls up to `maximum`.

    One call a round, as a random walk finds them: else most would have `maximum` before they had counted.
    UsageError when it cannot be. O(connections log connections).
    """
    wanted = np.full(peers, target)
    check_degrees(wanted, peers, "target")
    if maximum < target:
        raise UsageError(f"maximum: found {maximum}, wanted at least the target, {target}")
    room = np.full(peers, maximum - target)
    return Dialling(peers, get_key(seed, "target")).run(wanted, room, counts_callers=True)


class Dialling:
    """All peers dial at once, in rounds, until nobody lacks anybody."""

    def __init__(self, peers: int, key: int) -> None:
        """Nobody is connected yet."""
        self.peers, self.key = peers, key
        self.out, self.called = np.zeros(peers, dtype=np.int64), np.zeros(peers, dtype=np.int64)
        self.codes = np.zeros(0, dtype=np.int64)  # of all connections, sorted: low end * peers + high end
        self.made: list[tuple[Numbers, Numbers]] = []

    def run(self, wanted: Numbers, room: Numbers, *, counts_callers: bool) -> Graph:
        """`wanted` lines a peer, `room` for callers beyond these; callers may count as wanted lines."""
        everybody = np.arange(self.peers)
        for number in range(ROUNDS):
            missing = self.get_missing(wanted, counts_callers)
            if counts_callers:
                missing = np.minimum(missing, 1)
            if not missing.any():
                break
            dialler = np.repeat(everybody, missing)
            nth = np.arange(len(dialler)) - np.repeat(np.cumsum(missing) - missing, missing)
            other = to_below_all(draw_all(self.key, number, dialler, nth), self.peers - 1)
            self.connect(dialler, other + (other >= dialler), self.get_room(wanted, room, counts_callers))
        for peer in np.flatnonzero(self.get_missing(wanted, counts_callers)):
            free = self.get_room(wanted, room, counts_callers)
            lacks = int(self.get_missing(wanted, counts_callers)[peer])
            others = shuffle_all(int(draw_all(self.key, ROUNDS, peer)[0]), self.peers)
            others = others[(others != peer) & (free[others] > 0)]
            others = others[~self.is_connected(self.get_codes(np.full(len(others), peer), others))][:lacks]
            self.connect(np.full(len(others), peer), others, free)
        dialler, dialled = (np.concatenate(column) for column in zip(*self.made, strict=True))
        return make_graph(self.peers, dialler, dialled)

    def get_missing(self, wanted: Numbers, counts_callers: bool) -> Numbers:
        """[peers] how many each must still dial; nobody has more neighbours than there are others."""
        has = self.out + self.called if counts_callers else self.out
        missing: Numbers = np.minimum(wanted - has, self.peers - 1 - self.out - self.called).clip(0)
        return missing

    def get_room(self, wanted: Numbers, room: Numbers, counts_callers: bool) -> Numbers:
        """[peers] how many callers each still takes, if it also gets all that it dials in this round."""
        if counts_callers:
            room = room - (self.out + self.called - wanted).clip(0)
            return room
        return room - self.called

    def get_codes(self, dialler: Numbers, dialled: Numbers) -> Numbers:
        """One number for each pair, whoever dials."""
        return np.minimum(dialler, dialled) * self.peers + np.maximum(dialler, dialled)

    def is_connected(self, codes: Numbers) -> Flags:
        """Which of these pairs are connected already?"""
        if not len(self.codes):
            return np.zeros(len(codes), dtype=np.bool_)
        place = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        found: Flags = self.codes[place] == codes
        return found

    def connect(self, dialler: Numbers, dialled: Numbers, room: Numbers) -> None:
        """Those calls succeed that are new and find a free line; the earlier caller first."""
        codes = self.get_codes(dialler, dialled)
        chosen = np.flatnonzero(~self.is_connected(codes))
        chosen = chosen[np.sort(np.unique(codes[chosen], return_index=True)[1])]
        by_line = chosen[np.argsort(dialled[chosen], kind="stable")]
        lines = dialled[by_line]
        rank = np.arange(len(lines)) - np.searchsorted(lines, lines)
        chosen = np.sort(by_line[rank < room[lines]])
        self.made.append((dialler[chosen], dialled[chosen]))
        self.out += np.bincount(dialler[chosen], minlength=self.peers)
        self.called += np.bincount(dialled[chosen], minlength=self.peers)
        self.codes = np.sort(np.concatenate([self.codes, codes[chosen]]), kind="stable")


def find_parts(network: Network | Graph) -> list[int]:
    """How many peers each connected part has, the largest first: one number if there is one part.

    O(slots log peers).
    """
    label = np.arange(network.size)
    here, there = np.repeat(label, np.diff(network.offsets)), network.others
    while True:
        left, right = label[here], label[there]
        differ = left != right
        if not differ.any():
            return sorted(np.unique(label, return_counts=True)[1].tolist(), reverse=True)
        np.minimum.at(label, np.maximum(left, right)[differ], np.minimum(left, right)[differ])
        while (label != label[label]).any():
            label = label[label]


def check_degrees(degrees: Numbers, peers: int, what: str) -> None:
    """UsageError for fewer than 2 peers, or where somebody has none, or more than there are others."""
    if peers < 2:
        raise UsageError(f"peers: found {peers}, wanted at least 2")
    bad = np.flatnonzero((degrees < 1) | (degrees > peers - 1))
    if len(bad):
        raise UsageError(
            f"{what}: found {degrees[bad[0]]} for peer {bad[0]}, wanted 1 to {peers - 1} among {peers} peers"
        )
