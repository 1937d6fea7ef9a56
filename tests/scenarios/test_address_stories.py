"""Stories of who knows whom: the first peers, news of a host, who can be dialled, who is refused or lost."""

from itertools import pairwise

import pytest
from support.address_nets import get_node
from support.outbound_lines import find_name, get_chosen, get_entry, get_home_of, get_known, get_lines
from support.story_runs import hang_ups, messages, notes, play, read, timed_notes

from blockchain_lab.base.records import Kind as RecordKind
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.bitcoin.connection_plan import Kind
from blockchain_lab.bitcoin.messages import Addr, AddrV2
from blockchain_lab.lab import Lab

TOWN = ["bob", "cat", "dan", "eve", "fay", "gus", "hal", "ida", "joe", "kim"]
NEW_HOME = Address("77.7.7.7", 8333)  # of those who move


def get_failed_dials(lab: Lab, peer: str) -> list[tuple[Address, str]]:
    """Whom a peer could not reach, and why."""
    host = lab.names.index(peer)
    return [r.detail for r in lab.trace if r.kind == RecordKind.DIAL_FAILED and r.peer == host]


def count_wire_names(lab: Lab, sender: str, receiver: str) -> dict[str, int]:
    """How often one said each command to the other."""
    said = [message.wire_name for message in messages(lab, sender, receiver)]
    return {name: said.count(name) for name in dict.fromkeys(said)}


# --- The first peers ------------------------------------------------------------------------------------


def test_a_newcomer_asks_a_seed_and_then_needs_it_no_more() -> None:
    """One connection to the seed, one answer; then eight lines and two, none to the seed; and all blocks."""
    lab = read("seed_dns")
    chosen = get_chosen(lab, "ann")

    assert ("seed", "addresses") == chosen[0]
    assert ["full relay"] * 8 + ["blocks only"] * 2 == [kind for _, kind in chosen[1:11]]
    assert set(TOWN) == {name for name, _ in chosen[1:11]} == set(get_lines(lab, "ann"))
    assert ("ann", "seed", "addresses fetched") in hang_ups(lab)
    assert (
        1 == count_wire_names(lab, "seed", "ann")["addr"] == count_wire_names(lab, "ann", "seed")["getaddr"]
    )
    assert 20 == lab.peer("ann").chain.height


def test_when_the_seeds_are_down_the_list_inside_the_program_is_opened_after_a_minute() -> None:
    """Both seeds refuse; nothing is known until the 60th second; of two fixed seeds she learns the others."""
    lab = read("seed_fallback")
    added = timed_notes(lab, "ann", "address added")
    chosen = get_chosen(lab, "ann")

    assert {("seed1", "addresses"), ("seed2", "addresses")} == set(chosen[:2])
    assert ["refused"] * 2 == [why for _, why in get_failed_dials(lab, "ann")]
    assert {60 * SECOND} == {at for at, _ in added[:2]}
    assert {"bob", "cat"} == {find_name(lab, Address(*facts["address"])) for _, facts in added[:2]}
    assert set(TOWN[:6]) == set(get_lines(lab, "ann"))


def test_a_seed_node_is_left_as_soon_as_it_has_answered() -> None:
    """Bob is an ordinary node, asked for addresses; nobody asks the DNS seed: that waits 30 s."""
    lab = read("seed_node")
    chosen = get_chosen(lab, "ann")

    assert ("bob", "addresses") == chosen[0]
    assert [("ann", "bob", "addresses fetched")] == hang_ups(lab)
    assert 8 == sum(kind is Kind.FULL for kind in get_lines(lab, "ann").values())
    assert "seed" not in {name for name, _ in chosen}


def test_after_a_restart_the_two_anchors_come_first() -> None:
    """The same two for blocks only, before anybody else; the book is on the disk, and the seed is off."""
    lab = read("anchors")
    before = [name for name, kind in get_chosen(lab, "ann") if kind == "blocks only"][:2]
    after = get_chosen(lab, "ann", since=61 * SECOND)

    assert 2 == len(set(before))
    assert {(name, "blocks only") for name in before} == set(after[:2])
    assert "seed" not in {name for name, _ in after}
    assert {Kind.FULL: 8, Kind.BLOCKS: 2} == {
        kind: list(get_lines(lab, "ann").values()).count(kind) for kind in (Kind.FULL, Kind.BLOCKS)
    }


# --- News of a host -------------------------------------------------------------------------------------


