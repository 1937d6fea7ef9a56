"""Whose signature is it? Ed25519 (RFC 8032) through `cryptography`; a name stands for a key pair.

In the laboratory everybody's key follows from the name, so that a run is the same each time and a story
need not carry keys. Nobody here may sign for another one all the same: a node signs as itself, and thieves
of old keys are given a name's key by their story.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE_SIZE: Final = 64  # bytes, RFC 8032 §5.1.6
SEED_OF_NAMES: Final = b"blockchain lab: the key of "


@lru_cache(maxsize=4_096)
def get_private_key(name: str) -> Ed25519PrivateKey:
    """The secret key that belongs to a name."""
    return Ed25519PrivateKey.from_private_bytes(sha256(SEED_OF_NAMES + name.encode()).digest())


@lru_cache(maxsize=4_096)
def get_public_key(name: str) -> Ed25519PublicKey:
    """What everybody knows of it."""
    return get_private_key(name).public_key()


@lru_cache(maxsize=1 << 16)  # the same vote is signed once and made again by every replay
def sign(name: str, message: bytes) -> bytes:
    """64 bytes. The same for the same arguments: Ed25519 needs no luck. About 50 microseconds, once."""
    return get_private_key(name).sign(message)


@lru_cache(maxsize=1 << 16)  # every peer checks what every other one has checked
def is_signed_by(name: str, message: bytes, signature: bytes) -> bool:
    """Does this signature belong to the name and the message? About 150 microseconds, once."""
    try:
        get_public_key(name).verify(signature, message)
    except InvalidSignature:
        return False
    return True
