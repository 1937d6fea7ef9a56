"""Records as lines of JSON, in a file that grows while a run goes on. Other programs read it; we do not."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blockchain_lab.base.actions import Command
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import KIND_NAMES, Record
from blockchain_lab.sim.actions import NetworkAction, action_to_json
from blockchain_lab.sim.plain import to_plain


class SpillFile:
    """Appends records to a file, which begins anew with the lab."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Make the file empty. UsageError when that cannot be done."""
        self.path, self.names = path, tuple(names)
        self._write("w", "")

    def __call__(self, records: Sequence[Record]) -> None:
        """Append records. UsageError when the disk is full."""
        lines = [json.dumps(record_to_json(record, self.names)) for record in records]
        self._write("a", "".join(f"{line}\n" for line in lines))

    def _write(self, mode: str, text: str) -> None:
        try:
            with self.path.open(mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise UsageError(f"cannot write records to {self.path}: {error.strerror or error}") from error


def record_to_json(record: Record, names: Sequence[str]) -> dict[str, Any]:
    """One record with names for numbers; what is absent is null."""
    return {
        "id": record.id,
        "event": record.event,
        "at": record.at,
        "kind": KIND_NAMES[record.kind],
        "peer": names[record.peer] if record.peer >= 0 else None,
        "other": names[record.other] if record.other >= 0 else None,
        "conn": record.conn if record.conn >= 0 else None,
        "cause": record.cause if record.cause >= 0 else None,
        "detail": detail_to_json(record.detail),
    }


def detail_to_json(detail: Any) -> Any:
    """A message as command and payload, an action as in a scenario, all else as plain values."""
    if isinstance(detail, Message):
        return {"command": detail.wire_name, "payload": detail.encoding.hex()}
    if isinstance(detail, Command | NetworkAction):
        return action_to_json(detail)
    if isinstance(detail, tuple):
        return [detail_to_json(part) for part in detail]
    return to_plain(detail)
