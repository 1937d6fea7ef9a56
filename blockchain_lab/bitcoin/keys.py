"""Private and public keys on the curve secp256k1, and ECDSA signatures of 32-byte digests.

    private key d: a whole number          public key: the point d*G          nonce k: secret, used once
    signature: r = x(k*G) mod n            s = (digest + r*d) / k mod n       written as DER, 70 to 72 bytes

`cryptography` (OpenSSL) multiplies points; everything else is here to be read. The nonce is derived from
key and digest (RFC 6979): the same signature every time, and no bad random number can give the key away.
Of the two valid `s` the lower one is taken (BIP 146).

Not for real money: Python's whole numbers take longer for some keys than for others, which can be measured.
Cost, measured on 21 November 2026 on a busy machine (cryptography 50, OpenSSL 4.0): 800 signatures and 1,700
checks a second; OpenSSL, asked to sign by the same standard, makes 2,300. A check that the store knows: 3 us.

No scripts and no transactions here. Sources: SEC 1 and 2, RFC 6979, BIP 66; Core `pubkey.cpp`.
"""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import is_public_key_size

CURVE: Final = ec.SECP256K1()
ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141  # n (SEC 2, 2.4.1)
HALF_ORDER: Final = ORDER // 2  # the highest `s` that counts as low
KEY_SIZE: Final = 32  # bytes of a private key and of a digest
DER_SIZES: Final = range(8, 73)  # bytes, without the hash type that follows in a script
HYBRID_EVEN: Final = 6  # first byte of a key written with both coordinates and y's parity; 7 when y is odd


@dataclass(frozen=True)
class PrivateKey:
    """A secret number. Its public keys are computed once; the object has a plain state, and may be copied."""

    secret: int = field(repr=False)  # 1 .. n - 1

    def __post_init__(self) -> None:
        """UsageError unless there is a point for it."""
        if not 1 <= self.secret < ORDER:
            raise UsageError("private key: wanted a number from 1 to the curve's order - 1")

    @classmethod
    def from_bytes(cls, secret: bytes) -> Self:
        """From 32 bytes, big-endian. UsageError."""
        if len(secret) != KEY_SIZE:
            raise UsageError(f"private key: wanted {KEY_SIZE} bytes, found {len(secret)}")
        return cls(int.from_bytes(secret, "big"))

    @classmethod
    def from_random(cls, random: CounterRandom) -> Self:
        """The next key of a keyed source: 64 bits of entropy, enough to play, too few for real money."""
        seed = b"".join(random.bits().to_bytes(8, "big") for _ in range(4))
        return cls(int.from_bytes(sha256(b"private key" + seed).digest(), "big") % (ORDER - 1) + 1)

    @cached_property
    def uncompressed_public_key(self) -> bytes:
        """65 bytes: 04, x, y. The only way before 2012 (Core 0.6)."""
        point = ec.derive_private_key(self.secret, CURVE).public_key()
        return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @cached_property
    def public_key(self) -> bytes:
        """33 bytes: 02 for an even y or 03 for an odd one, then x; the curve gives y."""
        point = self.uncompressed_public_key
        return bytes([0x02 + point[-1] % 2]) + point[1:33]

    @cached_property
    def key_hash(self) -> bytes:
        """What addresses name: `hash160` of the compressed public key, 20 bytes."""
        return hash160(self.public_key)

    def sign(self, digest: bytes) -> bytes:
        """A DER signature with low `s`, 70 to 71 bytes, seldom fewer; no hash type behind it. UsageError."""
        number = int.from_bytes(check_digest(digest), "big")
        attempt = 0
        while True:
            nonce = compute_nonce(self.secret, digest, attempt)
            r = ec.derive_private_key(nonce, CURVE).public_key().public_numbers().x % ORDER
            s = pow(nonce, -1, ORDER) * (number + r * self.secret) % ORDER
            if r and s:
                return encode_der(r, min(s, ORDER - s))
            attempt += 1  # has never happened to anybody


