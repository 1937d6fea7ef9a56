"""The figures themselves. Nothing here is computed; sources are those of the constants that they name."""

from typing import Final

from blockchain_lab.study.claims import Claim, Figure

CORE: Final = "Bitcoin Core of 2026, net_processing.cpp and net.h"
SLIDES: Final = "slides, and the old developer guide"
OLD_MAIN: Final = "Bitcoin 0.3.19, main.cpp and net.cpp"
CORE_2014: Final = "Bitcoin Core 0.9.2, main.cpp and net.cpp"
SOURCES: Final = {"2010": OLD_MAIN, "2014": CORE_2014, "today": CORE, "lecture": SLIDES}


def of_eras(
    field: str, unit: str, values: dict[str, int | float], stories: dict[str, str]
) -> tuple[Figure, ...]:
    """What Bitcoin's eras say of one of their choices; without a story of its own it plays the first's."""
    first = next(iter(stories.values()))
    return tuple(
        Figure(era, value, unit, SOURCES[era], f"era.{field}", stories.get(era, first), {"era": era})
        for era, value in values.items()
    )


KEEP_ALIVE: Final = {"lecture": "keep_alive_lecture", "today": "keep_alive_today"}
TRICKLE: Final = {"2010": "trickle_2010", "2014": "trickle_2014", "today": "trickle_today"}
ECLIPSE: Final = {"2010": "eclipse_2010", "2014": "eclipse_2014", "today": "eclipse_today"}
ADDRESSES: Final = {"today": "address_gossip"}

CLAIMS: Final = (
    Claim(
        "ping interval",
        "how long until a Bitcoin peer pings: in 2010 only after its own silence, since 0.9 always",
        of_eras("ping_after", "min", {"lecture": 30, "2010": 30, "2014": 2, "today": 2}, KEEP_ALIVE),
    ),
    Claim(
        "ping patience",
        "how long a Bitcoin peer waits before it gives a silent one up",
        of_eras("give_up_after", "min", {"lecture": 90, "2010": 90, "2014": 20, "today": 20}, KEEP_ALIVE),
    ),
    Claim(
        "active addresses",
        "how lately a host told after getaddr was heard of; since 0.6 a share of all is drawn instead",
        of_eras("getaddr_age", "h", {"lecture": 3, "2010": 3}, ADDRESSES),
    ),
    Claim(
        "share of addresses",
        "percent of all known hosts that are told in an answer to getaddr",
        of_eras("getaddr_percent", "", {"2014": 23, "today": 23}, ADDRESSES),
    ),
    Claim(
        "addresses told",
        "hosts in an answer to getaddr at most",
        of_eras("getaddr_most", "", {"2010": 2_500, "2014": 2_500, "today": 1_000}, ADDRESSES),
    ),
    Claim(
        "outbound connections",
        "lines that a Bitcoin peer opens by itself for blocks and transactions",
        of_eras("full_outbound", "", {"2010": 8, "2014": 8, "today": 8}, ECLIPSE),
    ),
    Claim(
        "block-only connections",
        "further lines that it opens for blocks alone",
        of_eras("block_relay_only", "", {"2010": 0, "2014": 0, "today": 2}, ECLIPSE),
    ),
    Claim(
        "connections in all",
        "lines that a Bitcoin peer has at most",
        of_eras("total_connections", "", {"2010": 125, "2014": 125, "today": 125}, ECLIPSE),
    ),
    Claim(
        "patience with news",
        "how long a transaction waits at a peer, on the mean, before it is told to one that has dialled it",
        of_eras("trickle_mean_inbound", "s", {"today": 5}, TRICKLE),
    ),
    Claim(
        "trickle round",
        "how often one peer, drawn at random, was told what waited for it",
        of_eras("trickle_round", "ms", {"2010": 100, "2014": 100}, TRICKLE),
    ),
    Claim(
        "keep-alive over UDP",
        "silence after which an IPv8 peer is pinged",
        (
            Figure("lecture", 30, "s", "slides: after 30 s, three pings 10 s apart"),
            Figure(
                "IPv8", 27.5, "s", "py-ipv8 3.2.1, RandomChurn", "overlay.liveness:LivenessRule.idle_after"
            ),
        ),
    ),
    Claim(
        "end of an IPv8 peer",
        "silence after which it is dropped",
        (
            Figure(
                "IPv8", 57.5, "s", "py-ipv8 3.2.1, RandomChurn", "overlay.liveness:LivenessRule.drop_after"
            ),
        ),
    ),
    Claim(
        "block interval",
        "time between two blocks that the retarget aims at",
        (Figure("today", 10, "min", "Bitcoin, main.cpp since 0.1", "chain.work:TARGET_SPACING"),),
    ),
    Claim(
        "retarget interval",
        "blocks from one change of difficulty to the next",
        (Figure("today", 2_016, "", "Bitcoin, main.cpp since 0.1", "chain.work:RETARGET_INTERVAL"),),
    ),
    Claim(
        "block propagation",
        "time until half of the peers had a block",
        (
            Figure("2013", 6.5, "s", "Decker and Wattenhofer, P2P 2013, doi 10.1109/P2P.2013.6688704"),
            Figure("2014", 3.3, "s", "bitcoinstats.com, 24 March 2014"),
        ),
    ),
    Claim(
        "block header",
        "bytes",
        (Figure("today", 80, "", "Bitcoin since 0.1", "bitcoin.block:HEADER_SIZE", "headers_first"),),
    ),
    Claim(
        "headers in a message",
        "headers in an answer to getheaders at most",
        (Figure("today", 2_000, "", CORE, "bitcoin.messages_data:MAX_HEADERS", "headers_first"),),
    ),
    Claim(
        "blocks in an inv",
        "names in an answer to getblocks at most",
        (Figure("today", 500, "", CORE, "bitcoin.constants:MAX_BLOCKS_IN_INV", "blocks_first"),),
    ),
    Claim(
        "envelope",
        "bytes around every Bitcoin message; a verack is nothing else",
        (Figure("today", 24, "", "Bitcoin since 0.2.9", "base.envelope:HEADER_SIZE", "ping"),),
    ),
    Claim(
        "largest datagram",
        "bytes of payload that UDP over IPv4 can carry",
        (Figure("today", 65_507, "", "RFC 768 and RFC 791", "sim.link:LARGEST_DATAGRAM"),),
    ),
    Claim(
        "bucket of Kademlia",
        "contacts in a bucket",
        (
            Figure(
                "Kademlia",
                20,
                "",
                "the paper, 2002",
                "overlay.kademlia_policy:KademliaPolicy.k",
                "kademlia_lookup",
                {"k": 20},
            ),
            Figure("BitTorrent", 8, "", "BEP 5", scenario="kademlia_lookup", policy={"k": 8}),
            Figure("IPv8", 8, "", "py-ipv8 3.2.1", scenario="kademlia_lookup", policy={"k": 8}),
        ),
    ),
    Claim(
        "reach of a question",
        "hops of a Gnutella question at most",
        (Figure("Gnutella", 7, "", "Gnutella 0.4", "overlay.evolution_node:MOST_TTL", "gnutella_reach"),),
    ),
)
