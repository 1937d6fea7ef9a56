"""Mining for real: Satoshi's own nonces are found again, and a miner starts over when they are used up."""

from dataclasses import replace
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bitcoin_chains import FAR_FUTURE, REGTEST, get_root, make_chain_state

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.units import display_hash, internal_hash
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.miner import MOST_WORK, find_nonce, find_problem_of_bits, make_candidate
from blockchain_lab.bitcoin.nonce_search import (
    ABOVE_ALL,
    CHUNK,
    NONCES,
    mine,
    search,
    search_all,
)
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.pow import bits_to_target, is_proof_of_work_valid, work

GENESIS = NETWORKS["mainnet"].genesis.header
GENESIS_NONCE = 2_083_236_893
BLOCK_1 = Header(  # of the main network, 9 January 2009
    version=1,
    previous=GENESIS.hash(),
    merkle_root=internal_hash("0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098"),
    time=1_231_469_665,
    bits=0x1D00FFFF,
    nonce=2_573_394_689,
)
HARDER = 0x1F00FFFF  # 65,537 hashes on average: enough for several chunks of a few thousand


def get_number(header: Header) -> int:
    """The hash as the number that is compared with the target."""
    return int.from_bytes(header.hash(), "little")


@pytest.mark.parametrize("header", [GENESIS, BLOCK_1], ids=["genesis", "block 1"])
def test_satoshi_s_nonces_are_found_again(header: Header) -> None:
    """4,295 million hashes on average, in January 2009; we begin 3,000 before the end."""
    before = replace(header, nonce=header.nonce - 3_000)

    found = search(before, before.nonce)

    assert header == found.header
    assert (3_001, header.nonce + 1) == (found.tried, found.next)
    assert get_number(header) == found.best <= bits_to_target(header.bits)


def test_the_hashes_are_those_that_everybody_knows() -> None:
    """So the headers above are the real ones. 8 zeros in front would have done; the genesis has 10."""
    assert "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f" == display_hash(GENESIS.hash())
    assert "00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048" == display_hash(BLOCK_1.hash())
    assert GENESIS_NONCE == GENESIS.nonce


def test_nothing_is_found_where_nothing_is() -> None:
    """The 3,000 nonces before Satoshi's are not good enough; their best is known, and where to go on."""
    searched = search(GENESIS, GENESIS_NONCE - 3_000, 3_000)

    assert searched.header is None
    assert (3_000, GENESIS_NONCE) == (searched.tried, searched.next)
    assert (
        min(get_number(replace(GENESIS, nonce=GENESIS_NONCE - n)) for n in range(1, 3_001)) == searched.best
    )


@given(
    start=st.integers(0, NONCES - 1),
    nonces=st.integers(0, 40),
    bits=st.sampled_from([0x207FFFFF, 0x2007FFFF]),
)
def test_the_fast_loop_finds_what_the_rule_accepts(start: int, nonces: int, bits: int) -> None:
    """Header by header, with the function that judges other people's blocks."""
    header = replace(GENESIS, bits=bits)
    tries = [replace(header, nonce=nonce) for nonce in range(start, min(start + nonces, NONCES))]
    good = [one for one in tries if is_proof_of_work_valid(one.hash(), bits, 0x207FFFFF)]

    searched = search(header, start, nonces)

    assert (good[0] if good else None) == searched.header
    made = tries[: tries.index(good[0]) + 1] if good else tries
    assert (len(made), start + len(made)) == (searched.tried, searched.next)
    assert min([ABOVE_ALL, *map(get_number, made)]) == searched.best


def test_chunks_add_up_to_one_long_search() -> None:
    """The same nonce, however often the miner looks around; each chunk begins where the last one ended."""
    header = replace(GENESIS, bits=HARDER, nonce=0)
    chunks = list(search_all(header, 1_000))
    in_one = search(header, 0, NONCES)

    assert len(chunks) > 5, "or this test would say nothing"
    assert [None] * (len(chunks) - 1) == [chunk.header for chunk in chunks[:-1]]
    assert in_one.header == chunks[-1].header == find_nonce(header)
    assert in_one.tried == sum(chunk.tried for chunk in chunks)
    assert [1_000] * (len(chunks) - 1) == [chunk.tried for chunk in chunks[:-1]]


