"""Keys and signatures: published vectors, one way to write a signature, and an independent library."""

from copy import deepcopy
from hashlib import sha256

import pytest
from btclib.hashes import ripemd160 as their_ripemd160
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin import keys as keys_module
from blockchain_lab.bitcoin.keys import (
    CURVE,
    HALF_ORDER,
    ORDER,
    PrivateKey,
    compute_nonce,
    decode_der,
    encode_der,
    is_low_s,
    is_signature_valid,
    is_strict_der,
)
from blockchain_lab.bitcoin.ripemd160 import compute_ripemd160, ripemd160
from blockchain_lab.sim.digest import canonical

# Private key, message, nonce, r, s: vectors that many wallets share (RFC 6979 with SHA-256 on secp256k1).
VECTORS = [
    (
        1,
        b"Satoshi Nakamoto",
        0x8F8A276C19F4149656B280621E358CCE24F5F52542772691EE69063B74F15D15,
        0x934B1EA10A4B3C1757E2B0C017D0B6143CE3C9A7E6A4A49860D7A6AB210EE3D8,
        0x2442CE9D2B916064108014783E923EC36B49743E2FFA1C4496F01A512AAFD9E5,
    ),
    (
        1,
        b"All those moments will be lost in time, like tears in rain. Time to die...",
        0x38AA22D72376B4DBC472E06C3BA403EE0A394DA63FC58D88686C611ABA98D6B3,
        0x8600DBD41E348FE5C9465AB92D23E3DB8B98B873BEECD930736488696438CB6B,
        0x547FE64427496DB33BF66019DACBF0039C04199ABB0122918601DB38A72CFC21,
    ),
    (
        ORDER - 1,
        b"Satoshi Nakamoto",
        0x33A19B60E25FB6F4435AF53A3D42D493644827367E6453928554F43E49AA6F90,
        0xFD567D121DB66E382991534ADA77A6BD3106F0A1098C231E47993447CD6AF2D0,
        0x6B39CD0EB1BC8603E159EF5C20A5C8AD685A45B06CE9BEBED3F153D10D93BED5,
    ),
    (
        0xF8B8AF8CE3C7CCA5E300D33939540C10D45CE001B8F252BFBC57BA0342904181,
        b"Alan Turing",
        0x525A82B70E67874398067543FD84C83D30C175FDC45FDEEE082FE13B1D7CFDF1,
        0x7063AE83E7F62BBB171798131B4A0564B956930092B33B07B395615D9EC7E15C,
        0x58DFCC1E00A35E1572F366FFE34BA0FC47DB1E7189759B9FB233C5B05AB388EA,
    ),
]
KEY = PrivateKey(0xC0FFEE)
DIGEST = sha256(b"a digest").digest()
secrets = st.integers(1, ORDER - 1)
digests = st.binary(min_size=32, max_size=32)


def sign_elsewhere(secret: int, digest: bytes) -> tuple[int, int]:
    """The signature of OpenSSL, made with a nonce by the same standard."""
    algorithm = ec.ECDSA(Prehashed(SHA256()), deterministic_signing=True)
    return decode_dss_signature(ec.derive_private_key(secret, CURVE).sign(digest, algorithm))


@pytest.mark.parametrize(("secret", "text", "nonce", "r", "s"), VECTORS)
def test_published_signatures(secret: int, text: bytes, nonce: int, r: int, s: int) -> None:
    """Key and digest decide the nonce, and so the signature, the same in every wallet."""
    digest = sha256(text).digest()

    assert nonce == compute_nonce(secret, digest)
    assert encode_der(r, s) == PrivateKey(secret).sign(digest)


@given(secret=secrets, digest=digests)
def test_openssl_signs_the_same(secret: int, digest: bytes) -> None:
    """The same r; the same s, or its twin n - s. Ours is always the lower one."""
    r, s = sign_elsewhere(secret, digest)
    key = PrivateKey(secret)
    signature = key.sign(digest)

    assert (r, min(s, ORDER - s)) == decode_der(signature)
    assert is_low_s(signature)
    assert is_signature_valid(key.public_key, signature, digest)
    assert is_signature_valid(key.uncompressed_public_key, signature, digest)


def test_public_keys_of_small_numbers() -> None:
    """The key 1 has the curve's base point itself as public key (SEC 2); 0 and the order have none."""
    base = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"

    assert "02" + base == PrivateKey(1).public_key.hex()
    assert "03" + base == PrivateKey(ORDER - 1).public_key.hex()
    assert "751e76e8199196d454941c45d1b3a323f1433bd6" == PrivateKey(1).key_hash.hex()  # as in BIP 173
    for secret in (0, ORDER):
        with pytest.raises(UsageError, match="private key"):
            PrivateKey(secret)
    with pytest.raises(UsageError, match="wanted 32 bytes, found 31"):
        PrivateKey.from_bytes(bytes(31))
    assert PrivateKey(258) == PrivateKey.from_bytes(bytes(30) + b"\x01\x02")


def test_keyed_randomness_gives_the_same_keys_again() -> None:
    """Two sources with the same state make the same keys; the next draw makes another one."""
    random = CounterRandom(5)
    first, second = PrivateKey.from_random(random), PrivateKey.from_random(random)

    assert first == PrivateKey.from_random(CounterRandom(5))
    assert first != second


