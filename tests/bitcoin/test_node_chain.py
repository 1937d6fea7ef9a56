"""What one node knows of the chain, what it keeps on disk, and the blocks that it mines."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bitcoin_chains import (
    FAR_FUTURE,
    RECORDED_TIP,
    REGTEST,
    get_recorded_chain,
    get_root,
    make_chain_state,
    mine_child,
    mine_tree,
)
from support.bitcoin_dialogue import facts, make_node, state_of, topics
from support.retargets import chain_of

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.disk import read_disk
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.miner import (
    find_nonce,
    make_block,
    make_coinbase,
    mine_chain,
    mine_on,
)
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.rules import (
    RuleBroken,
    compute_median_time,
    compute_required_bits,
    push_number,
)
from blockchain_lab.bitcoin.rules_spending import compute_subsidy
from blockchain_lab.chain.tree import Entry


def grow(*lines: str) -> tuple[dict[str, Block], dict[str, Entry[Header]]]:
    """Blocks and entries by name from lines such as "G A B": each the next one's parent; G is the genesis."""
    blocks: dict[str, Block] = {}
    entries = {"G": get_root()}
    for line in lines:
        parent, *children = line.split()
        for child in children:
            blocks[child], entries[child] = mine_child(entries[parent], len(blocks))
            parent = child
    return blocks, entries


def take(chain: ChainState, blocks: dict[str, Block], names: str) -> list[str]:
    """Give a chain some blocks, parents first; after each, the name of its tip."""
    shown = {block.header.hash(): name for name, block in blocks.items()}
    tips = []
    for name in names.split():
        chain.add_block(blocks[name], FAR_FUTURE)
        tips.append(shown.get(chain.tip.hash, "G"))
    return tips


def test_the_tip_moves_only_to_more_work() -> None:
    r"""A tie changes nothing, one more block does: the tip jumps from B2 to C3.

    G -- A1 --+-- B2
               \\-- C2 -- C3

    """
    blocks, _ = grow("G A1 B2", "A1 C2 C3")
    chain = make_chain_state()

    assert ["A1", "B2", "B2", "C3"] == take(chain, blocks, "A1 B2 C2 C3")
    assert [2] == [entry.height for entry in chain.get_stale_tips()]


def test_a_reorganisation_names_what_is_undone_and_what_is_applied() -> None:
    r"""From B2 to C3 over A1.

    G -- A1 --+-- B2
               \\-- C2 -- C3

    """
    blocks, entries = grow("G A1 B2", "A1 C2 C3")
    chain = make_chain_state()
    take(chain, blocks, "A1 B2 C2")

    change, _ = chain.add_block(blocks["C3"], FAR_FUTURE)

    assert change is not None
    assert (entries["B2"], entries["C3"]) == (change.old, change.new)
    assert (entries["B2"],) == change.path.disconnect
    assert (entries["C2"], entries["C3"]) == change.path.connect
    assert entries["A1"] == change.path.fork


def test_at_equal_work_the_first_complete_branch_wins_not_the_first_header() -> None:
    r"""The header of B2 came first, but the block C2 did: who counts is who can be checked.

    G -- A1 --+-- B2
               \\-- C2

    """
    blocks, _ = grow("G A1 B2", "A1 C2")
    chain = make_chain_state()
    headers = [blocks[name].header for name in ("A1", "B2")]
    chain.add_headers(chain.check_headers(headers, FAR_FUTURE))

    assert ["A1", "C2", "C2"] == take(chain, blocks, "A1 C2 B2")
    assert blocks["B2"].header.hash() == chain.best_header.hash