def test_a_miner_says_how_far_it_is() -> None:
    """Tried rises, the best hash falls, what is expected stays: the search has no memory.

    The block that it ends with is a valid one.
    """
    root = get_root()
    steps = list(mine(lambda extra: make_candidate(root, 1_300_000_000, bytes([extra]), REGTEST)))
    hard = list(mine(lambda extra: Block(replace(GENESIS, bits=HARDER, nonce=0), ()), chunk=2_000))

    (only,) = steps
    assert only.block is not None
    assert get_root().hash == only.block.header.previous
    assert make_chain_state().add_block(only.block, FAR_FUTURE).change is not None
    assert [step.tried for step in hard[:-1]] == [2_000 * n for n in range(1, len(hard))]
    assert all(later.best <= earlier.best for earlier, later in pairwise(hard))
    assert {work(HARDER)} == {step.expected for step in hard}
    assert [None] * (len(hard) - 1) == [step.block for step in hard[:-1]]
    assert hard[-1].block is not None
    assert get_number(hard[-1].block.header) == hard[-1].best <= bits_to_target(HARDER)


def test_when_all_nonces_are_used_up_the_extra_nonce_is_changed() -> None:
    """Candidate 0 has 3 nonces left and none is good; candidate 1 has another Merkle root and all nonces."""
    asked = []

    def make(extra_nonce: int) -> Block:
        asked.append(extra_nonce)
        header = replace(GENESIS, bits=HARDER, merkle_root=bytes([extra_nonce] * 32))
        return Block(replace(header, nonce=NONCES - 3 if extra_nonce == 0 else 0), ())

    steps = list(mine(make))

    assert [0, 1] == asked
    assert (0, 3) == (steps[0].extra_nonce, steps[0].tried)
    assert steps[-1].block is not None
    assert bytes([1] * 32) == steps[-1].block.header.merkle_root
    assert steps[-1].block.header.nonce + 1 + 3 == steps[-1].tried


def test_the_miner_stops_when_nobody_asks_it_to_go_on() -> None:
    """On the main network: each step is one chunk, and so is the time between two looks at the page."""
    walk = mine(lambda extra: Block(replace(GENESIS, nonce=0), ()))

    steps = [next(walk), next(walk)]

    assert [CHUNK, 2 * CHUNK] == [step.tried for step in steps]
    assert [None, None] == [step.block for step in steps]
    assert 4_295_032_833 == steps[0].expected


def test_mining_at_once_is_for_what_a_lab_can_find() -> None:
    """A million hashes on average and no more: the refusal depends on the difficulty, never on luck."""
    bits = next(bits for bits in count(0x1E100000, -1) if work(bits) > MOST_WORK)

    assert find_problem_of_bits(bits + 1) is None
    assert "bits 0x1e0fffff take 1,048,577 hashes on average, over 1,048,576: mine on regtest" in str(
        find_problem_of_bits(bits)
    )
    assert find_problem_of_bits(0x20800000) == "bits 0x20800000 state no target that a hash could meet"
    with pytest.raises(UsageError, match=r"bits 0x1d00ffff take 4,295,032,833 hashes on average"):
        find_nonce(GENESIS)
    with pytest.raises(UsageError, match="no nonce from 4294967295 on is good enough: take another extra"):
        find_nonce(replace(GENESIS, bits=HARDER, nonce=NONCES - 1))
    with pytest.raises(DecodeError, match="is negative"):
        search(replace(GENESIS, bits=0x04923456), 0)


def test_a_miner_may_ask_more_of_itself_than_the_network_does() -> None:
    """A lower target of its own holds; a higher one than that of the bits does not."""
    limit = (1 << 244) - 1  # three hexadecimal zeros
    header = replace(GENESIS, bits=0x207FFFFF, nonce=0)
    found = find_nonce(header)
    stricter = next(searched.header for searched in search_all(header, target=limit) if searched.header)

    assert get_number(found) > limit, "or this test would say nothing"
    assert get_number(stricter) <= limit
    hard = replace(GENESIS, bits=HARDER, nonce=0)
    assert search(hard, 0, NONCES, target=1 << 256).header == find_nonce(hard) != hard