def test_a_high_s_is_valid_but_not_low() -> None:
    """Its twin n - s fits, too: anybody could change a signature in flight, so it is not relayed."""
    r, s = decode_der(KEY.sign(DIGEST)) or (0, 0)
    high = encode_der(r, ORDER - s)

    assert s <= HALF_ORDER
    assert not is_low_s(high)
    assert is_strict_der(high)
    assert is_signature_valid(KEY.public_key, high, DIGEST)


def test_numbers_out_of_range_are_no_signature() -> None:
    """Well written, but r or s is 0 or not below the order."""
    r, s = decode_der(KEY.sign(DIGEST)) or (0, 0)

    for wrong in (encode_der(0, s), encode_der(r, 0), encode_der(r + ORDER, s), encode_der(r, s + ORDER)):
        assert is_strict_der(wrong)
        assert not is_signature_valid(KEY.public_key, wrong, DIGEST)


def test_der_is_strict() -> None:
    """BIP 66: each of these says the same two numbers to a tolerant reader, and none of them counts."""
    good = encode_der(0x80, 1)  # 30 07 02 02 0080 02 01 01

    assert "3007020200800201" + "01" == good.hex()
    assert (0x80, 1) == decode_der(good)
    wrong = {
        "not a pair": "31" + good.hex()[2:],
        "too long": "3008020200800201" + "0100",
        "length does not fit": "3006020200800201" + "01",
        "not a number": "3007030200800201" + "01",
        "second is not a number": "3007020200800301" + "01",
        "negative": "300602018002010" + "1",
        "zero in front without need": "3007020200010201" + "01",
        "second with a zero in front": "300702010102020001",
        "empty number": "30050200020101" + "00",
        "empty second number": "30060202008002" + "00",
        "length in two bytes": "30810702020080020101",
        "nothing": "",
    }
    assert {} == {why: raw for why, raw in wrong.items() if is_strict_der(bytes.fromhex(raw))}
    assert is_strict_der(encode_der(1 << 270, 1 << 247))  # too big for the curve, but well written: 72 bytes
    assert not is_strict_der(encode_der(1 << 270, 1 << 255))  # 73 bytes


@given(raw=st.binary(max_size=75))
def test_any_bytes_can_be_asked(raw: bytes) -> None:
    """Never an exception, and what decodes is written back the same."""
    numbers = decode_der(raw)

    assert numbers is None or raw == encode_der(*numbers)


def test_keys_that_are_no_point() -> None:
    """Wrong size, wrong first byte, no such x, x too big, wrong y: nobody has signed for them."""
    signature, key, long_key = KEY.sign(DIGEST), KEY.public_key, KEY.uncompressed_public_key
    too_big = (2**256 - 2**32 - 977 + 1).to_bytes(32, "big")  # 1, if reduced: a point there would be
    hybrid = bytes([6 + (long_key[-1] & 1)]) + long_key[1:]

    for wrong in (
        b"",
        key[:-1],
        key + b"\x00",
        b"\x05" + key[1:],
        b"\x02" + bytes(31) + b"\x05",
        b"\x02" + too_big,
        long_key[:-1] + bytes([long_key[-1] ^ 1]),
        bytes([hybrid[0] ^ 1]) + hybrid[1:],
    ):
        assert not is_signature_valid(wrong, signature, DIGEST)
    assert is_signature_valid(hybrid, signature, DIGEST)  # OpenSSL's third way of writing, as in Core


def test_a_store_answers_the_second_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """The curve is asked once per signature for all peers; a wrong one is another question."""
    store, asked, ask = ContentStore(), [], keys_module._is_signature_valid
    monkeypatch.setattr(
        keys_module, "_is_signature_valid", lambda *question: asked.append(question) or ask(*question)
    )
    signature = KEY.sign(DIGEST)

    answers = [is_signature_valid(KEY.public_key, signature, DIGEST, store) for _ in range(3)]
    other = sha256(DIGEST).digest()
    wrong = [
        is_signature_valid(KEY.public_key, signature, other, store),
        is_signature_valid(KEY.public_key, KEY.sign(other), DIGEST, store),
        is_signature_valid(PrivateKey(1).public_key, signature, DIGEST, store),
    ]

    assert [True] * 3 == answers
    assert [False] * 3 == wrong
    assert 4 == len(asked)
    with pytest.raises(UsageError, match="digest"):
        is_signature_valid(KEY.public_key, signature, b"short", store)


def test_a_key_is_plain_state() -> None:
    """It is copied and counted with a node's state, and not shown by accident."""
    assert KEY == deepcopy(KEY)
    assert canonical(KEY) == canonical(PrivateKey(0xC0FFEE)) != canonical(PrivateKey(1))
    assert str(0xC0FFEE) not in repr(KEY)


@given(data=st.binary(max_size=200))
def test_ripemd160_without_help(data: bytes) -> None:
    """Ours, btclib's and OpenSSL's agree."""
    assert their_ripemd160(data) == compute_ripemd160(data) == ripemd160(data)


def test_ripemd160_where_openssl_does_not_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some systems have switched it off; the first two published vectors hold there, too."""

    def refuse(name: str, *rest: object, **options: object) -> object:
        raise ValueError("unsupported hash type")

    monkeypatch.setattr("hashlib.new", refuse)

    assert "9c1185a5c5e9fc54612808977ee8f548b2258d31" == ripemd160(b"").hex()
    assert "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc" == ripemd160(b"abc").hex()