def test_news_of_a_host_reach_everybody_two_by_two() -> None:
    """She tells one; who hears of her tells at most two others, in batches: it takes minutes, not hops."""
    lab = read("address_gossip")
    zoe = get_home_of(lab, "zoe")
    town = [name for name in lab.names if name != "zoe"]
    added = {
        name: [at for at, facts in timed_notes(lab, name, "address added") if facts["address"] == [*zoe]]
        for name in town
    }
    told: dict[int, set[int]] = {}
    for record in lab.trace:
        if record.kind == RecordKind.SEND and tells_of(record.detail, zoe):
            told.setdefault(record.peer, set()).add(record.other)
    numbers = {lab.names.index(name) for name in town}
    heard = {name: times[0] for name, times in added.items() if times}

    assert 12 == len(heard)
    assert "bob" == min(heard, key=lambda name: heard[name])
    assert 30 * SECOND < max(heard.values()) - min(heard.values()) < 4 * MINUTE
    assert {1, 2} == {len(others & numbers) for teller, others in told.items() if teller in numbers}
    assert all(entry is not None and not entry.is_tried for entry in [get_entry(lab, n, zoe) for n in town])


def tells_of(message: object, address: Address) -> bool:
    """Is it an addr that names this host?"""
    match message:
        case AddrV2(addresses):
            return any((item.host, item.port) == address for item in addresses)
        case Addr(addresses):
            return any((item.address.ip, item.address.port) == address for item in addresses)
    return False


def test_a_host_that_moves_is_dialled_where_it_is_now() -> None:
    """At the second minute all her lines break; she dials, is named by those she dials, and is dialled."""
    lab = read("moving_host")
    old = get_home_of(lab, "ann")
    finders = [name for name in lab.names if name != "ann" and NEW_HOME in get_remotes(lab, name)]
    failed = {address for name in TOWN[:6] for address, _ in get_failed_dials(lab, name)}

    assert 3 <= len(finders)
    assert all(get_entry(lab, name, NEW_HOME).is_tried for name in finders)  # type: ignore[union-attr]
    assert {old} == failed
    assert all(old not in get_remotes(lab, name) for name in TOWN[:6])


def get_remotes(lab: Lab, name: str) -> list[Address]:
    """Whom a peer has dialled, by address."""
    return [peer.remote for peer in get_node(lab, name).peers.ready if not peer.inbound]


def test_nobody_dials_through_a_firewall() -> None:
    """Dora has every block, though all who dial her wait in vain; so nobody ever counts her as tried."""
    lab = read("firewalled_host")
    dora = get_home_of(lab, "dora")
    entries = [get_entry(lab, name, dora) for name in TOWN[:6]]
    tries = [failed for name in TOWN[:6] for failed in get_failed_dials(lab, name) if failed[0] == dora]

    assert 21 == lab.peer("dora").chain.height
    assert {"bob", "eve"} == {find_name(lab, peer.remote) for peer in get_node(lab, "dora").peers.ready}
    assert {(dora, "unreachable")} == set(tries)
    assert 4 <= sum(entry is not None for entry in entries)
    assert not any(entry is not None and entry.is_tried for entry in entries)
    assert any(entry is not None and entry.failures > 0 for entry in entries)


def test_an_onion_name_reaches_only_who_knows_addrv2() -> None:
    """Ann hears of the IPv6 host and of the onion; the old node asks the same peer, and hears of one."""
    lab = read("onion_names")
    answers = {
        name: {type(m) for m in messages(lab, "bob", name) if isinstance(m, Addr | AddrV2)}
        for name in ("ann", "old")
    }

    assert {"ann": {AddrV2}, "old": {Addr}} == answers
    assert {"oni", "six"} <= get_known(lab, "ann")
    assert {"six"} == {"oni", "six"} & get_known(lab, "old")
    assert get_home_of(lab, "oni").ip.endswith(".onion")
    assert "sendaddrv2" not in count_wire_names(lab, "old", "bob")


def test_of_a_flood_of_addresses_one_in_a_thousand_is_read() -> None:
    """A token every ten seconds; the rest is not even looked at; and Bob's block comes through."""
    lab = read("address_flood")
    dropped = timed_notes(lab, "ann", "addresses dropped")
    invented = [entry for entry in get_node(lab, "ann").overlay.contacts.book if entry.source == "66.6.6.6"]

    assert {999} == {facts["count"] for _, facts in dropped}
    assert 11 == len(dropped) == len(invented)
    assert [] == hang_ups(lab), "to know many hosts is no fault"
    assert {1} == {lab.peer(name).chain.height for name in ("ann", "bob", "cat")}


# --- Who is refused, who goes ---------------------------------------------------------------------------


