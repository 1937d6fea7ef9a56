"""Stories of one person behind many hosts: who owns a node's address book owns its view of the world, or not.

Each is played as a learner sees it; then again with other luck, and what comes out is held against theory.
"""

from dataclasses import replace
from functools import cache
from statistics import fmean, pvariance

import pytest
from support.address_nets import get_node
from support.outbound_lines import count_lines, get_chosen, get_lines, get_share_of_book, is_attacker
from support.story_runs import get_blocks, hang_ups, read, thoughts

from blockchain_lab import scenarios
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.connection_plan import Kind
from blockchain_lab.chain.races import compute_eclipse_chance
from blockchain_lab.lab import Lab

RESTART = 60 * SECOND
SETTLED = 130 * SECOND  # by then the victim has dialled eight again, though most addresses are invented
SETTLED_IN_A_LIST = 85 * SECOND  # where none is
LINES = 8


@cache
def play_again(name: str, seed: int) -> tuple[float, int]:
    """The attacker's share of the victim's book at the restart, and its lines of eight afterwards."""
    lab = Lab(replace(scenarios.load(name), seed=seed))
    lab.run(until=RESTART - SECOND)
    share = get_share_of_book(lab, "vic")
    lab.run(until=SETTLED_IN_A_LIST if name == "eclipse_2010" else SETTLED)
    bad, lines = count_lines(lab, "vic")
    assert lines == LINES, (name, seed)
    return share, bad


@pytest.mark.parametrize("name", ["eclipse_2010", "eclipse_2014"])
def test_an_eclipsed_node_sees_the_attackers_chain_and_no_other(name: str) -> None:
    """All eight lines are the attacker's; two honest blocks never come; the one that he finds does.

    Before, his hosts had taken all inbound places: honest Hal was refused.
    """
    lab = read(name)
    (block,) = get_blocks(lab, "vic", 21)

    assert (8, 8) == count_lines(lab, "vic")
    assert {22} == {lab.peer(honest).chain.height for honest in ("bob", "cat", "dan", "eve", "fay", "hal")}
    assert 21 == lab.peer("vic").chain.height
    assert block in get_blocks(lab, "m01", 21)
    assert block.header.hash() not in lab.peer("bob").chain.tree
    assert ("vic", "hal", "full") in hang_ups(lab)
    assert all("is dialled" in thoughts(lab, attacker) for attacker in get_lines(lab, "vic"))


def test_the_same_attack_fails_today() -> None:
    """The anchors and four of eight lines are honest: the victim has the two blocks of the honest chain."""
    lab = read("eclipse_today")
    anchors = [name for name, kind in get_chosen(lab, "vic", since=RESTART) if kind == "blocks only"][:2]
    bad, lines = count_lines(lab, "vic")

    assert read("eclipse_2014").scenario.seed == lab.scenario.seed
    assert 8 == lines
    assert 0 < bad < 6
    assert 2 == len(anchors)
    assert lab.peer("bob").chain.tip == lab.peer("vic").chain.tip
    assert 22 == lab.peer("vic").chain.height


def test_in_2014_his_hosts_had_only_to_dial_to_count_as_tried() -> None:
    """All twenty stand in the tried table before the victim has dialled a single one; today none does."""
    tried = {}
    for name in ("eclipse_2014", "eclipse_today"):
        lab = Lab(name)
        lab.run(until=RESTART - SECOND)
        dialled = [whom for whom, kind in get_lines(lab, "vic").items() if is_attacker(lab, whom)]
        homes = {address for peer, address in lab.scenario.get_addresses().items() if is_attacker(lab, peer)}
        book = get_node(lab, "vic").overlay.contacts.book
        tried[name] = sum(entry.is_tried for entry in book if entry.address in homes) - len(dialled)

    assert tried["eclipse_2014"] > 10
    assert 0 == tried["eclipse_today"]


def test_in_a_plain_list_the_lines_follow_the_share_of_the_book_and_eclipses_its_eighth_power() -> None:
    """24 restarts. f is about 0.77: so much of the lines, and of the victims f^8 = 12 % without another line.

    Eight draws without putting back have a variance of 8 f (1 - f) (N - 8) / (N - 1), about 1: the mean share
    of 24 runs is off by 0.026, that of the eclipses by 0.067 (one standard deviation). Allowed is three times
    that.
    """
    runs = [play_again("eclipse_2010", seed) for seed in range(1, 25)]
    share = fmean(share for share, _ in runs)
    lines = fmean(bad / LINES for _, bad in runs)
    eclipsed = fmean(bad == LINES for _, bad in runs)

    assert 0.74 < share < 0.84
    assert abs(lines - share) < 3 * 0.026
    assert abs(eclipsed - compute_eclipse_chance(share)) < 3 * 0.067
    assert 0.3 < pvariance(bad for _, bad in runs) < 2.5, "it is luck, and not a rule"


def test_the_book_of_today_halves_what_the_same_hosts_reach() -> None:
    """Four restarts each: in 2014 they have most of the lines; today no victim is without an honest one."""
    old = [play_again("eclipse_2014", seed)[1] for seed in range(1, 5)]
    today = [play_again("eclipse_today", seed)[1] for seed in range(1, 5)]

    assert fmean(old) > 6
    assert max(today) < LINES
    assert fmean(today) < 0.75 * fmean(old)


def test_many_hosts_of_two_providers_rule_a_list_without_groups() -> None:
    """24 of 32 known hosts: most of the lines are theirs. Blocks they pass on like anybody."""
    lab = read("sybil_list")
    bad, lines = count_lines(lab, "vic")

    assert 8 == lines
    assert bad >= 5
    assert 21 == lab.peer("vic").chain.height
    assert ["names only its fellows"] * 24 == [thoughts(lab, f"s{n:02d}")[0] for n in range(1, 25)]


def test_with_groups_they_get_two_lines_at_most() -> None:
    """The same hosts, the same victim: one line for each provider, for whatever it serves."""
    lab = read("sybil_groups")
    lasting = [name for name, kind in get_lines(lab, "vic").items() if kind in (Kind.FULL, Kind.BLOCKS)]
    bad = [name for name in lasting if is_attacker(lab, name)]
    networks = {lab.scenario.get_addresses()[name].ip.rsplit(".", 2)[0] for name in bad}

    assert 10 == len(lasting)
    assert len(bad) == len(networks) <= 2
    assert 21 == lab.peer("vic").chain.height
