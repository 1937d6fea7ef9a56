"""A transaction of an account: a payment, or a call of a contract; what it is made of, and its bytes.

    sender, nonce              the sender's transactions run in the order of their nonces, each once
    gas price, gas limit       what the sender pays for a unit of work, and how many units it pays for at most
    to, value                  who gets so many coins; a contract may be called with none
    function, arguments, blob  what a contract is asked to do; a payment has none of them

As in Ethereum before London (Wood, "Ethereum: a secure decentralised generalised transaction ledger", §4.2;
EIP-155 for the chain's number): one gas price, no base fee. Names stand for addresses, and 64-byte Ed25519
signatures for ECDSA. Coins are counted in gwei, a thousand millionth of an ether.

No state enters here: whether it can run says `ledger_execution`, whether it may wait `ledger_pool`.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import (
    read_bytes,
    read_list,
    read_text,
    write_bytes,
    write_list,
    write_text,
    write_unsigned,
)
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.consensus.keys import is_signed_by, sign

TRANSACTION_GAS: Final = 21_000  # Yellow Paper, appendix G, G_transaction
ZERO_BYTE_GAS: Final = 4  # of the call's data; G_txdatazero
BYTE_GAS: Final = 16  # G_txdatanonzero; EIP-2028, since Istanbul (December 2019), 68 before
MOST_ARGUMENTS: Final = 16  # of a call; ours
MOST_NUMBER: Final = (1 << 8 * UNSIGNED_64) - 1  # amounts, prices and arguments stand in 8 bytes


@dataclass(frozen=True)
class Transaction(Message):
    """Wire: chain 4, sender, nonce 8, price 8, limit 8, to, value 8, function, arguments 8, blob, signature.

    Numbers are little-endian; texts, lists and bytes stand behind their length in 2 bytes.
    """

    command: ClassVar[str] = "tx"
    lecture_class: ClassVar[str] = "data"
    chain: int  # 4 bytes: a transaction of one chain is none of another (EIP-155)
    sender: str
    nonce: int  # 8 bytes: how many transactions of the sender ran before
    gas_price: int  # 8 bytes: gwei per unit of gas
    gas_limit: int  # 8 bytes: units
    to: str  # an account, or a contract
    value: int  # 8 bytes: gwei
    function: str = ""
    arguments: tuple[int, ...] = ()  # 8 bytes each
    blob: bytes = b""  # what numbers cannot say
    signature: bytes = b""

    @once
    def data(self) -> bytes:
        """What the contract is told: function, arguments, blob; nothing for a payment."""
        if not (self.function or self.arguments or self.blob):
            return b""
        numbers = (write_unsigned("argument", number, UNSIGNED_64) for number in self.arguments)
        told = write_text("function", self.function) + write_list("arguments", numbers)
        return told + write_bytes("blob", self.blob)

    @once
    def signed_bytes(self) -> bytes:
        """All but the signature."""
        head = write_unsigned("chain", self.chain, UNSIGNED_32) + write_text("sender", self.sender)
        for name in ("nonce", "gas_price", "gas_limit"):
            head += write_unsigned(name, getattr(self, name), UNSIGNED_64)
        head += write_text("to", self.to) + write_unsigned("value", self.value, UNSIGNED_64)
        numbers = (write_unsigned("argument", number, UNSIGNED_64) for number in self.arguments)
        head += write_text("function", self.function) + write_list("arguments", numbers)
        return head + write_bytes("blob", self.blob)

    def encode(self) -> bytes:
        """What is signed, and the signature."""
        return self.signed_bytes + write_bytes("signature", self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError. What the fields mean is not asked here."""
        chain, sender = reader.unsigned("chain", UNSIGNED_32), read_text(reader, "sender")
        nonce, price = reader.unsigned("nonce", UNSIGNED_64), reader.unsigned("gas_price", UNSIGNED_64)
        limit, to = reader.unsigned("gas_limit", UNSIGNED_64), read_text(reader, "to")
        value, function = reader.unsigned("value", UNSIGNED_64), read_text(reader, "function")
        arguments = read_list(reader, "arguments", read_argument, most=MOST_ARGUMENTS)
        blob, signature = read_bytes(reader, "blob"), read_bytes(reader, "signature")
        return cls(chain, sender, nonce, price, limit, to, value, function, arguments, blob, signature)

    def sign(self) -> Self:
        """The same transaction with its sender's signature."""
        return replace(self, signature=sign(self.sender, b"transaction" + self.signed_bytes))

    @once
    def is_signed(self) -> bool:
        """Is it the sender's own signature?"""
        return is_signed_by(self.sender, b"transaction" + self.signed_bytes, self.signature)

    @once
    def name(self) -> bytes:
        """32 bytes: the SHA-256 of the whole transaction."""
        return sha256(self.encoding).digest()

    def txid(self) -> bytes:
        """The name, called as views call it."""
        return self.name

    @property
    def cost(self) -> int:
        """Gwei that the sender must have: the value, and all the gas that it may use."""
        return self.value + self.gas_limit * self.gas_price

    @once
    def intrinsic_gas(self) -> int:
        """Units that are used before anything runs (Yellow Paper §6.2, g_0): 21,000, and the data's bytes."""
        zeros = self.data.count(0)
        return TRANSACTION_GAS + ZERO_BYTE_GAS * zeros + BYTE_GAS * (len(self.data) - zeros)


def read_argument(reader: Reader, name: str) -> int:
    """One number of a call. DecodeError."""
    return reader.unsigned(name, UNSIGNED_64)
