"""What a record says beyond its numbers, as JSON for the page.

Message records tell their command, class and size and what they are about; the bytes travel apart, so the
facts only name them. This room knows messages by their commands and field names, not by their classes: it
imports no protocol.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from blockchain_lab.base.effects import TimerName
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.packets import Packet
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Address, display_hash
from blockchain_lab_widgets.dht_fields import DHT_FIELDS
from blockchain_lab_widgets.finality_fields import FINALITY_FIELDS

Facts = dict[str, Any]

MOST_BLOCKS: Final = 3  # a message about more of them says how many, not which; the same for transactions
BLOCK_TYPES: Final = (2, 1 << 30 | 2, 4)  # inventory: block, with witnesses, compact
TX_TYPES: Final = (1, 1 << 30 | 1, 5)  # inventory: transaction, with witness, by its wtxid
# What the page's folds take for granted of a note; all others they only show.
BLOCK_FIELDS: Final[Mapping[str, Any]] = {"hash": str, "height": int}
MAPPING_FIELDS: Final[Mapping[str, Any]] = {
    "inside": list | tuple,
    "outside": list | tuple,
    "remote": list | tuple,
}
NOTE_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "chain loaded": {"tip": str, "parent": str, "height": int, "hashes": list | tuple},
    "headers accepted": {"parent": str, "height": int, "hashes": list | tuple},
    "best header": BLOCK_FIELDS,
    "block accepted": {"parent": str, **BLOCK_FIELDS},
    "tip changed": BLOCK_FIELDS,
    "orphan block": {"hash": str, "parent": str},
    "block invalid": {"hash": str, "reason": str},
    "transaction accepted": {"txid": str, "size": int, "virtual_size": int, "fee": int},
    "transaction refused": {"txid": str, "reason": str},
    "transaction orphaned": {"txid": str},
    "transactions removed": {"txids": list | tuple, "reason": str},
    "item learned": {"item": str},
    "addresses loaded": {"is_bucketed": bool, "addresses": list | tuple},
    "address added": {"address": list | tuple, "table": str, "source": str},
    "address moved": {"address": list | tuple, "table": str},
    "address removed": {"address": list | tuple},
    "addresses dropped": {"conn": int, "count": int},
    "connection slots": {"full_relay": int, "blocks_only": int, "feeler": int, "inbound": int},
    "connection chosen": {"address": list | tuple, "kind": str},
    "peer evicted": {"conn": int},
    "peer discouraged": {"ip": str},
    "peer misbehaved": {"reason": str},
    "gateway rules": {
        "address": list | tuple,
        "inside": list | tuple,
        "translates": bool,
        "mapping": str,
        "filtering": str,
        "ports": str,
        "idle_timeout": int,
        "hairpin": bool,
        "opens_ports": bool,
    },
    "mapping opened": MAPPING_FIELDS,
    "mapping expired": MAPPING_FIELDS,
    "port leased": {"until": int, **MAPPING_FIELDS},
    "packet blocked": {"from": list | tuple, "to": list | tuple, "reason": str},
    "peer reached": {"name": str, "by": str, "tried": list | tuple},
    "peer not reached": {"name": str, "reason": str, "tried": list | tuple},
    "stalling": {"conn": int, "hash": str},
    "alert accepted": {"id": int, "text": str},
    "alert cancelled": {"id": int, "by": int},
    "alert dropped": {"id": int, "reason": str},
    "alert refused": {"reason": str},
    "order begun": {"to": str},
    "order failed": {"reason": str},
    "order received": {"amount": int},
    "order refused": {"reason": str},
    **DHT_FIELDS,
    **FINALITY_FIELDS,
}
LISTS_OF_HASHES: Final = ("hashes", "txids")  # at least one each
AMOUNTS: Final = ("size", "virtual_size", "fee", "amount", "bounty", "weight", "votes", "total")  # drawn
MAPS: Final = ("deposits", "shares")  # of amounts
PAGE_NUMBERS: Final = range(1 << 53)  # what a page's numbers hold exactly
COUNTED: Final = {
    "headers": "headers",
    "inv": "items",
    "getdata": "items",
    "notfound": "items",
    "addr": "addresses",
    "addrv2": "addresses",
    "getblocktxn": "places",
    "blocktxn": "transactions",
    "branch": "blocks",
    "tx-names": "names",
    "want-txs": "names",
    "aggregate": "signers",
}
ASKED_AND_ANSWERED: Final = ("ping", "pong", "alive-ask", "alive-answer")  # by nonce: a round trip
DEFAULT_CLASS: Final = "connection"  # what nobody understands moves nothing but the connection
DRAWN_AS: Final = {"payment": "data"}  # payments by IP address died young: they get no colour of their own

NumberOf = Callable[[Message], int]  # a message's place in the table of bytes


def get_facts(record: Record, number_of: NumberOf) -> Facts:
    """The facts of any record."""
    return READERS[record.kind](record.detail, number_of)


def get_start(life: Any, number_of: NumberOf) -> Facts:
    """How often the host was revived before, and what of its policy was changed; None: no node of ours."""
    if life is None:
        return {"unknown": True}
    facts = {"life": life.number} if life.number else {}
    return facts | ({"policy": dict(life.policy)} if life.policy else {})


def get_flight(message: Message | None, number_of: NumberOf) -> Facts:
    """A message on a connection; None for a lost control packet."""
    return {"control": True} if message is None else get_message_facts(message, number_of(message))


def get_datagram(detail: tuple[Address, Message], number_of: NumberOf) -> Facts:
    """A message, and the address it came from; at a gateway also the one that it goes to."""
    source, message = detail
    said = message.message if isinstance(message, Packet) else message
    facts = {**get_message_facts(said, number_of(said)), "from": show_address(source)}
    return {**facts, "to": show_address(message.destination)} if isinstance(message, Packet) else facts


def get_connect(detail: tuple[Address, bool], number_of: NumberOf) -> Facts:
    """Who is at the other end, and whether the other end dialled."""
    remote, inbound = detail
    return {"remote": show_address(remote), "inbound": inbound}


def get_dial(remote: Address, number_of: NumberOf) -> Facts:
    """Whom we want to reach."""
    return {"remote": show_address(remote)}


def get_dial_failed(detail: tuple[Address, str], number_of: NumberOf) -> Facts:
    """Whom we could not reach, and why."""
    remote, reason = detail
    return {"remote": show_address(remote), "reason": reason}


def get_timer(name: TimerName, number_of: NumberOf) -> Facts:
    """The node's own name for it."""
    return {"timer": name.topic} | ({} if name.about is None else {"about": name.about})


