"""Lesson 4, the sums: what theory says of k friends, and which hosts can pay for them.

Each is done twice: the second way must not use the first one's formula.
"""

from collections.abc import Callable
from math import ceil, exp, factorial
from typing import Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l04_network import (
    FIRST_IS_OVER,
    OPEN_HOSTS,
    PEERS,
    SETTLED,
    count_lines_of_each,
    make_few_open,
    make_friends,
    measure,
)
from blockchain_lab.course.questions import Compute
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.degrees import (
    BITCOIN,
    IPV8,
    LinePlan,
    compute_keep_threshold,
    compute_mean_path,
    compute_survival,
    make_graph,
)
from blockchain_lab.overlay.theory_gossip import count_flood_messages
from blockchain_lab.overlay.topologies import k_out
from blockchain_lab.scenarios.networks import make_names

PAYMENT: Final = 250  # bytes of a message, as of a small payment
LARGE: Final = 10_000  # peers, in the question about 8 and 20 friends
TERMS: Final = 150  # of a sum over how many lines come in: more than 150 where 8 are the mean never do


# -- ten times the friends -----------------------------------------------------------------------------------


def find_ten_times(seed: int) -> str:
    """What 20 lines in the place of 2 do to the longest way, and to messages, as the key of an option."""
    sparse, dense = measure(2, seed), measure(20, seed)
    return name_change(sparse.shape.eccentricity / dense.shape.eccentricity, dense.messages / sparse.messages)


def reckon_ten_times(seed: int) -> str:
    """The same without a run: ways by their logarithms, messages by the lines."""
    shorter = compute_mean_path(PEERS, 2) / compute_mean_path(PEERS, 20)
    return name_change(
        shorter, count_flood_messages(PEERS, 20 * PEERS) / count_flood_messages(PEERS, 2 * PEERS)
    )


def name_change(shorter: float, dearer: float) -> str:
    """By the factors. Ways: about 3, or about 10; messages: as many, about 3, or 10 and more."""
    if shorter < 5:
        return "c" if dearer > 5 else "d"
    return "b" if dearer > 5 else "a"


# -- lines ---------------------------------------------------------------------------------------------------


def compute_lines_of_each(seed: int) -> int:
    """Each line has two ends: 8 opened, and 8 that others have opened."""
    return 2 * BITCOIN.outbound


def measure_lines_of_each(seed: int) -> float:
    """The same, counted in the learner's network."""
    return 2 * measure(BITCOIN.outbound, seed).lines / PEERS


# -- what one news costs -------------------------------------------------------------------------------------


def compute_flood(seed: int) -> int:
    """Bytes for one payment, flooded over 8 lines opened by each of 80 peers: 2m - (n - 1) messages."""
    return PAYMENT * count_flood_messages(PEERS, BITCOIN.outbound * PEERS)


def measure_flood(seed: int) -> int:
    """The same from the messages of a run."""
    return PAYMENT * measure(BITCOIN.outbound, seed).messages


# -- ways ----------------------------------------------------------------------------------------------------


def compute_saved_hops(seed: int) -> float:
    """By how much ways are shorter on average among 10,000 peers if each opens 20 lines, not 8."""
    return round(compute_mean_path(LARGE, BITCOIN.outbound) - compute_mean_path(LARGE, IPV8.outbound), 2)


def search_saved_hops(seed: int) -> float:
    """The same without a logarithm: for how many hops does 16, and for how many 40, reach 10,000?"""

    def search(base: int) -> float:
        low, high = 0.0, 20.0
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if base**middle < LARGE else (low, middle)
        return low

    return round(search(2 * BITCOIN.outbound) - search(2 * IPV8.outbound), 2)


# -- who may die ---------------------------------------------------------------------------------------------


def compute_deaths(friends: int) -> Compute:
    """Per cent of the peers that may die before the rest falls into small pieces: 100 - 100 / (2k - 1/2)."""
    return lambda seed: round(100 * (1 - compute_keep_threshold(friends)), 1)


def sum_deaths(friends: int) -> Compute:
    """The same from how many lines peers have: k, and a Poisson number with mean k that come in.

    Who is reached by a line has d lines with a chance that grows with d, and d - 1 of them lead on. The rest
    holds together while more than one of these, on average, leads to somebody alive.
    """
    chances = {k: exp(-friends) * friends**k / factorial(k) for k in range(TERMS)}
    ends = sum(chance * (friends + come) for come, chance in chances.items())
    onward = sum(chance * (friends + come) * (friends + come - 1) for come, chance in chances.items())
    return lambda seed: round(100 * (1 - ends / onward), 1)


