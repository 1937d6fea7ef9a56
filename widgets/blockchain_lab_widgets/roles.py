"""What a peer is in its story, in one word for the network view's shapes: server, newcomer, miner, liar."""

from typing import Any, Final

from blockchain_lab.base.actions import Mine

PLAIN: Final = "bitcoin"  # the honest kind; others are called after what makes them different


def get_roles(scenario: Any, names: list[str]) -> list[str]:
    """The role of every peer, in this order."""
    miners = {action.peer for _, action in scenario.story if isinstance(action, Mine)}
    has_servers = any(scenario.peers[name].disk for name in names)
    return [get_role(scenario.peers[name], name in miners, has_servers) for name in names]


def get_role(peer: Any, is_miner: bool, has_servers: bool) -> str:
    """A dishonest or foreign kind by its name; a plain node by its disk and by what the story lets it do."""
    if peer.kind != PLAIN:
        return str(peer.kind).removeprefix(f"{PLAIN}-")
    if peer.disk:
        return "server"
    if is_miner:
        return "miner"
    return "newcomer" if has_servers else "peer"
