"""Helpers that several test rooms share: toy nodes, random worlds, server processes."""
