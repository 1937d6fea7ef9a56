"""How a node of Kademlia answers a question, whoever asks. Learning who asked is the node's own business."""

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Microseconds
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import NodeId
from blockchain_lab.overlay.kademlia_keeping import Keeping
from blockchain_lab.overlay.kademlia_messages import (
    AddProvider,
    AskProviders,
    FindNode,
    FindValue,
    FoundNodes,
    FoundValue,
    KademliaMessage,
    NodePong,
    Providers,
    Store,
    Stored,
)
from blockchain_lab.overlay.kademlia_policy import KademliaPolicy
from blockchain_lab.overlay.kademlia_search import Search
from blockchain_lab.overlay.kademlia_table import RoutingTable


def answer_question(
    question: KademliaMessage,
    speaker: Contact,
    search: Search,
    keeping: Keeping,
    policy: KademliaPolicy,
    now: Microseconds,
) -> tuple[Message, list[Effect]]:
    """What we answer, and what comes of the question besides."""
    nonce, own, table = question.nonce, search.own, search.table
    match question:
        case Store():
            return Stored(nonce, own), keeping.on_store(question, speaker, search, policy, now)
        case AddProvider(target=key):
            return Stored(nonce, own), keeping.on_provider(key, speaker, policy, now)
        case FindValue(target=key) if (kept := keeping.storage.values.get(key)) is not None:
            return FoundValue(nonce, own, kept.get_age(now), kept.value), []
        case AskProviders(target=key):
            there = keeping.storage.get_providers(key, now)
            return Providers(nonce, own, there, get_closest(table, key, speaker)), []
        case FindNode(target=key) | FindValue(target=key):
            return FoundNodes(nonce, own, get_closest(table, key, speaker)), []
    return NodePong(nonce, own), []


def get_closest(table: RoutingTable, target: NodeId, but: Contact) -> tuple[Contact, ...]:
    """The k contacts closest to an id, without the one who asks: it knows itself."""
    near = table.find_closest(target, table.k + 1)
    return tuple([contact for contact in near if contact.id != but.id][: table.k])