def get_reason(reason: str, number_of: NumberOf) -> Facts:
    """Why somebody hung up, was lost or was killed."""
    return {"reason": reason}


def get_action(action: Any, number_of: NumberOf) -> Facts:
    """What was done: the action's name and its fields."""
    return {"do": type(action).__name__, **asdict(action)}


def get_note(detail: tuple[str, Facts], number_of: NumberOf) -> Facts:
    """What the node noted, as it stands. A topic of ours without our fields gets another name."""
    topic, facts = detail
    if not is_as_expected(topic, facts):
        topic = f"{topic} (fields unknown)"
    return {**facts, "topic": topic}


def is_as_expected(topic: str, facts: Facts) -> bool:
    """Can a page rely on these fields? A learner's node may note anything under any name. O(hashes)."""
    wanted = NOTE_FIELDS.get(topic, {})
    if not all(isinstance(facts.get(name), kind) for name, kind in wanted.items()):
        return False
    lists = [facts[name] for name in LISTS_OF_HASHES if name in wanted]
    if not all(hashes and all(isinstance(name, str) for name in hashes) for hashes in lists):
        return False
    amounts = [facts[name] for name in AMOUNTS if name in wanted]
    amounts += [amount for name in MAPS if name in wanted for amount in facts[name].values()]
    return all(type(amount) is int and amount in PAGE_NUMBERS for amount in amounts)


READERS: Final[dict[Kind, Callable[[Any, NumberOf], Facts]]] = {
    Kind.START: get_start,
    Kind.CONNECT: get_connect,
    Kind.DIAL_FAILED: get_dial_failed,
    Kind.DELIVER: get_flight,
    Kind.DATAGRAM: get_datagram,
    Kind.TIMER: get_timer,
    Kind.DISCONNECT: get_reason,
    Kind.COMMAND: get_action,
    Kind.KILL: get_reason,
    Kind.SEND: get_flight,
    Kind.DROP: get_flight,
    Kind.DIAL: get_dial,
    Kind.HANG_UP: get_reason,
    Kind.NOTE: get_note,
    Kind.ACTION: get_action,
}