def test_who_dials_itself_knows_its_own_nonce() -> None:
    """A seed names Ann's new address, which she cannot know to be hers until her own version comes back."""
    lab = read("self_connection")
    (first, *_) = [message for message in messages(lab, "ann", "ann") if message.wire_name == "version"]

    assert {"connected to self"} == {facts["reason"] for facts in notes(lab, "ann", "peer misbehaved")}
    assert ("ann", "ann", "connected to self") in hang_ups(lab)
    assert first.receiver.ip == NEW_HOME.ip
    assert [] == notes(lab, "ann", "peer discouraged"), "nobody is to blame"
    assert NEW_HOME not in get_remotes(lab, "ann")
    assert {"cat", "dan"} <= set(get_lines(lab, "ann"))


def test_a_program_that_is_too_old_is_refused_by_both() -> None:
    """31402 is below 31800, the first that knew getheaders; Bob, who is new enough, stays."""
    lab = read("obsolete_version")

    assert {("ann", "gus"), ("bob", "gus")} == {(who, on) for who, on, _ in hang_ups(lab)}
    assert {"obsolete version 31402"} == {why for _, _, why in hang_ups(lab)}
    assert 20 == lab.peer("bob").chain.height
    assert 0 == lab.peer("gus").chain.height
    assert [] == notes(lab, "gus", "handshake done")


def test_a_full_host_makes_room_at_the_cost_of_the_largest_group() -> None:
    """Zoe comes in; one of the twenty of one provider goes, none of the ten that stand alone."""
    lab = read("full_host")
    ((who, on, why),) = hang_ups(lab)
    inbound = [peer.remote for peer in get_node(lab, "hub").peers.ready if peer.inbound]

    assert ("hub", "evicted") == (who, why)
    assert get_home_of(lab, on).ip.startswith("66.6.")
    assert 30 == len(inbound)
    assert get_home_of(lab, "zoe") in inbound


def test_an_old_acquaintance_is_asked_before_it_loses_its_place() -> None:
    """Two newcomers want two places of the tried table: Olga answers and stays, Oscar does not and goes."""
    lab = read("test_before_evict")
    places = {
        name: get_entry(lab, "ann", get_home_of(lab, name)) for name in ("olga", "nick", "oscar", "nora")
    }
    book = get_node(lab, "ann").overlay.contacts.book
    moved = [
        (find_name(lab, Address(*facts["address"])), facts["table"])
        for facts in notes(lab, "ann", "address moved")
    ]
    felt = get_chosen(lab, "ann")

    for old, young in (("olga", "nick"), ("oscar", "nora")):
        assert book.get_tried_place(get_home_of(lab, old)) == book.get_tried_place(get_home_of(lab, young))
    assert {"olga": True, "nick": False, "oscar": False, "nora": True} == {
        name: entry is not None and entry.is_tried for name, entry in places.items()
    }
    assert {("nora", "tried"), ("oscar", "new")} == set(moved)
    assert {"feeler"} == {kind for _, kind in felt}
    for old, young in (("olga", "nick"), ("oscar", "nora")):
        order = [name for name, _ in felt if name in (old, young)]
        assert order.index(young) < order.index(old), "first the newcomer is found, then the old one tested"


def test_a_silent_peer_is_given_up_after_20_minutes_today_and_90_on_the_slides() -> None:
    """Bob died in the tenth minute. Cat lives: her line stays, with a ping each 2 or each 30 minutes."""
    ends, pings = {}, {}
    for name in ("keep_alive_today", "keep_alive_lecture"):
        lab = read(name)
        (gone,) = [r for r in lab.trace if r.kind == RecordKind.HANG_UP]
        assert ("ann", "bob") == (lab.names[gone.peer], lab.names[gone.other])
        ends[name] = gone.at, gone.detail
        sent = [
            r.at
            for r in lab.trace
            if r.kind == RecordKind.SEND and r.detail.wire_name == "ping" and lab.names[r.peer] == "ann"
            if lab.names[r.other] == "cat"
        ]
        pings[name] = {round((later - earlier) / MINUTE) for earlier, later in pairwise(sent)}

    assert ("ping timeout", 30) == (ends["keep_alive_today"][1], ends["keep_alive_today"][0] // MINUTE)
    assert ("receive timeout", 90) == (ends["keep_alive_lecture"][1], ends["keep_alive_lecture"][0] // MINUTE)
    assert {"keep_alive_today": {2}, "keep_alive_lecture": {30}} == pings


@pytest.mark.parametrize("name", ["onion_names", "moving_host", "self_connection", "eclipse_2014"])
def test_bytes_objects_and_a_rebuilt_world_tell_the_same_story(name: str) -> None:
    """Hosts as text inside, as 16 or 32 bytes on the wire; books on a disk; a peer that talks to itself."""
    objects, wire = read(name), play(name, wire=True)
    world, _ = wire.timeline.rebuild(wire.head)

    assert objects.digest() == wire.digest()
    assert objects.state_digest() == wire.state_digest() == world.state_digest()