def count_whole(friends: int, seed: int, networks: int = 20) -> int:
    """In how many of some networks of 80 all 40 hang together who are left when the others have died."""
    names = make_names(PEERS)
    drawn = (make_graph(names, k_out(names, friends, seed + number)) for number in range(networks))
    return sum(compute_survival(graph, 0.5, seed + number) == 1 for number, graph in enumerate(drawn))


# -- who can be dialled --------------------------------------------------------------------------------------


def compute_least_open(seed: int) -> float:
    """Per cent of all hosts that must let others in, so that each finds 8 places: 8 of 125 - 8."""
    return round(100 * BITCOIN.outbound / (BITCOIN.most - BITCOIN.outbound), 2)


def place_lines(seed: int, hosts: int = LARGE) -> float:
    """The same by placing the lines of 10,000 hosts one by one; when all places are taken, one more opens."""
    places = opened = 0
    for _ in range(hosts * BITCOIN.outbound):
        if not places:
            opened, places = opened + 1, BITCOIN.most - BITCOIN.outbound
        places -= 1
    return round(100 * opened / hosts, 2)


def find_who_pays(seed: int) -> str:
    """The option for who has most of the lines, counted in a network in which 9 of 120 can be dialled."""
    lab = Lab(make_few_open(seed))
    lab.run(until=1 * SECOND)
    lines = list(count_lines_of_each(lab).values())
    open_mean, others = sum(lines[:OPEN_HOSTS]) / OPEN_HOSTS, max(lines[OPEN_HOSTS:])
    return name_payer(open_mean, others)


def reckon_who_pays(seed: int) -> str:
    """The same by thought: all 8 lines of 111 hosts end at 9 others."""
    return name_payer(8 * 111 / 9 + 8, 8)


def name_payer(open_host: float, other: float) -> str:
    """All alike, those who can be dialled with ten times as many lines, or something between: a, b, c."""
    if open_host > 10 * other:
        return "b"
    return "a" if open_host == other else "c"


# -- 20 of 30 ------------------------------------------------------------------------------------------------


def compute_most_opened(seed: int) -> int:
    """How many lines each can open at most, on average, if all have 30 places: a line takes two."""
    return IPV8.most // 2


def draw_most_opened(seed: int) -> int:
    """The same from a network of peers that want 20 each and take 30, drawn and counted, rounded up."""
    return ceil(len(k_out(make_names(PEERS), IPV8.outbound, seed, most=IPV8.most)) / PEERS)


def play_ipv8(seed: int) -> Lab:
    """The story with IPv8's two numbers, up to where nearly all places are taken."""
    lab = make_friends(IPV8.outbound, seed, places=IPV8.most)
    lab.run(until=FIRST_IS_OVER)
    return lab


def play_bitcoin(seed: int) -> Lab:
    """The story with Bitcoin's two numbers, all lines open."""
    lab = make_friends(BITCOIN.outbound, seed, places=BITCOIN.most)
    lab.run(until=SETTLED)
    return lab


# -- two rules side by side ----------------------------------------------------------------------------------


def wants_more(plan: LinePlan, opened: int, came: int) -> bool:
    """Does a peer look for one more? Bitcoin counts what it has opened itself, IPv8 counts everybody."""
    counted = opened if plan == BITCOIN else opened + came
    return counted < plan.outbound


RULES: Final[dict[str, Callable[[LinePlan], bool]]] = {
    "goes on opening lines when 20 strangers have come": lambda plan: wants_more(plan, 0, 20),
    "looks for nobody once 20 strangers have come": lambda plan: not wants_more(plan, 0, 20),
    "keeps most of its places for those who come": lambda plan: 2 * plan.outbound < plan.most,
    "may fill most of its places by its own search": lambda plan: 2 * plan.outbound > plan.most,
    "can be surrounded without having chosen anybody": lambda plan: not wants_more(plan, 0, plan.most),
    "has a limit to how many it talks with": lambda plan: plan.most < PEERS**2,
}


def sort_rules(seed: int) -> dict[str, str]:
    """Which sentence is true of which plan, by the two rules."""
    names = {(True, False): "8/125", (False, True): "20/30", (True, True): "both"}
    return {sentence: names[holds(BITCOIN), holds(IPV8)] for sentence, holds in RULES.items()}


def list_rules(seed: int) -> dict[str, str]:
    """The same as the lesson's text has it, in the order of the sentences."""
    return dict(zip(RULES, ("8/125", "20/30", "8/125", "20/30", "20/30", "both"), strict=True))
