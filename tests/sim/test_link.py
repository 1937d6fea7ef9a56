"""The link formula, against its own words; and where its luck comes from."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.draws import draw, to_below
from blockchain_lab.sim.link import DUPLICATE, JITTER, LOSS, Link, datagram_arrivals, stream_arrival

MICROSECONDS = st.integers(0, 10**12)
CONTENT = st.integers(0, 2**64 - 1)


@st.composite
def links(draw_one):
    """Any link; not all is lost, or a stream would repeat for ever."""
    return Link(
        draw_one(CONTENT),
        draw_one(st.integers(0, 10**7)),
        draw_one(st.integers(0, 10**6)),
        draw_one(st.integers(0, 900_000)),
        draw_one(st.integers(0, 10**6)),
    )


def compute_uplink(now, free, size, bandwidth):
    """The formula as it is written in the docstring: seconds are size / bandwidth, rounded up."""
    start = max(now, free)
    return start + (size * 10**6 + bandwidth - 1) // bandwidth


def is_lost(link, content, attempt):
    """Is this attempt lost?"""
    return to_below(draw(link.key, LOSS, content, attempt), 10**6) < link.loss


@settings(max_examples=150)
@given(
    links(), MICROSECONDS, MICROSECONDS, st.integers(0, 10**7), st.integers(1, 10**9), CONTENT, MICROSECONDS
)
def test_a_stream_follows_the_formula(link, now, free, size, bandwidth, content, previous) -> None:
    """Uplink in turn, latency, keyed jitter, k retransmissions, never before what was sent earlier."""
    uplink = compute_uplink(now, free, size, bandwidth)
    losses = next(k for k in range(10**6) if not is_lost(link, content, k))
    jitter = to_below(draw(link.key, JITTER, content), link.jitter)
    expected = max(previous, uplink + link.latency + jitter + losses * link.retransmit)

    assert (uplink, expected) == stream_arrival(link, now, free, size, bandwidth, content, previous)


@settings(max_examples=150)
@given(links(), MICROSECONDS, MICROSECONDS, st.integers(0, 1472), st.integers(1, 10**9), CONTENT)
def test_a_datagram_follows_the_formula(link, now, free, size, bandwidth, content) -> None:
    """In one piece: none, one or two arrivals, each with its own jitter, never before latency has passed."""
    uplink = compute_uplink(now, free, size, bandwidth)
    copies = 0 if is_lost(link, content, 0) else 1
    copies += copies and to_below(draw(link.key, DUPLICATE, content, 0), 10**6) < link.duplicate
    done, arrivals = datagram_arrivals(link, now, free, size, bandwidth, content)

    assert (uplink, copies) == (done, len(arrivals))
    assert all(link.latency <= at - uplink <= link.latency + link.jitter for at in arrivals)


def test_the_same_content_has_the_same_luck_on_a_stream_whatever_was_sent_before() -> None:
    """No count and no shared stream of random numbers: one message more changes nobody else's luck."""
    quiet, busy = Link(9, 100, 50, 300_000), Link(9, 100, 50, 300_000)
    for content in range(20):
        stream_arrival(busy, 0, 0, 100, 1000, content, 0)

    assert stream_arrival(quiet, 0, 0, 100, 1000, 77, 0) == stream_arrival(busy, 0, 0, 100, 1000, 77, 0)


def test_a_repeated_datagram_has_luck_of_its_own() -> None:
    """Else a lost request would be lost again at each retry; but other contents do not count."""
    link = Link(9, 100, 50, 300_000)
    first = [bool(datagram_arrivals(link, 0, 0, 100, 1000, 5)[1]) for _ in range(50)]
    again = Link(9, 100, 50, 300_000)
    for content in range(100, 130):
        datagram_arrivals(again, 0, 0, 100, 1000, content)

    assert {True, False} == set(first)
    assert first == [bool(datagram_arrivals(again, 0, 0, 100, 1000, 5)[1]) for _ in range(50)]


def test_loss_and_duplication_happen_as_often_as_they_should() -> None:
    """10,000 datagrams at 20 % loss and 10 % duplication."""
    link = Link(3, 100, loss=200_000, duplicate=100_000)
    counts = [len(datagram_arrivals(link, 0, 0, 100, 1000, draw(1, n))[1]) for n in range(10_000)]

    assert 1850 < counts.count(0) < 2150
    assert 700 < counts.count(2) < 900
