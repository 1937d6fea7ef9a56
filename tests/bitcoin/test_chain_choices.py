"""What a scenario may change of a network: how it retargets, how fast it aims to be, when it halves."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from support.bitcoin_chains import FAR_FUTURE
from support.bitcoin_dialogue import make_node
from support.retargets import RETARGET_VECTORS, chain_of

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.disk import read_disk
from blockchain_lab.bitcoin.miner import get_genesis_entry, make_block, mine_chain, predict_work
from blockchain_lab.bitcoin.params import NETWORKS, Network, network_from_plain
from blockchain_lab.bitcoin.pow import bits_to_target, next_bits, target_to_bits, work
from blockchain_lab.bitcoin.rules import RuleBroken, compute_required_bits
from blockchain_lab.bitcoin.rules_spending import compute_subsidy
from blockchain_lab.chain.tree import Entry
from blockchain_lab.chain.work import REGTEST_LIMIT
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import get_codec, get_genesis
from blockchain_lab.sim.scenario import Peer, Scenario, Topology
from blockchain_lab.sim.scenario_json import scenario_from_json, scenario_to_json

WINDOW_OF_10 = {
    "network": "regtest",
    "retargeting": True,
    "retarget_interval": 10,
    "minimum_difficulty_blocks": False,
}
SIX_THOUSAND_SECONDS = 6_000  # 10 blocks, 600 seconds each: what the retarget of that window aims at
BITS = 0x1C05A3F4
MAINNET = NETWORKS["mainnet"]


def append(parent: Entry[Header], block: Block) -> Entry[Header]:
    """The block's place behind its parent."""
    return Entry(block.header.hash(), block.header, work(block.header.bits), parent)


# --- Which choices there are --------------------------------------------------------------------------------


def test_a_scenario_that_chooses_nothing_has_the_network_itself() -> None:
    """Regtest, when it does not even name one."""
    assert NETWORKS["regtest"] is network_from_plain({})
    assert MAINNET is network_from_plain({"network": "mainnet"})
    assert list(NETWORKS) == [network.key for network in NETWORKS.values()]


def test_choices_change_the_rules_and_nothing_that_peers_recognise_each_other_by() -> None:
    """The genesis, the magic and the port stay; the key, under which checks are remembered, does not."""
    base, own = (
        NETWORKS["regtest"],
        network_from_plain({**WINDOW_OF_10, "spacing": 60, "halving_interval": 5}),
    )

    assert (base.name, base.magic, base.port, base.genesis) == (own.name, own.magic, own.port, own.genesis)
    assert (True, 10, 60, 600) == (own.retargeting, own.retarget_interval, own.spacing, own.timespan)
    assert [5_000_000_000, 2_500_000_000] == [compute_subsidy(height, own) for height in (4, 5)]
    assert (
        "regtest retargeting=True minimum_difficulty_blocks=False retarget_interval=10 spacing=60 "
        "halving_interval=5"
    ) == own.key


def test_what_is_chosen_as_it_is_anyway_makes_no_other_rules() -> None:
    """Equal rules share what has been checked, however the scenario spells them."""
    spelled_out = network_from_plain({"network": "mainnet", "spacing": 600, "retarget_interval": 2_016})

    assert MAINNET == spelled_out
    assert "mainnet" == spelled_out.key


@pytest.mark.parametrize(
    ("chain", "path", "problem"),
    [
        ({"network": "moon"}, "chain.network", "found 'moon', accepted: mainnet, testnet3, testnet4, signet"),
        ({"network": None}, "chain.network", "found None, accepted: mainnet"),
        ({"retargeting": 1}, "chain.retargeting", "found 1, accepted: true, false"),
        (
            {"minimum_difficulty_blocks": "no"},
            "chain.minimum_difficulty_blocks",
            "found 'no', accepted: true",
        ),
        ({"retarget_interval": 3}, "chain.retarget_interval", "found 3, accepted: a whole number from 4 to"),
        ({"spacing": 0}, "chain.spacing", "found 0, accepted: a whole number from 1 to 86400"),
        ({"spacing": 0.5}, "chain.spacing", "found 0.5, accepted: a whole number"),
        ({"halving_interval": True}, "chain.halving_interval", "found True, accepted: a whole number from 1"),
        ({"minimum_chain_work": -1}, "chain.minimum_chain_work", "found -1, accepted: a whole number from 0"),
        ({"commitment_period": 0}, "chain.commitment_period", "found 0, accepted: a whole number from 1"),
        ({"alert_key": "05ab"}, "chain.alert_key", "found '05ab', accepted: a public key in hexadecimal"),
        (
            {"magic": "f9beb4d9"},
            "chain.magic",
            "unknown key, accepted: network, retargeting, minimum_difficulty_blocks, bip94, "
            "retarget_interval, spacing, halving_interval",
        ),
    ],
)
def test_a_choice_that_cannot_be_is_refused(chain: dict[str, Any], path: str, problem: str) -> None:
    """With the key's path, what was found and what is accepted: by the function, the node and the lab."""
    whole = {"network": "regtest", **chain}

    with pytest.raises(ScenarioError) as refusal:
        network_from_plain(whole)
    assert path == refusal.value.path
    assert refusal.value.problem.startswith(problem)
    with pytest.raises(UsageError, match=path):
        make_node(chain=chain)
    with pytest.raises(ScenarioError) as refusal:
        Lab(Scenario(peers={"ann": Peer("bitcoin")}, chain=whole))
    assert path == refusal.value.path


