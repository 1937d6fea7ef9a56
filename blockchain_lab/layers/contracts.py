"""Which contracts a ledger has from its genesis on. Each topic enters its own; they are rules, not state."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.layers.ledger_exchange import EXCHANGE, run_exchange
from blockchain_lab.layers.ledger_machine import Contract

CONTRACTS: Final[Mapping[str, Contract]] = {
    EXCHANGE: run_exchange,
}
