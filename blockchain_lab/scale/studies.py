"""What a sweep asks of large networks: functions `(params, seed) -> numbers`, and grids to begin with.

    from blockchain_lab.scale.studies import STUDIES, study_degree
    from blockchain_lab.scale.sweep import sweep

    result = sweep(study_degree, {"outbound": [2, 4, 8, 16], "peers": [2_000]}, seeds=range(5))
    result.get_spreads("median")

A study on the relay of blocks takes the parameters of `COMMON` beside its own; what is left out is as its
preset says. The seed draws the network and the luck of the run. Times are seconds, shares 0 to 1. A study
stands at the top level of this module, so every worker can import it; a name that it does not know is
refused, so a slip in a grid is no sweep over nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import log, nan
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from warnings import catch_warnings, simplefilter

import numpy as np

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.checks import DisconnectedNetwork
from blockchain_lab.scale.churn import keep_peers
from blockchain_lab.scale.closed_forms import compute_fork_rate
from blockchain_lab.scale.keyed_arrays import draw_all, share_out, to_below_all
from blockchain_lab.scale.measures import compute_percentiles
from blockchain_lab.scale.network import Flags, Network, freeze
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.rumours import FIRST, choose_called, make_key
from blockchain_lab.scale.run import simulate

Params = Mapping[str, Any]
Figures = dict[str, float]

COMMON: Final[Params] = MappingProxyType(
    {
        "network": "lecture 2024",  # a preset
        "peers": None,  # how many; None: as many as there were
        "blocks": 3,
        "relay": None,  # a value of `Relay`
        "interval": None,  # seconds between blocks
    }
)
PERCENTS: Final = MappingProxyType({"median": 50, "nine_in_ten": 90, "last": 100})
SIZES: Final = ("block_size", "compact_size", "missing_size")  # of a plan: they grow together
HALF: Final = 50  # in a hundred


# -- how news is told ----------------------------------------------------------------------------------------


def study_degree(params: Params, seed: int) -> Figures:
    """`outbound`: how many others everybody dials. Also `degree`, the mean number of neighbours."""
    options = read(params, outbound=8)
    network = make_network(options, seed, outbound=options["outbound"])
    return {**measure(simulate(network, make_plan(options, seed))), "degree": network.slots / network.size}


def study_relay(params: Params, seed: int) -> Figures:
    """`relay`, by its word in a grid: "inventory", "headers", "compact", "push"."""
    options = read(params)
    return measure(simulate(make_network(options, seed), make_plan(options, seed)))


def study_block_size(params: Params, seed: int) -> Figures:
    """`block_size` in bytes; of a compact block as much more or less, so the rest is in proportion."""
    options = read(params, block_size=2_000_000)
    plan = make_plan(options, seed)
    sizes = {name: getattr(plan, name) * options["block_size"] // plan.block_size for name in SIZES}
    return measure(simulate(make_network(options, seed), replace(plan, **sizes)))


def study_interval(params: Params, seed: int) -> Figures:
    """`interval`: seconds between blocks. Also `delay` of the hash power, and which part is `expected` stale.

    `expected` is 1 - exp(-delay / interval), the chance that a block meets a rival.
    """
    options = read(params, interval=600, blocks=40)
    run = simulate(make_network(options, seed), make_plan(options, seed))
    delay = run.get_mean_delay(by_power=True) / SECOND
    return {
        **measure(run),
        "delay": delay,
        "expected": compute_fork_rate([0, delay], [0, 1], options["interval"]),
    }


def study_fan_out(params: Params, seed: int) -> Figures:
    """`fan_out`: how many others everybody who knows a rumour calls in each round, among `peers`.

    Also `calls` for each peer in all, and the rounds that are `expected`: ln n / ln(1 + k) while few know it,
    and ln n / k for the last ones. With one call that is the sum of Frieze and Grimmett (1985); for more it
    is the same reckoning, and no theorem.
    """
    options = read_own(params, {"fan_out": 1, "peers": 18_077})
    peers, fan_out = options["peers"], options["fan_out"]
    if fan_out < 1:
        raise UsageError(f"fan_out: found {fan_out}, wanted at least 1 call a round")
    keys = [make_key(peers, seed, "push" if number == 0 else f"push {number}") for number in range(fan_out)]
    knows = np.arange(peers) == FIRST
    rounds = calls = 0
    while not knows.all():
        rounds += 1
        callers = np.flatnonzero(knows)
        for key in keys:
            knows[choose_called(key, rounds, callers, peers)] = True
        calls += fan_out * len(callers)
    expected = log(peers) / log(1 + fan_out) + log(peers) / fan_out
    return {"rounds": rounds, "calls": calls / peers, "expected": expected}


# -- what may go wrong ---------------------------------------------------------------------------------------


def study_partition(params: Params, seed: int) -> Figures:
    """`cut`: how many in a hundred of the connections between two sides are gone; `side`: peers on one side.

    Who stands where is drawn. At 100 each side has its own chain from the first block on, and what the side
    with less power finds is stale. Also `power`, the share on that side, and the `lines` left between them.
    """
    options = read(params, cut=HALF, side=HALF, blocks=20)
    whole = make_network(options, seed)
    inside = draw_side(whole, "side", options["side"], seed)
    network = cut_lines(whole, inside, options["cut"], seed)
    owner = np.repeat(np.arange(network.size), network.get_degrees())
    power = float(network.power[inside].sum() / network.power.sum())
    return {
        **measure(simulate(network, make_plan(options, seed))),
        "power": min(power, 1 - power),
        "lines": int((inside[owner] & ~inside[network.others]).sum()),
    }


def study_eclipse(params: Params, seed: int) -> Figures:
    """`attackers`: how many peers in a hundred hand on nothing; everybody dials `outbound` others.

    All figures are about the others. `eclipsed` of them have attackers for neighbours and nobody else;
    `expected` is the mean of share ** degree. Everybody mines a little.
    """
    options = read(params, attackers=HALF, outbound=8)
    whole = make_network(options, seed, outbound=options["outbound"], pools="everybody")
    honest = ~draw_side(whole, "attackers", options["attackers"], seed)
    with catch_warnings():
        simplefilter("ignore", DisconnectedNetwork)
        network = keep_peers(whole, honest)
    return {
        **measure(simulate(network, make_plan(options, seed))),
        "eclipsed": float((network.get_degrees() == 0).mean()),
        "expected": float(((options["attackers"] / 100) ** whole.get_degrees()[honest]).mean()),
    }


# -- the table -----------------------------------------------------------------------------------------------


class Study(NamedTuple):
    """A function for `sweep`, and a grid to begin with."""

    function: Callable[[Params, int], Figures]
    grid: Mapping[str, Sequence[Any]]


STUDIES: Final[Mapping[str, Study]] = MappingProxyType(
    {
        "degree": Study(study_degree, {"outbound": (2, 4, 8, 16)}),
        "fan-out": Study(study_fan_out, {"fan_out": (1, 2, 4, 8)}),
        "relay mode": Study(study_relay, {"relay": tuple(map(str, Relay))}),
        "block size": Study(
            study_block_size,
            {"relay": ("inventory", "compact"), "block_size": (250_000, 1_000_000, 4_000_000)},
        ),
        "block interval": Study(study_interval, {"interval": (600, 60, 10)}),
        "partition": Study(study_partition, {"cut": (0, 90, 99, 100)}),
        "eclipse": Study(study_eclipse, {"attackers": (50, 70, 90), "outbound": (4, 8, 16)}),
    }
)


# -- what they share -----------------------------------------------------------------------------------------


def read(params: Params, **own: Any) -> dict[str, Any]:
    """The parameters of a study on relay, those left out as `COMMON` or `own` have them."""
    return read_own(params, {**COMMON, **own})


def read_own(params: Params, known: Params) -> dict[str, Any]:
    """Known names alone. UsageError for another one."""
    for name in params:
        if name not in known:
            raise UsageError(f"params: found {name!r}, wanted some of {', '.join(known)}")
    return {**known, **params}


def make_network(options: Params, seed: int, **changes: Any) -> Network:
    """The preset's network of this seed."""
    return get_network(options["network"], peers=options["peers"], seed=seed, **changes)


