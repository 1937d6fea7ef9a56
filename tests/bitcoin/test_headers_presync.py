"""Headers presync by itself: what is kept of a chain before it has shown its work, and what gets in."""

from collections.abc import Sequence
from itertools import pairwise
from sys import getsizeof
from typing import Any
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bitcoin_chains import REGTEST, get_root
from support.bitcoin_pump import STARTED_AT
from support.retargets import RETARGET_VECTORS, chain_of

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.headers_presync import (
    HeadersPresync,
    Phase,
    PresyncFailed,
    compute_least_work,
    get_bit,
    is_step_permitted,
)
from blockchain_lab.bitcoin.params import NETWORKS, network_from_plain
from blockchain_lab.bitcoin.pow import bits_to_target, next_bits, target_to_bits, work
from blockchain_lab.chain.tree import Entry
from blockchain_lab.chain.work import REGTEST_LIMIT

MAINNET = NETWORKS["mainnet"]
ROOT = get_root()
OWN_WORK = work(REGTEST_LIMIT)  # 2 hashes a header, the genesis too


def make_headers(
    size: int, tag: int = 0, parent: bytes = ROOT.hash, bits: int = REGTEST_LIMIT
) -> list[Header]:
    """A row of headers. Nobody has worked for them: that is checked before a presync sees them."""
    headers: list[Header] = []
    for number in range(size):
        header = Header(4, parent, tag.to_bytes(32, "little"), 1_300_000_000 + number, bits, nonce=0)
        headers.append(header)
        parent = header.hash()
    return headers


def begin(headers_wanted: int, *, seed: object = 0, time: int = STARTED_AT, **chain: Any) -> HeadersPresync:
    """A presync on regtest of a chain that needs so many headers above the genesis."""
    network = network_from_plain({"network": "regtest", **chain})
    least = OWN_WORK * (headers_wanted + 1)
    return HeadersPresync.begin(ROOT, least, network, CounterRandom(get_key(repr(seed))), time)


def send(presync: HeadersPresync, headers: Sequence[Header], batch: int) -> list[Header]:
    """Play a peer: from the presync's last header on, batch after batch, until a phase or all is over."""
    believed: list[Header] = []
    place, phase = 0, presync.phase
    while presync.phase is phase:
        part = headers[place : place + batch]
        progress = presync.take(part, is_full=len(part) == batch)
        believed += progress.believed
        place += batch
        if not progress.goes_on:
            break
    return believed


def get_marked(presync: HeadersPresync, headers: Sequence[Header]) -> list[tuple[int, int]]:
    """By definition: the heights that leave a bit, and which."""
    period = presync.network.commitment_period
    heights = [height for height in range(1, len(headers) + 1) if height % period == presync.offset]
    return [(height, get_bit(presync.keys, headers[height - 1].hash())) for height in heights]


# --- Memory -------------------------------------------------------------------------------------------------


def get_own_size(presync: HeadersPresync) -> int:
    """Bytes of all that it keeps of its own; `start` and `network` are shared with the node."""
    names = [name for name in presync.__slots__ if name not in ("start", "network")]
    return sum(getsizeof(getattr(presync, name)) for name in names)


def test_of_a_flood_of_a_hundred_thousand_cheap_headers_a_few_bits_are_left() -> None:
    """50 messages of 2,000 headers, far from enough work: 364 bits, less than a kilobyte, and no header."""
    presync = begin(1_000_000)
    parent, alive = ROOT.hash, []
    for _ in range(50):
        headers = make_headers(2_000, parent=parent)
        parent = headers[-1].hash()
        progress = presync.take(headers, is_full=True)
        assert ([], True) == progress
        alive += [ref(header) for header in headers]
        del headers

    assert 100_000 == len(alive) == presync.height
    assert [] == [header for header in alive if header() is not None], "nobody holds on to any of them"
    assert presync.kept_count in (363, 364)
    assert get_own_size(presync) < 1_000


def test_a_chain_cannot_leave_more_bits_than_there_can_be_blocks() -> None:
    """Six blocks a second since the median of its start, the two hours that clocks may differ included."""
    seconds = 10
    presync = begin(1_000_000, time=ROOT.header.time + seconds, commitment_period=100)
    headers = make_headers(60_000)

    most = 6 * (seconds + 7_200) // 100
    assert most == presync.most_bits == 432
    with pytest.raises(PresyncFailed, match="exceeded max commitments at height=") as failure:
        presync.take(headers, is_full=True)
    marked = [height for height, _ in get_marked(presync, headers)]
    assert f"height={marked[most]}" in str(failure.value), "the first that would be one too many"