def test_a_lab_speaks_with_the_magic_of_the_base_network() -> None:
    """Codec and genesis are found through the same function."""
    scenario = Scenario(peers={"ann": Peer("bitcoin")}, chain={**WINDOW_OF_10, "network": "signet"})

    codec, signet = get_codec(scenario), NETWORKS["signet"]
    assert codec is not None
    assert signet.genesis.header.hash() == get_genesis(scenario)
    assert codec.frame(signet.genesis).startswith(signet.magic)


# --- The retarget -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RETARGET_VECTORS)
def test_core_s_retargets_hold_for_whole_periods(name: str) -> None:
    """2,016 headers between these two times: of the whole chain only its first and its last one count."""
    first, last, bits, expected = RETARGET_VECTORS[name]
    times = [first + (last - first) * number // 2_015 for number in range(2_016)]

    assert expected == compute_required_bits(chain_of(times, bits), 0, MAINNET)


@pytest.mark.parametrize("interval", [4, 10, 144, 2_016])
def test_the_interval_before_the_period_is_not_counted(interval: int) -> None:
    """Satoshi's off-by-one: n blocks have n - 1 intervals between them, and these are compared with n.

    A block that came a year late is invisible when it is the first of its period.
    """
    network = replace(MAINNET, retarget_interval=interval)
    year = 365 * 24 * 3_600
    second_period = [year + 600 * number for number in range(interval)]
    chain = chain_of([*[number for number in range(interval)], *second_period], BITS)

    expected = target_to_bits(bits_to_target(BITS) * (interval - 1) // interval)
    assert expected == compute_required_bits(chain, 0, network)
    assert chain.previous is not None
    assert BITS == compute_required_bits(chain.previous, 0, network), "in between there is no retarget"


@pytest.mark.parametrize(
    ("taken", "counted"),
    [
        (1, 1_500),
        (1_499, 1_500),
        (1_501, 1_501),
        (6_000, 6_000),
        (23_999, 23_999),
        (24_001, 24_000),
        (10**6, 24_000),
    ],
)
def test_one_retarget_of_ten_blocks_changes_the_target_at_most_fourfold(taken: int, counted: int) -> None:
    """A quarter and four times 6,000 seconds are the clamps of a window of 10."""
    network = replace(MAINNET, retarget_interval=10)
    chain = chain_of([0, *[taken] * 9], BITS)

    assert target_to_bits(bits_to_target(BITS) * counted // SIX_THOUSAND_SECONDS) == compute_required_bits(
        chain, 0, network
    )


def test_difficulty_follows_a_hash_rate_that_doubles_again_and_again() -> None:
    """A chain on regtest, window 10, really mined, and stamped as a miner of a known hash rate would.

    The rate doubles with every third period. Its ten blocks come twice as fast, the retarget notices, and the
    next ones take as long as before: 6,000 seconds for the 9 intervals that are counted, so 667 seconds each
    and not 600. (With 2,016 blocks this is 600.3 seconds.)
    """
    network = network_from_plain(WINDOW_OF_10)
    entry, store = get_genesis_entry(network), ContentStore()
    chain = ChainState(read_disk({}, network, store), store)
    intervals: list[int] = []
    for height in range(1, 121):
        hashes_per_second = Fraction(2 ** (height // 30), 300)  # 600 seconds at the easiest target
        hashes = Fraction(1 << 256, bits_to_target(compute_required_bits(entry, 0, network)) + 1)
        intervals.append(int(hashes / hashes_per_second))
        block = make_block(entry, entry.header.time + intervals[-1], b"growing", network)
        chain.add_block(block, FAR_FUTURE)
        entry = append(entry, block)

    assert entry == chain.tip
    assert {600} == set(intervals[:9]), "the first period, before any retarget"
    assert [666, 666, 333] * 4 == pytest.approx(intervals[9::10], abs=1)
    targets = [bits_to_target(chain.active[height].header.bits) for height in (25, 55, 85, 115)]
    assert [2, 2, 2] == pytest.approx([easier / harder for easier, harder in pairwise(targets)], rel=0.005)


def test_on_regtest_the_difficulty_cannot_fall_below_where_it_begins() -> None:
    """The limit is the easiest target there is: slow blocks change nothing, fast ones make it harder."""
    network = network_from_plain(WINDOW_OF_10)
    slow, fast = (chain_of([apart * n for n in range(10)], REGTEST_LIMIT) for apart in (100_000, 60))

    assert REGTEST_LIMIT == compute_required_bits(slow, 0, network)
    assert 0x201FFFFF == compute_required_bits(fast, 0, network), "a quarter"
    assert REGTEST_LIMIT == compute_required_bits(fast, 0, NETWORKS["regtest"]), "without retargeting"


def test_a_block_may_be_easy_after_twice_the_spacing_where_the_scenario_allows_it() -> None:
    """The testnets' rule with other numbers: blocks of 60 seconds, an easy one after 120.

    The block after an easy one needs the bits of the last earnest one, but not beyond a period's beginning:
    an easy block there makes the whole next period easy.
    """
    chosen = {"network": "mainnet", "spacing": 60, "retarget_interval": 10}
    strict = network_from_plain(chosen)
    mild = network_from_plain({**chosen, "minimum_difficulty_blocks": True})
    earnest = chain_of([0, 60, 120], BITS)
    easy = Entry(b"easy", Header(4, bytes(32), bytes(32), 241, mild.proof_of_work_limit, 0), 1, earnest)

    assert [BITS, BITS] == [compute_required_bits(earnest, time, strict) for time in (240, 241)]
    assert [BITS, mild.proof_of_work_limit] == [
        compute_required_bits(earnest, time, mild) for time in (240, 241)
    ]
    assert BITS == compute_required_bits(easy, 300, mild)

    period = chain_of([60 * number for number in range(10)], BITS)
    for time in (660, 720):
        header = Header(4, bytes(32), bytes(32), time, mild.proof_of_work_limit, 0)
        period = Entry(b"easy %d" % time, header, 1, period)
    assert (11, mild.proof_of_work_limit) == (period.height, compute_required_bits(period, 780, mild))


def test_a_mined_disk_stays_as_easy_as_its_genesis() -> None:
    """`{"mined": 300}`, window 10: blocks so far apart that no retarget makes them harder to find."""
    network = network_from_plain({**WINDOW_OF_10, "spacing": 60, "halving_interval": 100})
    headers = [block.header for block in mine_chain(300, network)]
    plain = [block.header for block in mine_chain(9)]
    faster = chain_of([66 * number for number in range(10)], REGTEST_LIMIT)

    assert {REGTEST_LIMIT} == {header.bits for header in headers}
    assert {67} == {later.time - sooner.time for sooner, later in pairwise(headers)}
    assert REGTEST_LIMIT != compute_required_bits(faster, 0, network), "66 seconds would be too fast"
    assert {600} == {later.time - sooner.time for sooner, later in pairwise(plain)}
    assert 300 == ChainState(read_disk({"mined": 300}, network, ContentStore()), ContentStore()).height


# --- Rules and memory ---------------------------------------------------------------------------------------


def add_all(network: Network, blocks: list[Block], store: ContentStore) -> str:
    """Give a new chain of this network the blocks. "" or why it refuses one."""
    chain = ChainState(read_disk({}, network, store), store)
    try:
        for block in blocks:
            chain.add_block(block, FAR_FUTURE)
    except RuleBroken as fault:
        return fault.reason
    return ""


def test_what_is_valid_here_may_be_invalid_there_and_both_are_remembered_apart() -> None:
    """One store, three sets of rules, in every order: nobody gets an answer that was meant for another."""
    plain = NETWORKS["regtest"]
    retargeting = network_from_plain(WINDOW_OF_10)
    halving = network_from_plain({"halving_interval": 5})
    blocks = list(mine_chain(12))  # on time, so the 10th should be a little harder to find
    expected = {plain: "", retargeting: "bad-diffbits", halving: "bad-cb-amount"}

    for order in (
        (plain, retargeting, halving),
        (halving, plain, retargeting),
        (retargeting, halving, plain),
    ):
        store = ContentStore()
        assert {network: expected[network] for network in order} == {
            network: add_all(network, blocks, store) for network in order
        }


def test_two_disks_with_the_same_blocks_are_two_chains_under_two_rules() -> None:
    """In the memory of disks and in digests of state."""
    plain, slow = NETWORKS["regtest"], network_from_plain({"halving_interval": 149})
    store, blocks = ContentStore(), [block.encoding.hex() for block in mine_chain(3)]

    one, other = (read_disk({"blocks": blocks}, network, store) for network in (plain, slow))

    assert (plain, slow) == (one.network, other.network)
    assert one.active.tip == other.active.tip
    assert one.name != other.name


# --- In a lab -----------------------------------------------------------------------------------------------


def test_peers_of_a_retargeting_scenario_agree_and_a_replay_is_exact() -> None:
    """Ann finds 25 blocks, one every 5 minutes; Bob hears of them, Cat later asks for them all at once.

    All three find the same two retargets in them, and the world can be rebuilt.
    """
    scenario = Scenario(
        peers={"ann": Peer("bitcoin"), "bob": Peer("bitcoin"), "cat": Peer("bitcoin")},
        topology=Topology((("bob", "ann"), ("cat", "bob"))),
        started_at=NETWORKS["regtest"].genesis.header.time,
        chain=WINDOW_OF_10,
        story=tuple((300 * SECOND * number, Mine("ann")) for number in range(1, 26)),
    )
    lab = Lab(scenario_from_json(scenario_to_json(scenario)))
    lab.run(until=300 * SECOND * 25 + 10 * SECOND)

    chains = [lab.peer(name).chain for name in lab.names]
    assert {25} == {chain.height for chain in chains}
    assert 1 == len({chain.tip.hash for chain in chains})
    headers = [chains[2].active[height].header for height in range(26)]
    after_1 = next_bits(headers[0].time, headers[9].time, REGTEST_LIMIT, limit=REGTEST_LIMIT, timespan=6_000)
    after_2 = next_bits(headers[10].time, headers[19].time, after_1, limit=REGTEST_LIMIT, timespan=6_000)
    assert [REGTEST_LIMIT] * 10 + [after_1] * 10 + [after_2] * 6 == [header.bits for header in headers]
    assert bits_to_target(after_2) / bits_to_target(REGTEST_LIMIT) == pytest.approx(0.45**2, rel=0.001)
    assert lab.state_digest() == lab.timeline.rebuild(lab.head)[0].state_digest()


def test_a_lab_says_at_once_that_it_cannot_mine_on_a_real_network() -> None:
    """Before it is an event: the difficulty is known beforehand."""
    lab = Lab(Scenario(peers={"ann": Peer("bitcoin")}, chain={"network": "mainnet"}))
    lab.run(until=SECOND)

    with pytest.raises(UsageError, match=r"Mine: takes 4,295,032,833 hashes on average, over 1,048,576"):
        lab.do(Mine("ann"))
    assert lab.cursor == lab.head == 1


def test_a_lab_foresees_that_many_blocks_at_once_become_too_hard() -> None:
    """Window 10, all blocks within seconds: each retarget makes them 4 times harder, to a million and more.

    For 70 blocks the work is foreseen exactly; 200 are refused before the first of them is mined.
    """
    network = network_from_plain(WINDOW_OF_10)
    start = network.genesis.header.time + 100
    lab = Lab(Scenario(peers={"ann": Peer("bitcoin")}, chain=WINDOW_OF_10, started_at=start))
    lab.run(until=SECOND)
    root = lab.peer("ann").chain.tip

    with pytest.raises(UsageError, match=r"Mine: takes [\d,]+ hashes on average, over 1,048,576: mine fewer"):
        lab.do(Mine("ann", 200))
    assert 0 == lab.peer("ann").chain.height

    lab.do(Mine("ann", 70))
    chain = lab.peer("ann").chain
    assert 70 == chain.height
    assert chain.tip.work - root.work == predict_work(root, start + 1, 70, network)
    assert 4**7 == pytest.approx(work(chain.tip.header.bits) / 2, rel=0.01)


@pytest.mark.parametrize("clock", [0, 20, 60])
def test_the_work_is_foreseen_for_a_clock_that_is_behind_as_well(clock: int) -> None:
    """Blocks of one second: they are dated after the median of 11, and the retarget looks at those dates."""
    network = network_from_plain({**WINDOW_OF_10, "spacing": 1})
    parent, time, hashes = get_genesis_entry(network), network.genesis.header.time + clock, 0
    for block in mine_chain(28, network):
        parent = append(parent, block)
    foreseen = predict_work(parent, time, 40, network)

    for _ in range(40):
        block = make_block(parent, time, b"late", network)
        parent, hashes = append(parent, block), hashes + work(block.header.bits)

    assert hashes == foreseen
    assert hashes > 40 * work(REGTEST_LIMIT), "or no retarget would have been foreseen"