def test_a_block_that_breaks_a_rule_marks_its_branch() -> None:
    r"""C2 pays no attention to its height. Its header was good, so all of C was the best branch; now B2 is.

        G -- A1 --+-- B2
                   \\-- C2 -- C3

    And a header on top of C3 is refused without a look.
    """
    blocks, entries = grow("G A1 B2")
    coinbase = make_coinbase(77, 0, b"wrong")
    root = merkle_root([coinbase.txid()])
    c2 = Block(find_nonce(replace(blocks["B2"].header, merkle_root=root)), (coinbase,))
    c2_entry = Entry(c2.header.hash(), c2.header, 2, entries["A1"])
    c3, c3_entry = mine_child(c2_entry)
    c4, _ = mine_child(c3_entry)
    chain = make_chain_state()
    take(chain, blocks, "A1 B2")
    chain.add_headers(chain.check_headers([c2.header, c3.header], FAR_FUTURE))
    best_before = chain.best_header.hash

    with pytest.raises(RuleBroken, match="bad-cb-height"):
        chain.add_block(c2, FAR_FUTURE)

    assert c3.header.hash() == best_before
    assert entries["B2"] == chain.best_header == chain.tip
    with pytest.raises(RuleBroken, match="bad-prevblk"):
        chain.check_headers([c4.header], FAR_FUTURE)
    with pytest.raises(RuleBroken, match="duplicate-invalid"):
        chain.check_headers([c3.header], FAR_FUTURE)


def find_tip_slowly(blocks: list[Block], root: Entry[Header]) -> bytes:
    """The tip after these blocks came in this order: after each one, walk every branch from the root up."""
    known = {root.hash: root}
    tip = root
    for count in range(1, len(blocks) + 1):
        for _ in range(count):  # parents may stand behind their children
            for block in blocks[:count]:
                header, name = block.header, block.header.hash()
                if header.previous in known and name not in known:
                    known[name] = Entry(name, header, 2, known[header.previous])
        best = max(known.values(), key=lambda entry: entry.work)
        tip = best if best.work > tip.work else tip
    return tip.hash


@given(st.integers(0, 2**32), st.integers(1, 9))
@settings(max_examples=40)
def test_blocks_in_any_order_lead_to_the_tip_of_a_slow_search(seed: int, size: int) -> None:
    """Headers first, then the blocks shuffled: the same work as a search through everything.

    The same tip, too, if no other branch has as much work.
    """
    luck = CounterRandom(get_key(seed))
    root = get_root()
    blocks = mine_tree(root, size, luck)
    chain = make_chain_state()
    for block in blocks:
        chain.add_headers(chain.check_headers([block.header], FAR_FUTURE))
    shuffled = luck.sample(blocks, size)

    for count, block in enumerate(shuffled, start=1):
        chain.add_block(block, FAR_FUTURE)
        slow = find_tip_slowly(shuffled[:count], root)
        rivals = [entry for entry in chain.tree.own.values() if entry.work == chain.tip.work]
        assert chain.tree[slow].work == chain.tip.work
        assert slow == chain.tip.hash or len(rivals) > 1

    assert {} == chain.waiting == chain.incomplete


# --- The disk ----------------------------------------------------------------------------------------------


def test_a_node_starts_with_what_is_on_its_disk_and_says_so() -> None:
    """The recorded chain: 151 hashes in one note, and the stale branch of 3 as blocks that it has."""
    node = make_node(disk={"blocks": [block.encoding.hex() for block in get_recorded_chain()]})

    effects = node.on_start(0)

    loaded = facts(effects, "chain loaded")
    assert (151, display_hash(RECORDED_TIP), True) == (loaded["height"], loaded["tip"], loaded["full"])
    assert (151, display_hash(RECORDED_TIP)) == (len(loaded["hashes"]), loaded["hashes"][-1])
    assert display_hash(get_root().hash) == loaded["parent"]
    assert ["headers accepted", *["block accepted"] * 3] == topics(effects)[1:]


def test_equal_disks_are_read_once_and_share_their_facts() -> None:
    """Two peers of one world: the same chain below, the same list of hashes in their notes."""
    store = ContentStore()
    disk = {"blocks": [block.encoding.hex() for block in get_recorded_chain()]}
    ann, bob = (make_node(disk=dict(disk), store=store) for _ in range(2))

    assert ann.chain.base is bob.chain.base
    assert (
        facts(ann.on_start(0), "chain loaded")["hashes"] is facts(bob.on_start(0), "chain loaded")["hashes"]
    )


