"""What the plain executor knows of the blocks: who stands on which, and how far each of them has come."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.delays import compute_delays
from blockchain_lab.scale.outcome import Outcome
from blockchain_lab.scale.protocol import NO_PARENT, Stage
from blockchain_lab.scale.wiring import Wiring

FAR: Final = 1 << 62
OUT_OF_ORDER, READY = int(Stage.CHECKED), int(Stage.READY)  # enum members are slow to compare


def look(column: NDArray[Any]) -> Any:
    """The same column, but one number is read out of it in half the time, and comes as an `int`."""
    view: Any = memoryview
    return view(column)


class Tree:
    """The blocks found so far, and on which of them each peer stands."""

    def __init__(self, wiring: Wiring) -> None:
        """No block yet."""
        self.parent, self.height = [NO_PARENT] * wiring.blocks, [0] * wiring.blocks
        self.children: list[list[int]] = [[] for _ in range(wiring.blocks)]
        self.best, self.best_height = [NO_PARENT] * wiring.size, [0] * wiring.size
        self.stage = [bytearray(wiring.size) for _ in range(wiring.blocks)]

    def grow(self, block: int, miner: int) -> None:
        """A miner finds a block on top of the best one it knows."""
        parent = self.parent[block] = self.best[miner]
        self.height[block] = 1
        if parent != NO_PARENT:
            self.height[block] += self.height[parent]
            self.children[parent].append(block)
        self.stand(block, miner)

    def take(self, block: int, peer: int) -> None:
        """A peer has checked a block: it counts if all before it are checked, too, else it waits for them."""
        parent = self.parent[block]
        if parent == NO_PARENT or self.stage[parent][peer] == READY:
            self.stand(block, peer)
        else:
            self.stage[block][peer] = OUT_OF_ORDER

    def stand(self, block: int, peer: int) -> None:
        """All before this block is checked, so it counts, and so do those that waited for it."""
        ready = [block]
        for each in ready:
            self.stage[each][peer] = READY
            if self.height[each] > self.best_height[peer]:
                self.best_height[peer], self.best[peer] = self.height[each], each
            for child in self.children[each]:
                if self.stage[child][peer] == OUT_OF_ORDER:
                    ready.append(child)


class Waits(dict[int, Any]):
    """What messages about one block need behind their uplink: by kind, for all slots when first asked for.

    SimBlock's formula has no uplink of its own: a large message's time on the wire is part of it here.
    """

    def __init__(self, wiring: Wiring, block: int) -> None:
        """Nothing is asked for yet."""
        self.wiring, self.block = wiring, block

    def __missing__(self, kind: int) -> Any:
        """Draw for all slots at once."""
        w = self.wiring
        column = compute_delays(w, kind, self.block)
        if w.is_simblock and not w.is_small[kind]:
            column = column - (-w.sizes[kind] * SECOND // w.pace)
        waits = self[kind] = look(column)
        return waits


class Flood:
    """One block on its way. It goes when nothing more is due that is about it; all but its stages with it."""

    __slots__ = (
        "arrival", "block", "deliverer", "lacks", "left", "longest", "soonest", "stage", "unaware", "waits",
    )  # fmt: skip

    def __init__(self, wiring: Wiring, outcome: Outcome, block: int, stage: bytearray) -> None:
        """Nobody has it yet."""
        self.block, self.stage, self.waits = block, stage, Waits(wiring, block)
        self.arrival, self.deliverer = look(outcome.arrival[block]), look(outcome.deliverer[block])
        self.lacks = look(wiring.lacks[block])
        self.soonest = [FAR] * wiring.size  # when a peer hears of it
        self.unaware = bytearray(b"\1" * wiring.size + b"\0")  # who has not asked for it; behind all, nobody
        self.left = wiring.size  # who has not told others of it yet
        self.longest = int(np.max(self.waits[wiring.announce], initial=0))  # that an announcement waits

    def forget(self) -> None:
        """Everybody has told everybody: nothing said of it can matter any more."""
        self.soonest, self.unaware = [], bytearray()
        self.waits.clear()
