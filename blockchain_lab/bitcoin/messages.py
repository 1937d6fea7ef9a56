"""All messages by command, and `decode`.

The classes stand in rooms by the lecture's four classes: `messages_connection`, `messages_addresses`,
`messages_announce` and `messages_data`; `block` and `tx` where blocks and transactions are. Families that
came or went together have rooms of their own: `messages_compact`, `messages_filter`, `messages_alert`,
`messages_orders`.

`review`, which Bitcoin 0.1 had for a market that was never opened, is not among them: as all that we do
not speak, it is `Unknown`.
"""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.envelope import decode_message
from blockchain_lab.base.messages import Message
from blockchain_lab.bitcoin.address_v2 import AddressV2
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
from blockchain_lab.bitcoin.messages_addresses import Addr, AddrV2, GetAddr
from blockchain_lab.bitcoin.messages_alert import Alert
from blockchain_lab.bitcoin.messages_announce import (
    FeeFilter,
    GetBlocks,
    GetData,
    GetHeaders,
    Inv,
    Mempool,
    NotFound,
    SendCompact,
    SendHeaders,
)
from blockchain_lab.bitcoin.messages_compact import BlockTransactions, CompactBlock, GetBlockTransactions
from blockchain_lab.bitcoin.messages_connection import (
    Ping,
    Pong,
    Reject,
    SendAddrV2,
    Verack,
    Version,
    WtxidRelay,
)
from blockchain_lab.bitcoin.messages_data import Headers
from blockchain_lab.bitcoin.messages_filter import FilterAdd, FilterClear, FilterLoad, MerkleBlock
from blockchain_lab.bitcoin.messages_orders import CheckOrder, Reply, SubmitOrder
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
    "AddrV2",
    "AddressV2",
    "Alert",
    "BitcoinMessage",
    "Block",
    "BlockTransactions",
    "CheckOrder",
    "CompactBlock",
    "FeeFilter",
    "FilterAdd",
    "FilterClear",
    "FilterLoad",
    "GetAddr",
    "GetBlockTransactions",
    "GetBlocks",
    "GetData",
    "GetHeaders",
    "Headers",
    "Inv",
    "InventoryItem",
    "Mempool",
    "MerkleBlock",
    "NetworkAddress",
    "NotFound",
    "Ping",
    "Pong",
    "Reject",
    "Reply",
    "SendAddrV2",
    "SendCompact",
    "SendHeaders",
    "SubmitOrder",
    "TimedAddress",
    "Transaction",
    "Verack",
    "Version",
    "WtxidRelay",
    "decode",
]

COMMANDS: Final[Mapping[str, type[BitcoinMessage]]] = {
    message.command: message
    for message in (
        *(Version, Verack, WtxidRelay, SendAddrV2, Ping, Pong, Reject, Alert),
        *(GetAddr, Addr, AddrV2),
        *(Inv, GetData, NotFound, GetBlocks, GetHeaders, Mempool, FeeFilter, SendHeaders, SendCompact),
        *(GetBlockTransactions, FilterLoad, FilterAdd, FilterClear),
        *(Headers, Block, Transaction, CompactBlock, BlockTransactions, MerkleBlock),
        *(CheckOrder, SubmitOrder, Reply),
    )
}


def decode(command: str, payload: bytes) -> Message:
    """The message that a peer sent. Never raises: what it got wrong is data too (`decode_message`)."""
    return decode_message(COMMANDS, command, payload)
