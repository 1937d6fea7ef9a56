"""All messages by command, and `decode`.

The classes stand in rooms by the lecture's four classes: `messages_connection`, `messages_addresses`,
`messages_announce` and `messages_data`; `block` and `tx` where blocks and transactions are.
"""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.inventory import (
    MSG_BLOCK,
    MSG_CMPCT_BLOCK,
    MSG_FILTERED_BLOCK,
    MSG_TX,
    MSG_WITNESS_BLOCK,
    MSG_WITNESS_TX,
    MSG_WTX,
    WITNESS_FLAG,
    InventoryItem,
)
from blockchain_lab.bitcoin.message_base import BitcoinMessage
from blockchain_lab.bitcoin.messages_addresses import Addr, GetAddr
from blockchain_lab.bitcoin.messages_announce import (
    GetBlocks,
    GetData,
    GetHeaders,
    Inv,
    Mempool,
    NotFound,
    SendCompact,
    SendHeaders,
)
from blockchain_lab.bitcoin.messages_connection import Ping, Pong, Reject, Verack, Version
from blockchain_lab.bitcoin.messages_data import Headers
from blockchain_lab.bitcoin.network_address import NetworkAddress, TimedAddress
from blockchain_lab.bitcoin.tx import Transaction

__all__ = [
    "COMMANDS",
    "MSG_BLOCK",
    "MSG_CMPCT_BLOCK",
    "MSG_FILTERED_BLOCK",
    "MSG_TX",
    "MSG_WITNESS_BLOCK",
    "MSG_WITNESS_TX",
    "MSG_WTX",
    "WITNESS_FLAG",
    "ZERO_HASH",
    "Addr",
    "BitcoinMessage",
    "Block",
    "GetAddr",
    "GetBlocks",
    "GetData",
    "GetHeaders",
    "Headers",
    "Inv",
    "InventoryItem",
    "Mempool",
    "NetworkAddress",
    "NotFound",
    "Ping",
    "Pong",
    "Reject",
    "SendCompact",
    "SendHeaders",
    "TimedAddress",
    "Transaction",
    "Verack",
    "Version",
    "decode",
]

COMMANDS: Final[Mapping[str, type[BitcoinMessage]]] = {
    message.command: message
    for message in (
        *(Version, Verack, Ping, Pong, Reject),
        *(GetAddr, Addr),
        *(Inv, GetData, NotFound, GetBlocks, GetHeaders, Mempool, SendHeaders, SendCompact),
        *(Headers, Block, Transaction),
    )
}


def decode(command: str, payload: bytes) -> Message:
    """The message that a peer sent. Never raises: what it got wrong is data too.

    `Unknown` for a command we do not speak, `Malformed` for a payload that does not fit its command.
    (A class's own `decode` raises `DecodeError` instead.)
    """
    message = COMMANDS.get(command)
    if message is None:
        return Unknown(command, payload)
    try:
        return message.decode(payload)
    except DecodeError as fault:
        return Malformed(command, str(fault), payload, fatal=False)
