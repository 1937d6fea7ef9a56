"""Blockchain Lab: peers, real Bitcoin messages and time travel, for learning how blockchains work."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blockchain_lab.lab import Lab

__version__ = "0.1.0"
__all__ = ["Lab", "__version__"]


def __getattr__(name: str) -> Any:
    """`Lab` is loaded when first asked for, so that reading one codec loads no simulator."""
    if name == "Lab":
        from blockchain_lab.lab import Lab  # noqa: PLC0415

        return Lab
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
