"""Shapes tell what a peer does in its story, and do not give away who is dishonest."""

from blockchain_lab_widgets.roles import get_roles

from blockchain_lab import scenarios
from blockchain_lab.scenarios.networks import make_network


def roles_of(name: str) -> dict[str, str]:
    """The role of every peer of a scenario."""
    scenario = scenarios.load(name)
    names = list(scenario.peers)
    return dict(zip(names, get_roles(scenario, names), strict=True))


def test_whoever_starts_with_a_chain_is_a_server_and_the_others_join() -> None:
    """In the lesson one peer has the chain and five come late."""
    roles = roles_of("headers_first")

    assert "server" == roles.pop("server")
    assert {"newcomer"} == set(roles.values())


def test_a_liar_looks_like_any_other_server() -> None:
    """The learner is asked to find out which server lies and which one stalls."""
    roles = roles_of("four_servers")

    assert "newcomer" == roles.pop("ann")
    assert ["server"] * 4 == list(roles.values())


def test_whoever_the_story_lets_mine_is_a_miner() -> None:
    """Without any stored chain there are no newcomers."""
    assert {"miner"} == set(roles_of("fork_and_heal").values())


def test_who_has_a_file_and_who_wants_it_are_told_apart() -> None:
    """Five and twenty; and among those who have it three who lie look like the one who does not."""
    herd, liars = roles_of("the_herd"), roles_of("artifact_liars")

    assert [5, 20] == [list(herd.values()).count(role) for role in ("provider", "requester")]
    assert ["provider"] * 4 == [liars[name] for name in ("dan", "fay", "hal", "ida")]
    assert ("requester", "peer") == (liars["kim"], liars["joe"])


def test_a_liar_of_another_family_looks_like_the_honest_ones() -> None:
    """Half of the gossip is silent or lies; nobody can see who."""
    kinds = {"ann": "gossip", "bob": "gossip-liar", "cat": "gossip-silent", "dan": "kademlia"}
    scenario = make_network(list(kinds), "gossip", kinds=kinds)

    assert ["gossip", "gossip", "gossip", "kademlia"] == get_roles(scenario, list(kinds))
