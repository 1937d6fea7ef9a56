"""Bitcoin's reachable nodes on 20 February 2024: how many, of which kind, in which country.

From the lecture: 18,077 reachable nodes, and 11,394 of them (63 %) without a country. NOT FOUND: its numbers
for single countries. In their place stand the counts of another day by the same kind of crawl, which share
out the 6,683 nodes that have one; whoever has the lecture's table puts it into `COUNTS`.
"""

from typing import Final, NamedTuple

import numpy as np

from blockchain_lab.base.draws import get_key
from blockchain_lab.scale.keyed_arrays import get_quotas, share_out
from blockchain_lab.scale.network import ADDRESS_KINDS, Numbers
from blockchain_lab.scale.regions import ONION

REACHABLE: Final = 18_077  # lecture, 20 February 2024
WITHOUT_COUNTRY: Final = 11_394  # lecture, same day: "n/a"
NO_COUNTRY: Final = "n/a"

# Of the nodes with an IP address, those with IPv4 and IPv6. Bitnodes in November 2023, as told by The Crypto
# Play (4 November 2023): 16,814 in all, "around 5,000" IPv4, 10,000 Tor; the rest is taken for IPv6.
IPV4_NODES: Final = 5_000
IPV6_NODES: Final = 1_814

NORTH, EUROPE, SOUTH, ASIA, JAPAN, AUSTRALIA = (
    "north america", "europe", "south america", "asia pacific", "japan", "australia",
)  # fmt: skip

# Countries with at least ten nodes, on a day that is not named: newhedge.io, "Active Nodes per Country
# Breakdown", where 1,855 are 9.88 % of some 18,800. Behind each its region among SimBlock's six: Africa and
# the Near East count as Europe, to which their cables lead; Mexico as North America. That choice is ours.
COUNTS: Final = (
    ("United States", 1_855, NORTH), ("Germany", 1_219, EUROPE), ("France", 443, EUROPE),
    ("Finland", 338, EUROPE), ("Netherlands", 321, EUROPE), ("Canada", 252, NORTH),
    ("United Kingdom", 175, EUROPE), ("Switzerland", 167, EUROPE), ("Russia", 152, EUROPE),
    ("Singapore", 131, ASIA), ("Australia", 96, AUSTRALIA), ("Czech Republic", 85, EUROPE),
    ("Japan", 85, JAPAN), ("Brazil", 84, SOUTH), ("Poland", 76, EUROPE), ("Spain", 64, EUROPE),
    ("Austria", 59, EUROPE), ("Italy", 58, EUROPE), ("Sweden", 50, EUROPE), ("China", 48, ASIA),
    ("South Korea", 45, ASIA), ("Lithuania", 38, EUROPE), ("Ukraine", 36, EUROPE), ("Ireland", 36, EUROPE),
    ("Bulgaria", 34, EUROPE), ("Norway", 31, EUROPE), ("Hungary", 27, EUROPE), ("Belgium", 25, EUROPE),
    ("Thailand", 24, ASIA), ("Romania", 21, EUROPE), ("South Africa", 21, EUROPE),
    ("New Zealand", 21, AUSTRALIA), ("Malaysia", 20, ASIA), ("Portugal", 20, EUROPE), ("Mexico", 19, NORTH),
    ("Slovakia", 18, EUROPE), ("Argentina", 16, SOUTH), ("India", 16, ASIA), ("Slovenia", 13, EUROPE),
    ("United Arab Emirates", 13, EUROPE), ("Taiwan", 13, ASIA), ("Estonia", 13, EUROPE),
    ("Denmark", 12, EUROPE), ("Israel", 10, EUROPE),
)  # fmt: skip

COUNTRIES: Final = (NO_COUNTRY, *(name for name, _, _ in COUNTS))


class Homes(NamedTuple):
    """Where peers are at home; a column each."""

    country: Numbers  # place in `COUNTRIES`
    kind: Numbers  # place in `ADDRESS_KINDS`
    region: Numbers  # place in the regions that were given


def get_counts() -> list[int]:
    """For each of `COUNTRIES`, how many of the 18,077 nodes are there; the first is the lecture's n/a."""
    weights = [count for _, count, _ in COUNTS]
    return [WITHOUT_COUNTRY, *get_quotas(weights, REACHABLE - WITHOUT_COUNTRY)]


def find_homes(peers: int, regions: tuple[str, ...], seed: int) -> Homes:
    """A home for each peer, in exact quotas: of 18,077 peers, 11,394 have no country.

    ASSUMED: who has no country has an onion name. (A few use I2P, or an IP address that no table knows.)
    """
    country = share_out(get_key(seed, "countries"), get_counts(), peers)
    is_known = country != 0
    kind = np.full(peers, ADDRESS_KINDS.index("onion"))
    kind[is_known] = share_out(get_key(seed, "kinds"), (IPV4_NODES, IPV6_NODES), int(is_known.sum()))
    place = np.array([regions.index(region) for region in (ONION, *(region for _, _, region in COUNTS))])
    return Homes(country, kind, place[country])
