"""What the page takes for granted of notes on proposers, checkpoints and validators; `facts` reads them.

Hashes are texts as they are shown, validators go by name, amounts are whole units.
"""

from collections.abc import Mapping
from typing import Any, Final

VOTE_FIELDS: Final[Mapping[str, Any]] = {
    "validator": str,
    "source": str,
    "target": str,
    "source_epoch": int,
    "target_epoch": int,
}
FINALITY_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "block proposed": {"proposer": str, "hash": str, "height": int},
    "lottery": {"shares": dict, "by": str},
    "finality loaded": {
        "block": str,
        "epoch": int,
        "deposits": dict,
        "forward": list | tuple,
        "rear": list | tuple,
    },
    "checkpoint reached": {"block": str, "epoch": int},
    "checkpoint justified": {
        "block": str,
        "epoch": int,
        "source": str,
        "source_epoch": int,
        "votes": int,
        "total": int,
        "by": str,
    },
    "checkpoint finalised": {"block": str, "epoch": int, "by": str},
    "dynasty began": {"dynasty": int, "by": str, "forward": list | tuple, "rear": list | tuple},
    "vote sent": VOTE_FIELDS,
    "vote heard": VOTE_FIELDS,
    "vote counted": {"validator": str, "target": str, "target_epoch": int, "weight": int, "by": str},
    "evidence found": {"validator": str},
    "anchor told": {"block": str},
    "operation refused": {"kind": str, "rule": str},
    "deposit made": {"validator": str, "amount": int, "starts": int, "by": str},
    "exit asked": {"validator": str, "ends": int, "by": str},
    "withdrawn": {"validator": str, "amount": int, "by": str},
    "slashed": {"validator": str, "reason": str, "amount": int, "finder": str, "bounty": int, "by": str},
    "deposits changed": {"epoch": int, "leak": bool, "deposits": dict, "by": str},
    "anchor moved": {"block": str, "epoch": int},
    "finality conflict": {"block": str, "epoch": int, "anchor": str, "anchor_epoch": int},
}