def make_plan(options: Params, seed: int) -> Plan:
    """The preset's plan with what the options change. UsageError for a relay that is not one."""
    plan = get_plan(options["network"], seed=seed, blocks=options["blocks"])
    if options["relay"] is not None:
        known = tuple(map(str, Relay))
        if options["relay"] not in known:
            raise UsageError(f"relay: found {options['relay']!r}, wanted one of {', '.join(known)}")
        plan = replace(plan, relay=Relay(options["relay"]))
    if options["interval"] is not None:
        plan = replace(plan, interval=round(options["interval"] * SECOND))
    return plan


def measure(run: Propagation) -> Figures:
    """What can be read off any run: seconds, shares, and messages and bytes for each peer and block.

    `nan` seconds where no block reached so many of the peers. O(blocks x peers).
    """
    delays = run.get_delays()
    seconds = {}
    for name, percent in PERCENTS.items():
        each = compute_percentiles(delays, percent).compressed()
        seconds[name] = float(each.mean()) / SECOND if len(each) else nan
    shares = max(1, run.blocks * run.network.size)
    return {
        **seconds,
        "reached": int(delays.count()) / shares,
        "stale": run.get_stale_rate(),
        "messages": sum(run.messages.values()) / shares,
        "bytes": sum(run.bytes_sent.values()) / shares,
    }


def draw_side(network: Network, name: str, percent: int, seed: int) -> Flags:
    """[peers] true for so many in a hundred of them, drawn. UsageError for none of them, or all."""
    if not isinstance(percent, int) or not 0 < percent < 100:
        raise UsageError(f"{name}: found {percent!r}, wanted a whole number from 1 to 99, in a hundred peers")
    drawn: Flags = share_out(get_key(seed, name), (percent, 100 - percent), network.size) == 0
    return drawn


def cut_lines(network: Network, inside: Flags, cut: int, seed: int) -> Network:
    """The network without `cut` in a hundred of the connections between two sides, drawn. UsageError."""
    if not isinstance(cut, int) or not 0 <= cut <= 100:
        raise UsageError(f"cut: found {cut!r}, wanted a whole number from 0 to 100, in a hundred connections")
    owner = np.repeat(np.arange(network.size), network.get_degrees())
    low, high = np.minimum(owner, network.others), np.maximum(owner, network.others)
    drawn = to_below_all(draw_all(get_key(seed, "cut"), low, high), 100)
    stays = (inside[owner] == inside[network.others]) | (drawn >= cut)
    degrees = np.bincount(owner[stays], minlength=network.size)
    return replace(
        network,
        offsets=freeze(np.concatenate([[0], np.cumsum(degrees)])),
        others=freeze(network.others[stays]),
        latency=freeze(network.latency[stays]),
        jitter=freeze(network.jitter[stays]),
    )
