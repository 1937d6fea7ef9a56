"""The files of the early systems: what stands for a song, and how a disk keeps it."""

from hashlib import sha256
from typing import Any

from blockchain_lab.base.errors import UsageError


def make_content(file: str, size: int) -> bytes:
    """What stands for a song: bytes that its name decides."""
    blocks = (sha256(f"{file}/{number}".encode()).digest() for number in range(-(-size // 32)))
    return b"".join(blocks)[:size]


def read_disk(disk: dict[str, Any]) -> dict[str, bytes]:
    """The files that a node had before. UsageError for anything else."""
    try:
        return {str(name): bytes.fromhex(content) for name, content in disk.get("files", {}).items()}
    except (AttributeError, TypeError, ValueError):
        raise UsageError(
            f"disk.files: found {disk['files']!r}, accepted: names and hexadecimal digits"
        ) from None
