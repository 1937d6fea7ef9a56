"""Bitcoin's envelope: which network's first word it bears, and which commands it may hold.

How it is written and read stands in `base.envelope`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from blockchain_lab.base.envelope import Envelope
from blockchain_lab.base.messages import Message
from blockchain_lab.bitcoin.conversations import describe_commands
from blockchain_lab.bitcoin.messages import decode

# The first four bytes of every message, chosen to be rare in other traffic. Source: Core `chainparams.cpp`.
MAGIC: Final[Mapping[str, bytes]] = {
    "mainnet": bytes.fromhex("f9beb4d9"),
    "testnet3": bytes.fromhex("0b110907"),
    "testnet4": bytes.fromhex("1c163f28"),
    "signet": bytes.fromhex("0a03cf40"),  # begins the double hash of the signet's block challenge (BIP 325)
    "regtest": bytes.fromhex("fabfb5da"),
}


@dataclass(frozen=True)
class BitcoinCodec(Envelope):
    """`frame` and `split` for one network: a `base.messages.Codec`. `magic`: see MAGIC."""

    decode: ClassVar[Callable[[str, bytes], Message]] = decode

    def describe_commands(self) -> list[dict[str, Any]]:
        """All commands that can be framed, and which answers which, for whoever draws a map of them."""
        return describe_commands()