def get_message_facts(message: Message, number: int) -> Facts:
    """Command, class of the lecture, size on the wire, and a few words. O(items).

    counted: under which name its bytes are summed up, where that is not the class that it is drawn as.
    """
    lecture_class = getattr(message, "lecture_class", DEFAULT_CLASS)
    facts: Facts = {
        "command": message.wire_name,
        "class": DRAWN_AS.get(lecture_class, lecture_class),
        "size": message.size,
        "message": number,
        "label": get_label(message),
    }
    if isinstance(message, Malformed):
        facts["malformed"] = message.reason
    counted = str(getattr(message, "lecture_class", None) or message.wire_name)
    if counted != facts["class"]:
        facts["counted"] = counted
    nonce = getattr(message, "nonce", None)
    if message.wire_name in ASKED_AND_ANSWERED and nonce is not None:
        facts["nonce"] = str(nonce)  # it may need 64 bits
    about = {"blocks": get_blocks(message), "txids": get_transactions(message)}
    shown = {key: [display_hash(name) for name in names] for key, names in about.items()}
    return facts | {key: names for key, names in shown.items() if 0 < len(names) <= MOST_BLOCKS}


def get_label(message: Message) -> str:
    """A few words: the command, and how many things it carries: "headers 151"."""
    vote: Any = getattr(message, "vote", None)
    if message.wire_name == "vote" and vote is not None:
        return f"vote of {vote.validator}"
    items = getattr(message, COUNTED.get(message.wire_name, ""), None)
    return message.wire_name if items is None else f"{message.wire_name} {len(items)}"


def get_blocks(message: Message) -> Iterable[bytes]:
    """The hashes of the blocks that a message brings, announces or asks for."""
    if isinstance(message, Malformed):
        return []
    find = BLOCKS_OF.get(message.wire_name)
    return [] if find is None else find(message)


def get_header(message: Any) -> list[bytes]:
    """The block whose header stands at the front."""
    return [message.header.hash()]


def get_items(message: Any, types: Collection[int]) -> list[bytes]:
    """Those of its items that are of these types."""
    return [item.hash for item in message.items if item.type in types]


BLOCKS_OF: Final[Mapping[str, Callable[[Any], list[bytes]]]] = {
    **dict.fromkeys(("block", "cmpctblock", "merkleblock"), get_header),
    **dict.fromkeys(("inv", "getdata", "notfound"), lambda message: get_items(message, BLOCK_TYPES)),
    **dict.fromkeys(("getblocktxn", "blocktxn"), lambda message: [message.block]),
    "headers": lambda message: [header.hash() for header in message.headers[: MOST_BLOCKS + 1]],
    **dict.fromkeys(("proposal", "head"), lambda message: [message.name]),
    "vote": lambda message: [message.vote.target],
    **dict.fromkeys(("attest", "aggregate", "toy-vote"), lambda message: [message.block]),
    "toy-block": lambda message: [message.name],
    "want-branch": lambda message: [message.wanted],
    **dict.fromkeys(("settle-block", "settle-tip"), lambda message: get_main(message, message.name)),
    "settle-want": lambda message: get_main(message, message.wanted),
    "branch": lambda message: [block.name for block in message.blocks[: MOST_BLOCKS + 1]],
}


def get_main(message: Any, name: bytes) -> list[bytes]:
    """A block of the main chain; views draw the tree of no other one."""
    return [name] if message.chain == "main" else []


def get_transactions(message: Message) -> Iterable[bytes]:
    """The txids of the transactions that a message brings by itself, announces or asks for."""
    if isinstance(message, Malformed):
        return []
    find = TRANSACTIONS_OF.get(message.wire_name)
    return [] if find is None else find(message)


TRANSACTIONS_OF: Final[Mapping[str, Callable[[Any], Sequence[bytes]]]] = {
    "tx": lambda message: [message.txid()],
    **dict.fromkeys(("inv", "getdata", "notfound"), lambda message: get_items(message, TX_TYPES)),
    **dict.fromkeys(("tx-names", "want-txs"), lambda message: message.names),
    "private-tx": lambda message: [message.transaction.name],
}


def show_address(address: Address) -> str:
    """As people write it: 10.0.0.1:8333, and [::1]:8333."""
    ip, port = address
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