def compute_nonce(secret: int, digest: bytes, attempt: int = 0) -> int:
    """The secret number `k` for one signature (RFC 6979, 3.2, with SHA-256); `attempt`: skip as many."""
    reduced = int.from_bytes(digest, "big") % ORDER
    known = secret.to_bytes(KEY_SIZE, "big") + reduced.to_bytes(KEY_SIZE, "big")
    value, key = b"\x01" * 32, bytes(32)
    for mark in (b"\x00", b"\x01"):
        key = hmac_digest(key, value + mark + known, "sha256")
        value = hmac_digest(key, value, "sha256")
    while True:
        value = hmac_digest(key, value, "sha256")
        nonce = int.from_bytes(value, "big")
        if 1 <= nonce < ORDER:
            if attempt == 0:
                return nonce
            attempt -= 1
        key = hmac_digest(key, value + b"\x00", "sha256")
        value = hmac_digest(key, value, "sha256")


def check_digest(digest: bytes) -> bytes:
    """The digest itself. UsageError unless it has 32 bytes."""
    if len(digest) != KEY_SIZE:
        raise UsageError(f"digest: wanted {KEY_SIZE} bytes, found {len(digest)}")
    return digest


# --- DER: 30 length 02 length r 02 length s --------------------------------------------------------------


def encode_der(r: int, s: int) -> bytes:
    """Two whole numbers as one signature: each big-endian, with a zero in front if its top bit were set."""
    numbers = b"".join(_encode_number(number) for number in (r, s))
    return bytes([0x30, len(numbers)]) + numbers


def _encode_number(number: int) -> bytes:
    raw = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return bytes([0x02, len(raw)]) + raw


def decode_der(signature: bytes) -> tuple[int, int] | None:
    """R and s of a strict DER signature (BIP 66), or None: one way to write two numbers, and no other."""
    if len(signature) not in DER_SIZES or signature[:2] != bytes([0x30, len(signature) - 2]):
        return None
    r_end = 4 + signature[3]
    if r_end + 2 > len(signature) or r_end + 2 + signature[r_end + 1] != len(signature):
        return None
    r, s = signature[2:r_end], signature[r_end:]
    if not (_is_strict_number(r) and _is_strict_number(s)):
        return None
    return int.from_bytes(r[2:], "big"), int.from_bytes(s[2:], "big")


def _is_strict_number(field: bytes) -> bool:
    """Marked as a number, not empty, not negative, no zero in front without need."""
    raw = field[2:]
    if field[0] != 0x02 or not raw or raw[0] & 0x80:
        return False
    return len(raw) == 1 or raw[0] != 0 or bool(raw[1] & 0x80)


def is_strict_der(signature: bytes) -> bool:
    """Is it a strict DER signature? `signature`: without the hash type."""
    return decode_der(signature) is not None


def is_low_s(signature: bytes) -> bool:
    """Is it strict DER with the lower of the two valid `s`? A rule of relaying, not of blocks (BIP 146)."""
    numbers = decode_der(signature)
    return numbers is not None and numbers[1] <= HALF_ORDER


# --- Checking -------------------------------------------------------------------------------------------


def parse_public_key(key: bytes) -> ec.EllipticCurvePublicKey | None:
    """The point that 33 or 65 bytes stand for, or None when there is none. Hybrid keys as in Core."""
    if not is_public_key_size(key):
        return None
    if key[0] in (HYBRID_EVEN, HYBRID_EVEN + 1):
        if key[0] & 1 != key[-1] & 1:
            return None
        key = b"\x04" + key[1:]
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
    except ValueError:
        return None


def is_signature_valid(
    key: bytes, signature: bytes, digest: bytes, store: ContentStore | None = None
) -> bool:
    """Has the owner of this public key signed the digest? `signature`: strict DER, without the hash type.

    Either `s` counts. False for a key that is no point, and for bytes that are no signature. With `store`
    each question is answered once for all peers. UsageError for a digest that has not 32 bytes.
    """
    check_digest(digest)
    if store is None:
        return _is_signature_valid(key, signature, digest)
    name = sha256(digest + bytes([len(key)]) + key + signature).digest()
    return store.once("ecdsa", name, lambda: _is_signature_valid(key, signature, digest))


def _is_signature_valid(key: bytes, signature: bytes, digest: bytes) -> bool:
    point = parse_public_key(key) if is_strict_der(signature) else None  # OpenSSL is as strict since 2015
    if point is None:
        return False
    try:
        point.verify(signature, digest, ec.ECDSA(Prehashed(SHA256())))
    except InvalidSignature:
        return False
    return True
