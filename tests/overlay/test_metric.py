"""Pyrsia's Q(x) by hand: what its blog says, its code does, and is fair; its bytes; what is no metric."""

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import SECOND
from blockchain_lab.overlay.metric import (
    DIRECTIONS,
    DOWNLOAD,
    UPLOAD,
    Attributes,
    Reading,
    Weights,
    bits_to_metric,
    compute_quality,
    find_problem,
    get_blog_attributes,
    get_code_attributes,
    get_fair_attributes,
    metric_to_bits,
)
from blockchain_lab.overlay.metric_messages import (
    MetricAsk,
    MetricTold,
    read_response,
    read_varint,
    write_response,
    write_varint,
)
from blockchain_lab.overlay.wire import OverlayCodec

START = Reading(0, 0)
NO_METRICS = {nan: "not a number", -nan: "not a number", inf: "infinite", -inf: "infinite", -1.0: "negative"}


@pytest.mark.parametrize(
    ("load", "network", "disk", "quality"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (0.25, 0.0, 0.0, 0.5),  # 2 * 0.25
        (1.0, 500.0, 250.0, 2.75),  # 2 + 0.5 + 0.25
        (4.0, 0.0, 125.0, 8.125),
        (0.3, 0.0, 5e9, 5_000_000.6),  # 5 GB read since it was switched on
    ],
)
def test_q_is_a_sum_of_three_products(load: float, network: float, disk: float, quality: float) -> None:
    """Rows computed by hand."""
    assert quality == pytest.approx(compute_quality(Attributes(load, network, disk)), rel=1e-15)


def test_weights_are_what_an_attribute_costs() -> None:
    """Who has a fast line and a slow disk says so."""
    assert 1 * 1 + 10 * 0.5 + 4 * 0.25 == compute_quality(Attributes(1, 10, 4), Weights(1, 0.5, 0.25))


def test_one_machine_three_metrics() -> None:
    """8 cores, load 0.3, which sends 1,500 bytes a second and has once read 5 GB."""
    before = Reading(0, 300, 8, sent=1_000_000, read=5_000_000_000)
    after = replace(before, at=10 * SECOND, sent=1_015_000)
    refreshed = replace(after, at=after.at - 5)  # the code reads its network 5 microseconds after a refresh

    blog = get_blog_attributes(before, after)
    code = get_code_attributes(refreshed, after)
    fair = get_fair_attributes(before, after, DOWNLOAD)
    assert [Attributes(0.3, 1.0, 0.0), Attributes(0.3, 0.0, 5e9), Attributes(0.0375, 1.0, 0.0)] == [
        blog,
        code,
        fair,
    ]
    assert [0.601, 5_000_000.6, 0.076] == [
        pytest.approx(compute_quality(each), rel=1e-12) for each in (blog, code, fair)
    ]


def test_the_code_counts_bytes_since_its_refresh_whenever_that_was() -> None:
    """Twice the wait is twice as busy: no rate at all."""
    at_once = get_code_attributes(START, Reading(SECOND, 0, sent=600, received=400))
    later = get_code_attributes(START, Reading(2 * SECOND, 0, sent=1_200, received=800))

    assert [1_000.0, 2_000.0] == [at_once.network, later.network]
    assert [1.0, 2.0] == [compute_quality(at_once), compute_quality(later)]


def test_who_downloads_and_who_uploads_see_another_peer() -> None:
    """A peer whose line out is full may take in as much as you like."""
    after = Reading(SECOND, 1_000, 2, sent=1_500_000, received=3_000, read=750_000, written=0)

    assert Attributes(0.5, 1_000.0, 500.0) == get_fair_attributes(START, after, DOWNLOAD)
    assert Attributes(0.5, 2.0, 0.0) == get_fair_attributes(START, after, UPLOAD)
    assert 2.5 == compute_quality(get_fair_attributes(START, after, DOWNLOAD))
    assert 1.002 == compute_quality(get_fair_attributes(START, after, UPLOAD))


