"""Two hosts behind boxes of every kind try to reach each other: packets decide, no table does."""

from itertools import product
from typing import Any

import pytest
from support.nat_nets import PUBLIC, notes, reach, two_homes

from blockchain_lab.base.actions import Connect
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.nat import Behaviour
from blockchain_lab.sim.actions import ChangeAddress, Kill, Revive
from blockchain_lab.sim.scenario import Peer, Scenario

CLASSIC = ("full cone", "restricted cone", "port restricted cone", "symmetric")
ALL = tuple(Behaviour)
EI, AD, APD = ALL


@pytest.mark.parametrize("a", [PUBLIC, *CLASSIC])
@pytest.mark.parametrize("b", [PUBLIC, *CLASSIC])
def test_holes_can_be_punched_unless_both_sides_look_at_ports_and_one_changes_them(a: str, b: str) -> None:
    """The classic table: a symmetric NAT fails against a port restricted one and another symmetric one."""
    fails = {a, b} in ({"symmetric"}, {"symmetric", "port restricted cone"})

    assert ("" if fails else "punch") == reach(two_homes(a, b, ladder=["punch"]))


@pytest.mark.parametrize(("a", "b"), list(product(["port restricted cone", "symmetric"], [PUBLIC, *CLASSIC])))
def test_without_punching_only_open_hosts_and_full_cones_are_reached(a: str, b: str) -> None:
    """What the other box lets in is its own business; ours lets the answer in, for we have asked."""
    assert ("direct" if b in (PUBLIC, "full cone") else "") == reach(two_homes(a, b, ladder=["direct"]))


def is_punchable(a: tuple[Behaviour, Behaviour], b: tuple[Behaviour, Behaviour]) -> bool:
    """The same by argument: who has a port for each remote writes to a stranger from a new one."""
    (a_maps, a_filters), (b_maps, b_filters) = a, b
    # Ann's probe goes to where the server saw Bob; his answer comes from there only if he keeps his port.
    probe_gets_in = b_filters is EI or (b_maps is EI and (b_filters is AD or a_maps is EI))
    answer_gets_in = b_maps is EI or a_filters is not APD
    # Bob's puncture goes to where the server saw Ann; she wrote to Bob from there if she keeps hers.
    puncture_gets_in = a_filters is EI or (a_maps is EI and (a_filters is AD or b_maps is EI))
    second_probe_gets_in = b_filters is not APD or a_maps is EI
    second_answer_gets_in = b_maps is not APD or a_maps is EI or a_filters is not APD
    return (probe_gets_in and answer_gets_in) or (
        puncture_gets_in and second_probe_gets_in and second_answer_gets_in
    )


@pytest.mark.parametrize("a", list(product(ALL, ALL)), ids=str)
def test_every_behaviour_of_rfc_4787_against_every_other(a: tuple[Behaviour, Behaviour]) -> None:
    """Nine boxes against nine: the packets find what the argument says."""
    boxes = list(product(ALL, ALL))
    found = {b: reach(make_rfc_homes(a, b)) == "punch" for b in boxes}

    assert {b: is_punchable(a, b) for b in boxes} == found


def make_rfc_homes(a: tuple[Behaviour, Behaviour], b: tuple[Behaviour, Behaviour]) -> Lab:
    """Two boxes, each (mapping, filtering)."""
    policies = [{"mapping": str(mapping), "filtering": str(filtering)} for mapping, filtering in (a, b)]
    return two_homes(*policies, ladder=["punch"])


def test_the_ladder_stops_at_the_first_step_that_works() -> None:
    """Open, punchable, hopeless: direct, punch, relay; and what was tried before stands in the attempt."""
    assert "direct" == reach(two_homes("symmetric", "full cone"))
    assert "punch" == reach(two_homes("port restricted cone", "restricted cone"))
    lab = two_homes("symmetric", "symmetric")
    assert "relay" == reach(lab)
    assert ["local", "direct", "punch"] == lab.peer("ann").attempts["bob"].tried
    assert 0 < lab.peer("server").server.carried_bytes


def test_neighbours_behind_one_box_meet_at_home() -> None:
    """Outside they look alike; inside they are a millisecond away."""
    peers = {name: Peer("traversal", behind="home", policy={"server": "server"}) for name in ("ann", "bob")}
    lab = Lab(Scenario(peers={**peers, "home": Peer("nat"), "server": Peer("rendezvous")}, until=MINUTE))
    lab.run(until=10 * SECOND)

    assert lab.peer("ann").outside.ip == lab.peer("bob").outside.ip == lab.scenario.get_addresses()["home"].ip
    assert "local" == reach(lab)


@pytest.mark.parametrize("has_hairpin", [False, True])
def test_a_hairpin_leads_back_inside_if_the_box_knows_it(has_hairpin: bool) -> None:
    """RFC 4787 REQ-9: two neighbours who know only each other's outside address."""
    own = {"server": "server", "ladder": ["punch"]}
    peers = {name: Peer("traversal", behind="home", policy=own) for name in ("ann", "bob")}
    box = Peer("nat", policy={"hairpin": has_hairpin})
    lab = Lab(Scenario(peers={**peers, "home": box, "server": Peer("rendezvous")}, until=MINUTE))
    lab.run(until=10 * SECOND)

    assert ("punch" if has_hairpin else "") == reach(lab)
    assert has_hairpin != any(fact["reason"] == "no hairpin" for fact in notes(lab, "packet blocked"))


