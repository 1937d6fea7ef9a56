"""Where on earth peers stand, how long a message takes between two regions, and how fast their lines are.

Source of both years: SimBlock (Aoki and others 2019), `NetworkConfiguration.java`. Its latencies are means,
one way as it uses them, symmetric; its bandwidths one number for each region; its shares are of Bitcoin's
nodes. The latencies of 2015 are those of Bitcoin-Simulator (Gervais and others 2016), rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from blockchain_lab.base.draws import MILLION
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.scale.network import Numbers, freeze

BITS: Final = 8  # of a byte: the sources give bits per second

ONION: Final = "onion"  # a region of its own: nobody knows where these peers stand
# ASSUMED. A message to an onion service passes seven legs (three relays of each side; Tor `rend-spec-v3`),
# mostly within and between Europe and North America; 50 ms a leg lies between the 11 ms and the 124 ms there.
ONION_LATENCY: Final = 350  # milliseconds one way
# ASSUMED: SimBlock's bandwidth between regions. Tor's relays share theirs.
ONION_SPEED: Final = 6_000_000  # bits per second


@dataclass(frozen=True, slots=True, kw_only=True)
class Earth:
    """The regions of one year. A square matrix of milliseconds, and a number for each region."""

    year: int
    regions: tuple[str, ...]
    latency: Sequence[Sequence[int]]  # milliseconds one way, from (row) and to (column)
    upload: Sequence[int]  # bits per second
    download: Sequence[int]  # bits per second
    shares: Sequence[int]  # of the peers, parts per million; they sum to a million

    def get_latencies(self) -> Numbers:
        """[regions, regions] microseconds."""
        check_earth(self)
        return freeze(self.latency) * MILLISECOND

    def get_speeds(self) -> tuple[Numbers, Numbers]:
        """[regions] upload and download in bytes per second."""
        check_earth(self)
        return freeze(self.upload) // BITS, freeze(self.download) // BITS


REGIONS: Final = ("north america", "europe", "south america", "asia pacific", "japan", "australia")

EARTHS: Final = MappingProxyType(
    {
        2015: Earth(
            year=2015,
            regions=REGIONS,
            latency=(
                (36, 119, 255, 310, 154, 208),
                (119, 12, 221, 242, 266, 350),
                (255, 221, 137, 347, 256, 269),
                (310, 242, 347, 99, 172, 278),
                (154, 266, 256, 172, 9, 163),
                (208, 350, 269, 278, 163, 22),
            ),
            upload=(4_700_000, 8_100_000, 1_800_000, 5_300_000, 3_400_000, 5_200_000),
            download=(25_000_000, 24_000_000, 6_500_000, 10_000_000, 17_500_000, 14_000_000),
            shares=(386_900, 515_900, 11_300, 57_400, 11_900, 16_600),
        ),
        2019: Earth(
            year=2019,
            regions=REGIONS,
            latency=(
                (32, 124, 184, 198, 151, 189),
                (124, 11, 227, 237, 252, 294),
                (184, 227, 88, 325, 301, 322),
                (198, 237, 325, 85, 58, 198),
                (151, 252, 301, 58, 12, 126),
                (189, 294, 322, 198, 126, 16),
            ),
            upload=(19_200_000, 20_700_000, 5_800_000, 15_700_000, 10_200_000, 11_300_000),
            download=(52_000_000, 40_000_000, 18_000_000, 22_800_000, 22_800_000, 29_900_000),
            shares=(331_600, 499_800, 9_000, 117_700, 22_400, 19_500),
        ),
    }
)


def get_earth(year: int) -> Earth:
    """The published regions of a year. UsageError for a year of which we have none."""
    if year not in EARTHS:
        raise UsageError(f"year: found {year}, wanted one of {', '.join(map(str, EARTHS))}")
    return EARTHS[year]


def add_onion(earth: Earth) -> Earth:
    """One more region, as far from all others and from itself as Tor makes it. Nobody is there by share."""
    rows = [[*row, ONION_LATENCY] for row in earth.latency]
    return replace(
        earth,
        regions=(*earth.regions, ONION),
        latency=(*rows, [ONION_LATENCY] * (len(rows) + 1)),
        upload=(*earth.upload, ONION_SPEED),
        download=(*earth.download, ONION_SPEED),
        shares=(*earth.shares, 0),
    )


def check_earth(earth: Earth) -> None:
    """UsageError that says what was found, wanted and where, for regions that cannot be."""
    count = len(earth.regions)
    rows = [len(row) for row in earth.latency]
    if rows != [count] * count:
        raise UsageError(f"latency: found rows of {rows} numbers, wanted {count} rows of {count}")
    for row, name in zip(earth.latency, earth.regions, strict=True):
        check_whole(f"latency from {name}", row, least=0)
    for column, values in (("upload", earth.upload), ("download", earth.download), ("shares", earth.shares)):
        if len(values) != count:
            raise UsageError(f"{column}: found {len(values)} numbers, wanted {count}: one for each region")
        check_whole(column, values, least=0 if column == "shares" else BITS)
    if sum(earth.shares) != MILLION:
        raise UsageError(f"shares: found a sum of {sum(earth.shares)}, wanted {MILLION} parts per million")


def check_whole(where: str, values: Sequence[int], least: int) -> None:
    """UsageError unless all are whole numbers, from `least` on; what is not a number is not whole."""
    for place, value in enumerate(values):
        if not isinstance(value, int | np.integer) or value < least:
            raise UsageError(f"{where}, number {place}: found {value}, wanted a whole number from {least} on")