def test_what_a_node_stores_is_what_it_starts_with_next_time() -> None:
    """Kill and revive: a mined chain below, own blocks above, a branch that lost among them."""
    blocks = list(mine_on(get_root(), 3, b"other", REGTEST))
    node = make_node(disk={"mined": 2})
    for block in blocks:
        node.chain.add_block(block, FAR_FUTURE)
    again = make_node(disk=node.stored())
    third = make_node(disk=again.stored())

    assert {"mined": 2, "blocks": tuple(blocks)} == node.stored() == again.stored()
    assert blocks[-1].header.hash() == again.chain.tip.hash == third.chain.tip.hash
    assert [2] == [entry.height for entry in again.chain.get_stale_tips()]


def test_a_disk_keeps_headers_where_blocks_are_missing() -> None:
    """Killed in the middle of a download: of 9 headers, blocks 1 and 3 to 5 are there, in a strange order.

    The next life knows the same, says so in its notes, and goes on as if nothing had happened.
    """
    blocks = list(mine_on(get_root(), 9, b"x", REGTEST))
    node = make_node()
    node.chain.add_headers(node.chain.check_headers([block.header for block in blocks], FAR_FUTURE))
    for place in (4, 2, 0, 3):
        node.chain.add_block(blocks[place], FAR_FUTURE)

    again = make_node(disk=node.stored())
    started = again.on_start(0)
    change, _ = again.chain.add_block(blocks[1], FAR_FUTURE)

    assert (1, 9) == (make_node(disk=node.stored()).chain.height, again.chain.best_header.height)
    loaded, row, *accepted, best = topics(started)
    assert ("chain loaded", "headers accepted", "best header") == (loaded, row, best)
    assert ["block accepted"] * 3 == accepted
    assert change is not None
    assert (5, 9) == (change.new.height, make_node(disk=again.stored()).chain.best_header.height)
    assert again.chain.tip == make_node(disk=again.stored()).chain.tip


def test_a_disk_keeps_headers_where_blocks_came_before_their_parents() -> None:
    """From several servers block 3 may come before block 2: the order of arrival is no chain."""
    blocks = list(mine_on(get_root(), 3, b"x", REGTEST))
    node = make_node()
    node.chain.add_headers(node.chain.check_headers([block.header for block in blocks], FAR_FUTURE))
    for place in (0, 2, 1):
        node.chain.add_block(blocks[place], FAR_FUTURE)

    assert 3 == node.chain.height
    assert node.chain.tip == make_node(disk=node.stored()).chain.tip


def test_an_empty_disk_stays_empty() -> None:
    """A newcomer that has learned nothing leaves nothing behind, and has nothing to say at its start."""
    node = make_node()

    assert {} == node.stored()
    assert [] == node.on_start(0)


@pytest.mark.parametrize(
    ("disk", "problem"),
    [
        ({"block": []}, "unknown key 'block', wanted mined, headers, blocks"),
        ({"mined": -1}, "disk.mined: wanted a count of 0 .. 100000, found -1"),
        ({"mined": True}, "found True"),
        ({"blocks": ["00zz"]}, "disk.blocks: '00zz' is no block in hexadecimal"),
        ({"blocks": [7]}, "disk.blocks: 7 is no block"),
        ({"blocks": 7}, "disk.blocks: found 7, wanted a list"),
        ({"blocks": [mine_chain(3)[2]]}, r"disk.blocks\[0\] is not valid: its parent is not there"),
        ({"headers": "00"}, "disk.headers: '00' is no row of headers"),
        ({"headers": 7}, "disk.headers: 7 is no row of headers"),
        ({"headers": mine_chain(3)[2].header.encode().hex()}, r"disk.headers\[0\] is not valid: its parent"),
        (
            {"blocks": [replace(mine_chain(3)[0], transactions=())]},
            r"disk.blocks\[0\] is not valid: bad-txnm",
        ),
    ],
)
def test_a_disk_that_cannot_be_is_refused(disk: dict[str, object], problem: str) -> None:
    """By the caller's fault, not a peer's: an exception that says what was found."""
    with pytest.raises(UsageError, match=problem):
        read_disk(disk, REGTEST, ContentStore())