def test_who_asks_its_box_for_a_port_is_reached_by_everybody() -> None:
    """Bob's box is symmetric, but it opens ports on demand: no punching is needed."""
    box = {"type": "symmetric", "opens_ports": True}

    assert "direct" == reach(two_homes("symmetric", box, map_port=True))
    refused = two_homes("symmetric", "symmetric", map_port=True)
    assert "relay" == reach(refused)
    assert 2 == len(notes(refused, "port refused"))


def test_a_mapping_that_nobody_uses_dies_and_the_server_still_names_it() -> None:
    """Bob is silent for longer than his box remembers: who is told his old address finds nobody."""
    box = {"type": "full cone", "idle_timeout": 30 * SECOND}
    awake = two_homes("full cone", box, ladder=["direct"])
    silent = two_homes("full cone", box, ladder=["direct"], register_every=10 * MINUTE)
    for lab in (awake, silent):
        lab.run(until=5 * MINUTE)

    assert "direct" == reach(awake)
    assert "" == reach(silent)
    assert "no mapping" in {fact["reason"] for fact in notes(silent, "packet blocked")}
    assert 1 <= len(notes(silent, "mapping expired"))


def test_a_box_that_changes_its_address_is_found_again_after_the_next_registration() -> None:
    """The provider gives a new address: the old one leads nowhere, until Bob has said where he is."""
    lab = two_homes(PUBLIC, "full cone", ladder=["direct"])
    new = lab.scenario.get_addresses()["office"]._replace(ip="10.9.9.9")
    lab.do(ChangeAddress("office", new))
    lab.do(Kill("office"))
    lab.do(Revive("office"))
    lab.run(until=lab.now + 30 * SECOND)

    assert "direct" == reach(lab)
    assert new.ip == lab.peer("bob").outside.ip


def test_who_is_off_or_unknown_is_not_reached_and_the_reason_is_noted() -> None:
    """Nobody called zoe has registered; and the relay carries to nobody who is off."""
    lab = two_homes("symmetric", "symmetric")
    lab.do(Connect("ann", "server"))
    lab.run(until=lab.now + SECOND)
    assert {"name": "server", "tried": [], "reason": "the server does not know it"} in notes(
        lab, "peer not reached"
    )

    lab.do(Kill("bob"))
    assert "" == reach(lab)
    assert "the ladder ends here" == notes(lab, "peer not reached")[-1]["reason"]


def test_a_firewall_translates_nothing_and_can_be_punched() -> None:
    """Ann keeps her address; from outside she is reached once she has written herself."""
    peers = {
        "server": Peer("rendezvous"),
        "wall": Peer("nat", policy={"type": "firewall"}),
        "ann": Peer("traversal", policy={"server": "server"}),
        "bob": Peer("traversal", behind="wall", policy={"server": "server"}),
    }
    public = Scenario(peers=peers).get_addresses()["bob"]._replace(ip="198.51.100.7")
    peers["bob"] = Peer("traversal", address=public, behind="wall", policy={"server": "server"})
    lab = Lab(Scenario(peers=peers, until=MINUTE))
    lab.run(until=10 * SECOND)

    assert public == lab.peer("bob").outside
    assert "punch" == reach(lab)
    assert ["local", "direct"] == lab.peer("ann").attempts["bob"].tried


def test_a_box_behind_a_box_translates_what_was_translated() -> None:
    """A provider's NAT before the one at home: Ann is seen at the outer one, and answers come in."""
    peers = {
        "server": Peer("rendezvous"),
        "carrier": Peer("nat"),
        "home": Peer("nat", behind="carrier"),
        "ann": Peer("traversal", behind="home", policy={"server": "server", "ladder": ["punch"]}),
        "office": Peer("nat", policy={"type": "restricted cone"}),
        "bob": Peer("traversal", behind="office", policy={"server": "server"}),
    }
    lab = Lab(Scenario(peers=peers, until=MINUTE))
    lab.run(until=10 * SECOND)
    plan = lab.scenario.get_addresses()

    assert plan["carrier"].ip == lab.peer("ann").outside.ip
    (outer,), (inner,) = (list(lab.peer(box).table.by_outside.values()) for box in ("carrier", "home"))
    assert [inner.outside.ip, inner.outside] == [plan["home"].ip, outer.inside]
    assert "punch" == reach(lab)


def test_a_box_says_by_which_rules_it_works_whenever_it_starts() -> None:
    """A view reads them: one cannot tell a box's rules from what comes by."""
    lab = two_homes({"mapping": str(AD), "filtering": str(EI), "idle_timeout": MINUTE}, PUBLIC)
    lab.do(Kill("home"))
    lab.do(Revive("home"))
    one, other = notes(lab, "gateway rules")

    assert one == other
    rules = [one[name] for name in ("mapping", "filtering", "idle_timeout", "translates", "hairpin")]
    assert [str(AD), str(EI), MINUTE, True, False] == rules
    plan = lab.scenario.get_addresses()
    assert [[list(plan["ann"])], list(plan["home"])] == [one["inside"], one["address"]]


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ({"type": "cubic"}, r"policy\.type: found 'cubic', accepted: .*symmetric, *firewall|policy\.type"),
        ({"type": "symmetric", "mapping": str(EI)}, r"policy\.type: 'symmetric' says both behaviours"),
        ({"type": "firewall", "mapping": str(EI)}, r"policy\.mapping: a firewall translates nothing"),
        ({"idle_timeout": 0}, r"policy\.idle_timeout: found 0, accepted: a whole number from 1 on"),
        ({"ports": "odd"}, r"policy\.ports: found 'odd', accepted: preserved, sequential, random"),
    ],
)
def test_a_box_that_cannot_be_is_refused(policy: dict[str, Any], problem: str) -> None:
    """The key, what was found, what is accepted."""
    with pytest.raises(UsageError, match=problem):
        two_homes(policy, PUBLIC)
