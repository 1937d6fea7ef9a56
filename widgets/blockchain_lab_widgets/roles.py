"""What a peer is in its story, in one word, for the network view's shapes; and its era.

A liar or a staller is a server like the others: who it is, the learner finds out.
"""

from typing import Any, Final

from blockchain_lab.base.actions import Fetch, Mine, Provide

PLAIN: Final = "plain"  # the era of a Bitcoin node that names none
SEED: Final = "dns-seed"  # knows Bitcoin's rules too
FAMILY: Final = "bitcoin"  # kinds of this family are told apart by what they do, others by their family
ARTIFACTS: Final = "artifact"  # and so are these


def get_roles(scenario: Any, names: list[str]) -> list[str]:
    """The role of every peer, in this order."""
    miners = {action.peer for _, action in scenario.story if isinstance(action, Mine)}
    has_servers = any(scenario.peers[name].disk for name in names)
    traders = {
        action.peer: "provider" if isinstance(action, Provide) else "requester"
        for _, action in scenario.story
        if isinstance(action, Fetch | Provide)
    }
    return [
        traders.get(name, "peer")
        if scenario.peers[name].kind.startswith(ARTIFACTS)
        else get_role(scenario.peers[name], name in miners, has_servers)
        for name in names
    ]


def get_role(peer: Any, is_miner: bool, has_servers: bool) -> str:
    """By its disk, then by what the story lets it do; others by their family: `gossip-liar` is gossip."""
    if not peer.kind.startswith(FAMILY):
        return str(peer.kind).partition("-")[0]
    if peer.disk:
        return "server"
    if is_miner:
        return "miner"
    return "newcomer" if has_servers else "peer"


def get_eras(scenario: Any, names: list[str]) -> list[str | None]:
    """The time whose habits every Bitcoin node has at its start, in this order; None of other nodes."""
    kinds = [scenario.peers[name].kind for name in names]
    return [
        scenario.get_policy(name).get("era", PLAIN) if kind.startswith(FAMILY) or kind == SEED else None
        for name, kind in zip(names, kinds, strict=True)
    ]