def test_a_long_chain_costs_a_newborn_node_nothing_in_its_state() -> None:
    """A node with 3,000 blocks on its disk is described in few bytes, and differently from one with 2,999."""
    long, shorter = make_node(disk={"mined": 3_000}), make_node(disk={"mined": 2_999})

    assert len(state_of(long)) < 5_000
    assert state_of(long.chain) != state_of(shorter.chain)
    assert state_of(long.chain) == state_of(make_node(disk={"mined": 3_000}).chain)


# --- Mining -------------------------------------------------------------------------------------------------


def test_the_miner_is_a_pure_function() -> None:
    """The same arguments find the same block; another extra nonce finds another one."""
    root = get_root()
    one, same = (make_block(root, 1_300_000_000, b"ann", REGTEST) for _ in range(2))

    assert one.encoding == same.encoding
    assert one.header.hash() != make_block(root, 1_300_000_000, b"bob", REGTEST).header.hash()
    assert mine_chain(5) == mine_chain(9)[:5]


def test_a_block_is_never_dated_before_the_median() -> None:
    """A miner whose clock stands still still finds valid blocks, one second after the median of 11."""
    chain = make_chain_state({"mined": 20})

    block = make_block(chain.tip, 0, b"late", REGTEST)
    chain.add_block(block, FAR_FUTURE)

    assert block.header.time == compute_median_time(chain.active[20]) + 1
    assert 21 == chain.height


def test_the_subsidy_halves_until_nothing_is_left() -> None:
    """On regtest every 150 blocks, on mainnet every 210,000."""
    mainnet = NETWORKS["mainnet"]

    assert 5_000_000_000 == compute_subsidy(149, REGTEST)
    assert 2_500_000_000 == compute_subsidy(150, REGTEST)
    assert [312_500_000, 0] == [compute_subsidy(height, mainnet) for height in (840_000, 6_930_000)]


def test_mining_on_a_real_network_is_refused_after_a_while() -> None:
    """2**32 hashes on average: that is not what a lesson can wait for."""
    with pytest.raises(UsageError, match="mine on regtest"):
        find_nonce(replace(NETWORKS["mainnet"].genesis.header, nonce=0))


@pytest.mark.parametrize(
    ("number", "script"),
    [(0, "00"), (1, "51"), (16, "60"), (17, "0111"), (127, "017f"), (128, "028000"), (40_000, "03409c00")],
)
def test_heights_are_pushed_in_the_shortest_way(number: int, script: str) -> None:
    """Core's `CScript() << height`: opcodes up to 16, then bytes with room for the sign."""
    assert script == push_number(number).hex()


# --- Difficulty ---------------------------------------------------------------------------------------------


def test_mainnet_retargets_every_2016_blocks() -> None:
    """On schedule the target shrinks a little, for 2,015 intervals count as 2,016. In between, no change."""
    mainnet = NETWORKS["mainnet"]
    on_schedule = chain_of([600 * number for number in range(2_016)], 0x1B0404CB)

    assert 0x1B040448 == compute_required_bits(on_schedule, 0, mainnet)
    assert on_schedule.previous is not None
    assert 0x1B0404CB == compute_required_bits(on_schedule.previous, 0, mainnet)


def test_regtest_never_retargets() -> None:
    """Core's fPowNoRetargeting."""
    slow = chain_of([100_000 * number for number in range(2_016)], 0x207FFFFF)

    assert 0x207FFFFF == compute_required_bits(slow, 0, REGTEST)


def test_testnet_allows_an_easy_block_after_twenty_minutes_and_then_goes_back() -> None:
    """The block after an easy one needs the bits of the last earnest one."""
    testnet = NETWORKS["testnet3"]
    earnest = chain_of([0, 600, 1_200], 0x1B0404CB)
    easy = Header(4, bytes(32), bytes(32), 2_401, testnet.proof_of_work_limit, 0)

    assert 0x1B0404CB == compute_required_bits(earnest, 2_400, testnet)
    assert testnet.proof_of_work_limit == compute_required_bits(earnest, 2_401, testnet)
    assert 0x1B0404CB == compute_required_bits(Entry(b"easy", easy, 1, earnest), 3_000, testnet)