def test_a_rate_needs_time_and_counters_that_grow() -> None:
    """A machine that was switched on again in between has no rate."""
    with pytest.raises(UsageError, match="a rate needs two moments, found 5 and then 5"):
        get_blog_attributes(Reading(5, 0), Reading(5, 0))
    with pytest.raises(UsageError, match="sent: a counter has gone back by 7"):
        get_blog_attributes(Reading(0, 0, sent=7), Reading(5, 0, sent=0, received=9))


@pytest.mark.parametrize(("value", "reason"), NO_METRICS.items())
def test_what_is_no_amount_is_refused_with_its_reason(value: float, reason: str) -> None:
    """As an attribute, as a weight, and as what a stranger says."""
    assert reason == find_problem(value)
    with pytest.raises(UsageError, match=f"disk: {reason}"):
        compute_quality(Attributes(0, 0, value))
    with pytest.raises(UsageError, match=f"weight of load: {reason}"):
        compute_quality(Attributes(0, 0, 0), Weights(load=value))


def test_minus_zero_and_nothing_are_no_metrics_either() -> None:
    """And the smallest and largest doubles are."""
    assert ["negative", "absent"] == [find_problem(-0.0), find_problem(None)]
    assert ["", "", ""] == [find_problem(value) for value in (0.0, 5e-324, 1.7976931348623157e308)]


@given(st.lists(st.floats(min_value=0, allow_nan=False, allow_infinity=False).map(abs)))
def test_bits_sort_as_values_do(values: list[float]) -> None:
    """So no float decides an order."""
    assert sorted(values) == [bits_to_metric(bits) for bits in sorted(map(metric_to_bits, values))]


@pytest.mark.parametrize(
    ("value", "response"),
    [
        (0.0, "080000000000000000"),
        (0.5, "08000000000000e03f"),
        (1.0, "08000000000000f03f"),
        (0.6, "08333333333333e33f"),
        (-2.0, "0800000000000000c0"),
        (inf, "08000000000000f07f"),
    ],
)
def test_the_response_is_pyrsias(value: float, response: str) -> None:
    """8, and the double's bytes in reverse: sign, 11 bits of exponent (bias 1023), 52 of fraction."""
    bits = metric_to_bits(value)

    assert response == write_response(bits).hex()
    assert bits == read_response(Reader(bytes.fromhex(response)))
    assert "060000000000" + response == MetricTold(6, bits).encode().hex()


def test_a_response_of_another_length_is_refused() -> None:
    """7 bytes, 300 bytes, none at all, a length without an end."""
    for raw, reason in {
        "0700000000000000": "wanted 8, found 7",
        "ac02": "wanted 8, found 300",
        "": "has no end",
        "8080": "has no end",
        "80" * 10 + "01": "has no end",
        "8800": "does not need",
        "0800": "wanted 8 bytes at 1, found 1",
    }.items():
        with pytest.raises(DecodeError, match=reason):
            read_response(Reader(bytes.fromhex(raw)))


@given(st.integers(0, (1 << 64) - 1))
def test_varints_are_read_again(value: int) -> None:
    """The usual ones: 300 is ac 02."""
    assert value == read_varint(Reader(write_varint(value)), "number")
    assert "ac02" == write_varint(300).hex()


@given(st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 64) - 1), st.sampled_from(DIRECTIONS))
def test_messages_are_read_again(nonce: int, bits: int, direction: str) -> None:
    """All doubles, NaNs with whatever they carry among them."""
    codec, messages = OverlayCodec(), [MetricAsk(nonce, direction), MetricTold(nonce, bits)]

    assert (messages, b"") == codec.split(b"".join(map(codec.frame, messages)))


def test_a_direction_that_there_is_not_is_malformed() -> None:
    """Down, up, and nothing else."""
    found = OverlayCodec.decode("metric-ask", bytes(6) + b"\x02")

    assert isinstance(found, Malformed) and "direction: wanted 0 to 1, found 2" == found.reason
