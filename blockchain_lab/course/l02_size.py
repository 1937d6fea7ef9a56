"""Lesson 2, how large the network is: the lecture's count of nodes, and what no count of this kind can show.

The count is of reachable Bitcoin nodes by country, on 20 February 2024.
"""

from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.records import Kind
from blockchain_lab.bitcoin.address_groups import Net, read_name
from blockchain_lab.course.questions import Choice, Mistake, Number
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab

REACHABLE: Final = 18_077  # nodes
WITHOUT_COUNTRY: Final = 11_394  # of them: n/a, 63 %


def count_with_country(seed: int) -> int:
    """Reachable nodes whose country is known."""
    return REACHABLE - WITHOUT_COUNTRY


def scale_with_country(seed: int) -> int:
    """The same from the share of the others, 63.03 %."""
    return round(REACHABLE * (10_000 - 6_303) / 10_000)


def find_left_out(seed: int) -> str:
    """What the table cannot show, as the key of an option; from two runs."""
    onions, walled = Lab("onion_names", seed=seed), Lab("firewalled_host", seed=seed)
    walled.run()
    homes, dora = onions.scenario.get_addresses(), walled.scenario.get_addresses()["dora"]
    placeless = [name for name, home in homes.items() if read_name(home.ip)[0] is Net.ONION]
    called = [record.detail[0] for record in get_records(walled, Kind.CONNECT) if not record.detail[1]]
    is_one_of_them = any(get_notes(walled, "handshake done", "dora"))
    return "b" if placeless == ["oni"] and is_one_of_them and dora not in called else "a"


def name_left_out(seed: int) -> str:
    """The same by what is written down: who has no IP address, and whom a firewall hides."""
    peers = scenarios.load("firewalled_host").peers
    hidden = [name for name, peer in peers.items() if peer.firewall]
    placeless = [home.ip for home in scenarios.load("onion_names").get_addresses().values()
                 if home.ip.endswith(".onion")]  # fmt: skip
    return {(1, 1): "b"}.get((len(hidden), len(placeless)), "a")


KNOWN_COUNTRY = Number(
    id="L02.q12",
    title="Nodes on the map",
    prompt="Of how many reachable nodes is the country known?",
    unit="nodes",
    passes="the number of nodes that have a country in the table.",
    hints=(
        "All of them are in the first row. Which of them have no country?",
        "n/a means: not available.",
        "Take the second row from the first. The rounded 63 % are not exact enough.",
    ),
    because="Whoever draws the network on a map draws little more than a third of it.",
    solution="18,077 - 11,394 = {answer}.",
    answer=count_with_country,
    again=scale_with_country,
    mistakes=(
        Mistake(11_394, "Those are the others: their country is not known."),
        Mistake(18_077, "Those are all. For many of them the table has no country."),
        Mistake(6_688, "37 % of 18,077: the 63 % are rounded. Take the counts."),
        Mistake(6_689, "37 % of 18,077, rounded up: the 63 % are rounded, too. Take the counts."),
    ),
)

LEFT_OUT = Choice(
    id="L02.q13",
    title="What a count leaves out",
    prompt='What do "n/a 63 %" and "reachable" leave out?',
    options={
        "a": "n/a: who is switched off. Reachable: who lives in a country that the table does not have",
        "b": "n/a: the place of those whose address names none. Reachable: all who call but cannot be called",
        "c": "n/a: who gives a false address. Reachable: who answers too slowly",
        "d": "nothing: 18,077 is the whole network, and 63 % of it is at sea",
    },
    passes="the letter.",
    hints=(
        "A country is looked up by IP address. What if an address is a `.onion` name?",
        "The crawler that counts is a peer that calls others. Whom can it not call?",
        "Think of a laptop at home: it has eight lines to others, and a firewall before it.",
    ),
    because="An onion name says no place, and who cannot be called is never counted, though it is there.",
    solution="{answer}.",
    answer=find_left_out,
    again=name_left_out,
    mistakes=(
        Mistake("a", "Who is switched off is not counted at all: the crawler calls, and nobody answers."),
        Mistake("c", "The crawler has talked to all of the 18,077: their addresses are right."),
        Mistake("d", "The count is of those who can be called. Could anybody call *your* laptop?"),
    ),
)
