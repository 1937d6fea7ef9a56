"""Which message answers which: the map of Bitcoin's messages.

    getheaders  ->  headers  ->  getdata  ->  block          a newcomer catches up, headers first
    getblocks   ->  inv      ->  getdata  ->  block          the same in the first years

An arrow says what a message is sent for: its answer, or what it asks to be told by from now on
(`sendheaders`, `sendcmpct`, `filterload`). Left out are answers of the second choice (a full `block` for
an old `getblocktxn`), `reject`, which answers anything, and what travels without being asked for.
"""

from collections.abc import Mapping
from typing import Any, Final

from blockchain_lab.bitcoin.messages import COMMANDS

ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "version": ("verack",),  # since 0.2.9
    "ping": ("pong",),  # BIP 31; a ping of the first years had no answer
    "getaddr": ("addr", "addrv2"),  # addrv2: to who has sent sendaddrv2 (BIP 155)
    "inv": ("getdata", "getheaders"),  # getheaders: for a block, since Core 0.10
    "getdata": ("block", "tx", "cmpctblock", "merkleblock", "notfound"),
    "getblocks": ("inv",),
    "getheaders": ("headers",),
    "headers": ("getdata",),  # Core since 0.10
    "mempool": ("inv",),  # BIP 35
    "sendheaders": ("headers",),  # BIP 130: announce blocks so
    "sendcmpct": ("cmpctblock",),  # BIP 152: announce blocks so, or say that we understand them
    "cmpctblock": ("getblocktxn",),
    "getblocktxn": ("blocktxn",),
    "filterload": ("merkleblock",),  # BIP 37: blocks that are asked for as filtered ones
    "checkorder": ("reply",),  # Bitcoin 0.1, main.cpp; so are the next two
    "reply": ("submitorder",),
    "submitorder": ("reply",),
}
PASSED_ON: Final = ("alert",)  # whoever gets one sends it to all peers


def describe_commands() -> list[dict[str, Any]]:
    """Every command with its class, its releases, its source and its answers: what a picture of them needs.

    As JSON: `last` is None while today's program knows it, `protocol` for what may be sent to anybody.
    """
    return [
        {
            "command": command,
            "class": message.lecture_class,
            **message.versions._asdict(),
            "source": message.source,
            "answers": list(ANSWERS.get(command, ())),
            "passed_on": command in PASSED_ON,
        }
        for command, message in COMMANDS.items()
    ]
