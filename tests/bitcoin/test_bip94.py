"""BIP 94, the rules of testnet4: where a retarget begins, which block may be easy, and no time warp."""

from dataclasses import replace

import pytest
from support.bitcoin_chains import FAR_FUTURE
from support.retargets import chain_of

from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.disk import read_disk
from blockchain_lab.bitcoin.miner import find_nonce, get_block_time, make_block
from blockchain_lab.bitcoin.params import NETWORKS, Network, network_from_plain
from blockchain_lab.bitcoin.pow import next_bits, work
from blockchain_lab.bitcoin.rules import (
    RuleBroken,
    check_no_time_warp,
    compute_median_time,
    compute_required_bits,
)
from blockchain_lab.chain.tree import Entry

TESTNET3, TESTNET4, MAINNET = (NETWORKS[name] for name in ("testnet3", "testnet4", "mainnet"))
BITS = 0x1C05A3F4
SPACING = 600
LAB = {"network": "regtest", "retargeting": True, "minimum_difficulty_blocks": False, "retarget_interval": 10}


def make_header(time: int, bits: int = BITS) -> Header:
    """A header of that time. Nobody has worked for it."""
    return Header(0x20000000, bytes(32), bytes(32), time, bits, nonce=0)


def make_period(last_time: int, last_bits: int = BITS) -> Entry[Header]:
    """2,016 blocks on schedule, but for the time and the bits of the last one."""
    parent = chain_of([SPACING * number for number in range(2_015)], BITS)
    return Entry(b"last", make_header(last_time, last_bits), 1, parent)


# --- Which bits ---------------------------------------------------------------------------------------------


def test_an_easy_block_at_the_end_of_a_period_makes_the_next_one_easy_on_testnet3_only() -> None:
    """Testnet3's block storms: the retarget took the last block's bits. BIP 94 takes the first's."""
    last_time = SPACING * 2_014 + 1_201
    period = make_period(last_time, TESTNET4.proof_of_work_limit)
    storm = next_bits(0, last_time, TESTNET3.proof_of_work_limit)

    assert storm == compute_required_bits(period, last_time + 1, TESTNET3)
    assert next_bits(0, last_time, BITS) == compute_required_bits(period, last_time + 1, TESTNET4)
    assert work(next_bits(0, last_time, BITS)) > 40 * work(storm)


@pytest.mark.parametrize("network", [TESTNET3, TESTNET4], ids=lambda network: network.name)
def test_a_block_is_easy_after_more_than_twenty_minutes_unless_it_begins_a_period(network: Network) -> None:
    """At 1,200 seconds not yet; and a first block is never easy, however late it comes."""
    middle = chain_of([0, SPACING, 2 * SPACING], BITS)
    tip = middle.header.time

    assert [BITS, network.proof_of_work_limit] == [
        compute_required_bits(middle, tip + late, network) for late in (1_200, 1_201)
    ]
    on_time = make_period(SPACING * 2_015)
    bits = {compute_required_bits(on_time, on_time.header.time + late, network) for late in (600, 10**6)}
    assert {next_bits(0, SPACING * 2_015, BITS)} == bits


# --- Which time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("early", [-1, 0, 600])
def test_a_period_may_begin_up_to_ten_minutes_before_the_last_block(early: int) -> None:
    """600 seconds are the border, and allowed."""
    period = make_period(10**7)

    check_no_time_warp(make_header(10**7 - early), period, TESTNET4)


def test_a_second_more_is_a_time_warp() -> None:
    """Where the rule holds, and for the first block of a period only."""
    period = make_period(10**7)
    header = make_header(10**7 - 601)

    with pytest.raises(RuleBroken, match="time-timewarp-attack"):
        check_no_time_warp(header, period, TESTNET4)
    for network in NETWORKS.values():
        if network is not TESTNET4:
            check_no_time_warp(header, period, network)
    assert period.previous is not None
    check_no_time_warp(make_header(-601 + SPACING * 2_014), period.previous, TESTNET4)
    check_no_time_warp(make_header(0), Entry(b"first", make_header(10**7), 1, period), TESTNET4)


def mine_warped(chain: ChainState, count: int) -> None:
    """Blocks dated as early as the median allows, but the last of each period hours ahead. RuleBroken."""
    network = chain.network
    for _ in range(count):
        parent = chain.tip
        ends_period = (parent.height + 2) % network.retarget_interval == 0
        time = parent.header.time + network.timespan if ends_period else compute_median_time(parent) + 1
        block = make_block(parent, parent.header.time, b"warp", network)
        header = replace(block.header, time=time, bits=compute_required_bits(parent, time, network))
        chain.add_block(replace(block, header=find_nonce(header)), FAR_FUTURE)


def test_a_time_warp_keeps_blocks_easy_that_come_far_too_fast_and_the_rule_stops_it() -> None:
    """A retarget each 10 blocks. The dates of 100 blocks advance by seconds, and yet none is harder.

    Without the rule each period lasts 6,000 seconds from its own first block to its last, and the way back in
    between is never counted. With it the very first period that begins in the past is refused.
    """
    free, bound = (
        ChainState(read_disk({}, network, store), store)
        for network, store in (
            (network_from_plain(LAB), ContentStore()),
            (network_from_plain({**LAB, "bip94": True}), ContentStore()),
        )
    )
    start = free.tip.header.time

    mine_warped(free, 99)
    with pytest.raises(RuleBroken, match="time-timewarp-attack"):
        mine_warped(bound, 99)

    assert {2} == {work(entry.header.bits) for entry in free.active.get_slice(0, 100)}
    assert compute_median_time(free.tip) - start < 100
    assert 9 == bound.height


def test_a_miner_makes_no_time_warp_even_where_it_may() -> None:
    """Core's template is no earlier than ten minutes before a period's last block, on all networks."""
    period = make_period(10**7)
    middle = period.previous
    assert middle is not None

    for network in (MAINNET, TESTNET4):
        assert 10**7 - 600 == get_block_time(period, 0, network)
        assert 10**7 + 5 == get_block_time(period, 10**7 + 5, network)
        assert compute_median_time(middle) + 1 == get_block_time(middle, 0, network)
