"""What both array executors work on: a network and a plan as plain columns, made once per run.

All luck that is keyed by a link or by a peer is looked up here, with numpy, before the run begins.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockchain_lab.base.draws import MILLION, get_keys
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.keyed_arrays import Bits, mix_all, to_below_all
from blockchain_lab.scale.mining import get_finds
from blockchain_lab.scale.network import Network, Numbers
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.protocol import MESSAGES, Kind, get_content_id, get_lacking_key, get_name, get_sizes
from blockchain_lab.sim.link import ETHERNET_MTU, JITTER, LOSS

FORMULAS = ("uplink", "simblock2019")
MOST_WAIT = 1 << 30  # microseconds of latency or jitter on a link: what 64 bits can work with


class Wiring(NamedTuple):
    """Columns for the loops. [slots] unless said otherwise; one of no use is empty."""

    offsets: Numbers  # [peers + 1]
    others: Numbers
    owners: Numbers  # whose slot it is
    reverse: Numbers  # the other direction of the same connection
    latency: Numbers
    jitter: Numbers
    jitter_key: Bits
    loss_key: Bits
    pace: Numbers  # bytes per second, the slower of both ends
    cost: Numbers  # [kinds, peers] microseconds of the uplink for one message
    sizes: Numbers  # [kinds]
    is_small: NDArray[np.bool_]  # [kinds] fits into one packet
    content: Bits  # [kinds, blocks]
    speaks: NDArray[np.bool_]  # both ends know BIP 152, and the plan uses it
    is_pushed: NDArray[np.bool_]  # [peers] some may push to it, and then only a push makes another one void
    lacks: NDArray[np.bool_]  # [blocks, peers]
    found_at: Numbers  # [blocks]
    miner: Numbers  # [blocks]
    announce: int  # the kind of message that tells of a block where nothing is pushed
    is_push: bool
    is_queued: bool
    is_pruned: bool
    is_simblock: bool
    has_jitter: bool
    has_order: bool  # can a later message be faster than an earlier one on the same slot?
    loss: int
    retransmit: int
    validation: int

    @property
    def size(self) -> int:
        """How many peers there are."""
        return len(self.offsets) - 1

    @property
    def blocks(self) -> int:
        """How many blocks will be found."""
        return len(self.found_at)


def make_wiring(network: Network, plan: Plan) -> Wiring:
    """All columns of a run; O(slots + blocks * peers). UsageError for what no executor could play."""
    check_playable(network, plan)
    peers, sizes = network.size, np.array(get_sizes(plan), np.int64)
    owners = np.repeat(np.arange(peers), network.get_degrees())
    is_simblock, has_jitter = plan.formula == "simblock2019", bool(network.jitter.any())
    is_random = is_simblock or has_jitter or network.loss > 0
    keys = get_link_keys(plan.seed, owners, network.others) if is_random else np.zeros(0, np.uint64)
    is_compact = plan.relay in (Relay.COMPACT, Relay.PUSH)
    speaks = network.speaks_compact[owners] & network.speaks_compact[network.others] & is_compact
    finds = get_finds(network, plan)
    content = [[get_content_id(kind, block) for block in range(plan.blocks)] for kind in MESSAGES]
    return Wiring(
        offsets=network.offsets,
        others=network.others,
        owners=owners,
        reverse=find_reverse(network, owners),
        latency=network.latency,
        jitter=network.jitter,
        jitter_key=mix_all(keys ^ np.uint64(JITTER)),
        loss_key=mix_all(keys ^ np.uint64(LOSS)) if network.loss and not is_simblock else keys[:0],
        pace=np.minimum(network.upload[owners], network.download[network.others]),
        cost=-(-sizes[:, None] * SECOND // network.upload[None, :]),
        sizes=sizes,
        is_small=sizes <= ETHERNET_MTU,
        content=np.array(content, np.uint64),
        speaks=speaks,
        is_pushed=network.speaks_compact & (plan.relay is Relay.PUSH),
        lacks=draw_lacking(network, plan) if is_compact else np.zeros((plan.blocks, 0), np.bool_),
        found_at=finds.at,
        miner=finds.by,
        announce=int(Kind.HEADERS if plan.relay is Relay.HEADERS else Kind.INV),
        is_push=plan.relay is Relay.PUSH,
        is_queued=plan.is_queued,
        is_pruned=plan.is_pruned,
        is_simblock=is_simblock,
        has_jitter=has_jitter and not is_simblock,
        has_order=is_random or not plan.is_queued,
        loss=0 if is_simblock else network.loss,
        retransmit=network.retransmit,
        validation=plan.validation,
    )


def check_playable(network: Network, plan: Plan) -> None:
    """UsageError for values with which time would not be a whole number, or would never end."""
    if plan.formula not in FORMULAS:
        raise UsageError(f"plan.formula: found {plan.formula!r}, wanted one of {', '.join(FORMULAS)}")
    if not 0 <= network.loss < MILLION:
        raise UsageError(f"network.loss: found {network.loss}, wanted 0 .. {MILLION - 1} (parts per million)")
    for name, least, most in (
        ("upload", 1, None),
        ("download", 1, None),
        ("latency", 0, MOST_WAIT),
        ("jitter", 0, MOST_WAIT),
        ("power", 0, None),
    ):
        column = getattr(network, name)
        is_bad = (column < least) | (column > (np.iinfo(np.int64).max if most is None else most))
        if is_bad.any():
            place = int(is_bad.argmax())
            wanted = f"at least {least}" + (f", at most {most}" if most is not None else "")
            raise UsageError(f"network.{name}[{place}]: found {column[place]}, wanted {wanted}")
    for name in ("blocks", "interval", "block_size", "compact_size", "missing_size", "validation"):
        value, least = getattr(plan, name), 1 if name in ("interval", "blocks") else 0
        if value < least:
            raise UsageError(f"plan.{name}: found {value}, wanted at least {least}")


def find_reverse(network: Network, owners: Numbers) -> Numbers:
    """The slot of the other direction, for each slot. UsageError when there is none; O(slots log slots)."""
    peers = network.size
    there = np.argsort(owners * peers + network.others, kind="stable")
    back = np.argsort(network.others * peers + owners, kind="stable")
    is_same = (owners[there] == network.others[back]) & (network.others[there] == owners[back])
    if not is_same.all():
        slot = int(there[is_same.argmin()])
        pair = f"p{owners[slot]} -> p{network.others[slot]}"
        raise UsageError(f"network.others[{slot}]: found {pair}, wanted a slot of the other direction too")
    reverse = np.empty(len(owners), np.int64)
    reverse[there] = back
    return reverse


def get_link_keys(seed: int, owners: Numbers, others: Numbers) -> Bits:
    """The keys that `sim.scenario.make_link` gives its links; one hash each."""
    names = [get_name(peer) for peer in range(int(owners.max(initial=-1)) + 1)]
    offsets = np.searchsorted(owners, np.arange(len(names) + 1)).tolist()
    far = [names[other] for other in others.tolist()]
    keys: list[int] = []
    for peer, name in enumerate(names):
        keys += get_keys((seed, "link", name), far[offsets[peer] : offsets[peer + 1]])
    return np.array(keys, np.uint64)


def draw_lacking(network: Network, plan: Plan) -> NDArray[np.bool_]:
    """Who lacks transactions of which block, [blocks, peers]: `protocol.is_lacking` for all of a block."""
    keys = np.array([get_lacking_key(plan.seed, get_name(peer)) for peer in range(network.size)], np.uint64)
    lacking = np.empty((plan.blocks, network.size), np.bool_)
    for block in range(plan.blocks):  # one row at a time: all at once would take 25 times the memory
        lacking[block] = to_below_all(mix_all(keys ^ np.uint64(block)), MILLION) < network.misses
    return lacking
