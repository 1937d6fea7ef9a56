"""Blockchain Lab: peers, real Bitcoin messages and time travel, for learning how blockchains work."""

__version__ = "0.1.0"