def test_the_bound_is_what_the_rule_of_the_median_allows() -> None:
    """Dated as early as can be, each younger than the median of the last 11: six blocks to each second."""
    times = [0]
    for _ in range(6_000):
        last = sorted(times[-11:])
        times.append(last[len(last) // 2] + 1)

    assert all(later >= sooner for sooner, later in pairwise(times))
    assert 1_000 - 2 <= times[-1] <= 1_000 + 2


# --- What gets through --------------------------------------------------------------------------------------


def test_an_honest_chain_comes_twice_and_is_believed_as_a_whole() -> None:
    """Wanted: 50 headers; there are 57, 20 in a message. The presync ends with the third message."""
    presync = begin(50, commitment_period=5, redownload_buffer=12)
    headers = make_headers(57)

    assert [] == send(presync, headers, 20)
    assert (Phase.REDOWNLOAD, ROOT.hash, 0) == (presync.phase, presync.name, presync.height)
    assert presync.take(headers[:20], is_full=True) == (headers[:8], True), "12 wait"
    assert presync.take(headers[20:40], is_full=True) == (headers[8:28], True)
    assert presync.take(headers[40:], is_full=False) == (headers[28:], False)
    assert [] == presync.waiting


def test_a_chain_that_ends_without_enough_work_is_forgotten() -> None:
    """A message that is not full says that there is no more."""
    presync = begin(50)

    assert ([], False) == presync.take(make_headers(49), is_full=False)
    assert Phase.PRESYNC is presync.phase


def test_a_peer_that_does_not_show_the_rest_again_is_let_go() -> None:
    """What has 12 behind it may be believed, for its bits were right; but nothing more is expected."""
    presync = begin(50, commitment_period=5, redownload_buffer=12)
    headers = make_headers(50)
    presync.take(headers, is_full=False)

    assert (headers[:28], False) == presync.take(headers[:40], is_full=False)


@st.composite
def presyncs(draw: st.DrawFn) -> tuple[HeadersPresync, int, int]:
    """Some presync, how many headers are wanted, and how many come in one message."""
    wanted = draw(st.integers(1, 120))
    chain = {
        "commitment_period": draw(st.integers(1, 12)),
        "redownload_buffer": draw(st.integers(0, 60)),
    }
    return begin(wanted, seed=draw(st.integers(0, 10**6)), **chain), wanted, draw(st.integers(1, 50))


@settings(max_examples=150)
@given(presyncs(), st.integers(0, 80), st.integers(0, 20))
def test_any_chain_with_enough_work_gets_through(
    case: tuple[HeadersPresync, int, int], more: int, found_meanwhile: int
) -> None:
    """All of it and in order, whatever the numbers are, even if a few blocks are found in between.

    Until the end no more waits than the buffer and one message hold. What comes after the presync is over
    comes as all headers do.
    """
    presync, wanted, batch = case
    headers = make_headers(wanted + more + found_meanwhile)

    assert [] == send(presync, headers[: wanted + more], batch)
    assert Phase.REDOWNLOAD is presync.phase
    believed: list[Header] = []
    for start in range(0, len(headers), batch):
        part = headers[start : start + batch]
        progress = presync.take(part, is_full=len(part) == batch)
        believed += progress.believed
        assert len(presync.waiting) <= presync.network.redownload_buffer
        if not progress.goes_on:
            break
    assert headers[: len(believed)] == believed
    assert wanted <= len(believed)
    assert len(believed) in (len(headers), start + batch)
    assert presync.kept_count <= 1 + (wanted + more + batch) // presync.network.commitment_period


# --- Who sends something else the second time ---------------------------------------------------------------


@settings(max_examples=150)
@given(presyncs(), st.integers(0, 119))
def test_who_changes_a_header_is_caught_exactly_where_a_bit_differs(
    case: tuple[HeadersPresync, int, int], place: int
) -> None:
    """To change one header is to change all that follow. A bit may differ for none of these.

    What is believed of them until then has the whole buffer behind it, with all its bits right.
    """
    presync, wanted, batch = case
    place = min(place, wanted - 1)
    shown = make_headers(wanted)
    parent = shown[place - 1].hash() if place else ROOT.hash
    other = [*shown[:place], *make_headers(wanted - place, tag=1, parent=parent)]
    presync.take(shown, is_full=True)

    pairs = zip(get_marked(presync, shown), get_marked(presync, other), strict=True)
    wrong = [height for (height, promised), (_, bit) in pairs if promised != bit and height < wanted]
    believed: list[Header] = []
    try:
        for start in range(0, wanted, batch):
            part = other[start : start + batch]
            believed += presync.take(part, is_full=True).believed
    except PresyncFailed as failure:
        assert f"commitment mismatch at height={wrong[0]}" == str(failure)
        assert len(believed) <= max(0, wrong[0] - 1 - presync.network.redownload_buffer)
    else:
        assert [] == wrong
        assert other == believed


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_each_bit_catches_every_second_liar(bits: int) -> None:
    """Of 2,000 presyncs with their own keys 1/2, 1/4, 1/8 let another chain pass, within four deviations."""
    shown, other = make_headers(bits + 1), make_headers(bits + 1, tag=1)
    passed = 0
    for number in range(2_000):
        presync = begin(bits + 1, seed=number, commitment_period=1)
        presync.take(shown, is_full=True)
        try:
            presync.take(other, is_full=True)
        except PresyncFailed:
            continue
        passed += 1

    expected = 2_000 / 2**bits
    assert abs(passed - expected) < 4 * (expected * (1 - 1 / 2**bits)) ** 0.5


def test_a_longer_and_easier_chain_the_second_time_runs_out_of_bits() -> None:
    """The work was shown by 40 headers. 400 others of a tenth of it leave more bits than were kept."""
    harder = target_to_bits(bits_to_target(REGTEST_LIMIT) // 10)
    presync = begin(400, commitment_period=10)
    presync.take(make_headers(45, bits=harder), is_full=True)
    kept = presync.kept_count
    headers = make_headers(400)
    presync.kept = sum(bit << place for place, (_, bit) in enumerate(get_marked(presync, headers)[:kept]))

    assert Phase.REDOWNLOAD is presync.phase
    with pytest.raises(PresyncFailed, match="commitment overrun at height="):
        presync.take(headers, is_full=True)


def test_nobody_else_can_tell_which_headers_leave_a_bit() -> None:
    """Offset and keys differ from one presync to the next, as the node's own draws do."""
    begun = [begin(50, seed=seed) for seed in range(300)]

    assert 300 == len({presync.keys for presync in begun})
    assert set(range(275)) >= {presync.offset for presync in begun}
    assert len({presync.offset for presync in begun}) > 150


# --- How fast the difficulty may rise -----------------------------------------------------------------------


def test_work_cannot_be_compressed_into_few_headers() -> None:
    """On mainnet the difficulty of the next header is that of the last one, but at the end of a period."""
    start = chain_of([600 * number for number in range(2_010)], 0x1D00FFFF)
    presync = HeadersPresync.begin(start, 1 << 100, MAINNET, CounterRandom(1), STARTED_AT)

    presync.take(make_headers(6, parent=start.hash, bits=0x1D00FFFF), is_full=True)
    assert 2_015 == presync.height
    presync.take(make_headers(2, bits=0x1C3FFFC0), is_full=True)
    with pytest.raises(PresyncFailed, match="invalid difficulty transition at height=2018"):
        presync.take(make_headers(1, bits=0x1C0FFFF0), is_full=True)


@pytest.mark.parametrize("name", RETARGET_VECTORS)
def test_core_s_retargets_are_permitted_at_the_end_of_a_period_only(name: str) -> None:
    """And so is whatever lies between a quarter and four times, to the last digit."""
    _, _, bits, expected = RETARGET_VECTORS[name]

    assert is_step_permitted(2_016, bits, expected, MAINNET)
    assert is_step_permitted(2_017, bits, bits, MAINNET)
    assert (expected == bits) == is_step_permitted(2_017, bits, expected, MAINNET)
    easiest, hardest = next_bits(0, 10**9, bits), next_bits(0, 0, bits)
    assert is_step_permitted(2_016, bits, easiest, MAINNET)
    assert not is_step_permitted(2_016, bits, easiest + 1, MAINNET)
    assert is_step_permitted(2_016, bits, hardest, MAINNET)
    assert not is_step_permitted(2_016, bits, hardest - 1, MAINNET)


@given(st.integers(0, 10**8), st.integers(1, 1 << 24))
def test_whatever_times_a_period_has_its_retarget_is_permitted(taken: int, mantissa: int) -> None:
    """No honest chain is refused."""
    bits = target_to_bits(min(mantissa << 150, bits_to_target(MAINNET.proof_of_work_limit)))

    assert is_step_permitted(4_032, bits, next_bits(0, taken, bits), MAINNET)


def test_where_late_blocks_are_easy_every_step_is_permitted() -> None:
    """Core's fPowAllowMinDifficultyBlocks: the testnets and regtest."""
    for name in ("testnet3", "testnet4", "regtest"):
        assert is_step_permitted(7, 0x1C05A3F4, 0x1D00FFFF, NETWORKS[name])
    assert not is_step_permitted(7, 0x1C05A3F4, 0x1D00FFFF, NETWORKS["signet"])


# --- How much work is wanted --------------------------------------------------------------------------------


def test_as_much_as_our_chain_has_without_its_last_day() -> None:
    """144 blocks as hard as the tip; nothing while we have no more ourselves."""
    tips = [ROOT]
    for header in make_headers(200):
        tips.append(Entry(header.hash(), header, OWN_WORK, tips[-1]))

    assert [0, 0, 2, 56 * OWN_WORK + 2] == [
        compute_least_work(tips[height], REGTEST) for height in (0, 143, 144, 200)
    ]


def test_and_at_least_what_the_network_is_known_to_have() -> None:
    """Core's minimum of 2026: 85 thousand million million million million hashes. No flood gets there."""
    assert MAINNET.minimum_chain_work == compute_least_work(chain_of([1], 0x1D00FFFF), MAINNET)
    assert MAINNET.minimum_chain_work > 10**28
    assert 1_000 == compute_least_work(ROOT, network_from_plain({"minimum_chain_work": 1_000}))
