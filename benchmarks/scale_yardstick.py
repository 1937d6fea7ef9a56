"""How fast is this machine, now? A bare loop over a heap; one like it was measured where SimBlock was.

One block told by inv among 18,077 peers, each dialling 8, on SimBlock's regions of 2019; announcements that
come no sooner than another one are not queued. On that machine (two cores of an AMD EPYC) it took 144 ms,
the median of seven; this one is written anew after its description. No more is in it than a flood needs: it
is a measure, not an executor.
"""

import gc
import time
from dataclasses import replace
from heapq import heappop, heappush
from statistics import median

from blockchain_lab.scale.network import freeze
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.presets import get_network
from blockchain_lab.scale.protocol import Kind
from blockchain_lab.scale.wiring import Wiring, make_wiring

THERE = 144  # milliseconds
FAR = 1 << 62
INV, GETDATA, BLOCK, CHECKED = map(int, (Kind.INV, Kind.GETDATA, Kind.BLOCK, Kind.CHECKED))


class Lists:
    """What the loop works on; the clock does not run while it is made."""

    def __init__(self, w: Wiring) -> None:
        """Plain whole numbers."""
        self.offsets, self.others, self.owners = w.offsets.tolist(), w.others.tolist(), w.owners.tolist()
        self.latency, self.reverse = w.latency.tolist(), w.reverse.tolist()
        self.inv, self.getdata, self.block = (w.cost[kind].tolist() for kind in (INV, GETDATA, BLOCK))
        self.source, self.validation = int(w.miner[0]), w.validation


def flood_barely(lists: Lists) -> list[int]:
    """When each peer has the block, in microseconds."""
    offsets, others, owners = lists.offsets, lists.others, lists.owners
    latency, reverse, validation, source = lists.latency, lists.reverse, lists.validation, lists.source
    inv, getdata, block, peers = lists.inv, lists.getdata, lists.block, len(lists.offsets) - 1
    free, soonest, arrival, asked = [0] * peers, [FAR] * peers, [FAR] * peers, bytearray(peers)
    soonest[source], asked[source], arrival[source] = 0, 1, 0
    heap, number = [(0, 0, CHECKED, -1, source)], 1
    while heap:
        now, _, kind, slot, peer = heappop(heap)
        done = free[peer]
        if done < now:
            done = now
        if kind == CHECKED:
            back, step = owners[slot] if slot >= 0 else -1, inv[peer]
            for each in range(offsets[peer], offsets[peer + 1]):
                other = others[each]
                if other != back:
                    done += step
                    at = done + latency[each]
                    if at < soonest[other]:
                        soonest[other] = at
                        heappush(heap, (at, number, INV, each, other))
                        number += 1
            free[peer] = done
        elif kind == BLOCK:
            arrival[peer] = now
            heappush(heap, (now + validation, number, CHECKED, slot, peer))
            number += 1
        elif kind == GETDATA or not asked[peer]:
            asked[peer] = 1
            answer, there = BLOCK if kind == GETDATA else GETDATA, reverse[slot]
            free[peer] = done = done + (block if kind == GETDATA else getdata)[peer]
            heappush(heap, (done + latency[there], number, answer, there, others[there]))
            number += 1
    return arrival


def measure_slowness(times: int = 7) -> float:
    """How many times slower this machine is than that one, at this moment."""
    network = get_network("bitcoin 2019", peers=18_077, loss=0)
    network = replace(network, jitter=freeze(network.latency * 0))
    lists = Lists(make_wiring(network, Plan(relay=Relay.INVENTORY, blocks=1)))
    gc.disable()
    taken = []
    for _ in range(times):
        begun = time.process_time()
        flood_barely(lists)
        taken.append(1000 * (time.process_time() - begun))
    gc.enable()
    found = median(taken)
    print(f"yardstick: {found:.0f} ms here, {THERE} where SimBlock was measured, {found / THERE:.2f} of it")
    return found / THERE
