"""Addresses: published vectors, btclib on any script, and errors that say what is wrong."""

import pytest
from btclib.script import script_pub_key as theirs
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.bitcoin.addresses import PREFIXES, decode_address, encode_address
from blockchain_lab.bitcoin.base58 import (
    decode_base58,
    decode_base58_check,
    encode_base58,
    encode_base58_check,
)
from blockchain_lab.bitcoin.bech32 import (
    ALPHABET,
    BECH32,
    BECH32M,
    decode_bech32,
    encode_bech32,
    encode_witness_address,
    from_five_bits,
    to_five_bits,
)
from blockchain_lab.bitcoin.params import SATOSHI_KEY
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import (
    pay_to_public_key,
    pay_to_public_key_hash,
    pay_to_script_hash,
    pay_to_witness,
)

THEIR_NAMES = {name: name.replace("testnet3", "testnet") for name in PREFIXES}

# Bitcoin Core, test/data/base58_encode_decode.json
BASE58 = {
    "": "",
    "61": "2g",
    "626262": "a3gV",
    "73696d706c792061206c6f6e6720737472696e67": "2cFupjhnEsSn59qHXstmK2ffpLv2",
    "00eb15231dfceb60925886b67d065299925915aeb172c06647": "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L",
    "516b6fcd0f": "ABnLTmg",
    "bf4f89001e670274dd": "3SEo3LWLoPntC",
    "572e4794": "3EFU7m",
    "ecac89cad93923c02321": "EJDM8drfXA6uyA",
    "00000000000000000000": "1111111111",
}

VALID_BECH32 = [  # BIP 173
    "A12UEL5L",
    "a12uel5l",
    "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "1" + "1" + "q" * 82 + "c8247j",
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    "?1ezyfcl",
]
VALID_BECH32M = [  # BIP 350
    "A1LQFN3A",
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "1" + "1" + "l" * 82 + "ludsr8",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
]
INVALID_BECH32 = {  # both standards, by reason
    "printable": [" 1nwldj5", "\x7f1axkwrx", "\x801eym55h", " 1xj0phk", "\x7f1g6xzxy", "\x801vctc34"],
    "at most 90": [
        "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx",
        "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",
    ],
    "no prefix": [
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "10a06t8",
        "1qzzfhee",
        "qyrz8wqd2c9m",
        "16plkw9",
        "1p2gdwpf",
    ],
    "no letter of bech32": ["x1b4n0q5v", "y1b0jsk6g", "lt1igcx5c0", "mm1crxm3i", "au1s5cgom"],
    "checksum alone has 6": ["li1dgmt3", "in1muywd"],
    "checksum is wrong": ["A1G7SGD8", "M1VUXWEZ", "a12uel5m"],
    "mixed": ["A12uel5l"],
}
WITNESS_ADDRESSES = {  # BIP 350
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7": (
        "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262"
    ),
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y": (
        "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6"
    ),
    "BC1SW50QGDZ25J": "6002751e",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs": "5210751e76e8199196d454941c45d1b3a323",
    "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy": (
        "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
    ),
    "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c": (
        "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
    ),
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": (
        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    ),
}
INVALID_ADDRESSES = {  # BIP 350, and what ours says
    "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut": "no letter of base 58",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd": "version 1 is written in bech32m",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf": "version 2 is written in bech32m",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL": "version 16 is written in bech32m",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh": "version 0 is written in bech32, found bech32m",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4": "'o' at 59 is no letter",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R": "wanted 0..16, found 17",
    "bc1pw5dgrnzv": "version 1: 1 bytes",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav": "41 bytes",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P": "version 0: 16 bytes",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq": "mixed",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf": "bits are left over",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j": "bits are left over",
    "bc1gmk9yu": "found nothing",
}

hashes = st.binary(min_size=20, max_size=20)
scripts = st.one_of(
    hashes.map(pay_to_public_key_hash),
    hashes.map(pay_to_script_hash),
    st.sampled_from([20, 32])
    .flatmap(lambda n: st.binary(min_size=n, max_size=n))
    .map(lambda program: pay_to_witness(0, program)),
    st.builds(pay_to_witness, st.integers(1, 16), st.binary(min_size=2, max_size=40)),
)


def network_of(address: str) -> str:
    """By the first letters."""
    return "mainnet" if address.lower().startswith("bc") else "signet"


@pytest.mark.parametrize(("raw", "text"), BASE58.items())
def test_published_base58(raw: str, text: str) -> None:
    """Core's own vectors, there and back."""
    assert text == encode_base58(bytes.fromhex(raw))
    assert raw == decode_base58(text).hex()


@given(data=st.binary(max_size=40))
def test_base58_with_and_without_checksum(data: bytes) -> None:
    """Nothing is lost, zeros in front least of all."""
    assert data == decode_base58(encode_base58(data))
    assert data == decode_base58_check(encode_base58_check(data))


@pytest.mark.parametrize("text", ["", "1", "2g", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"])
def test_base58_finds_wrong_checksums(text: str) -> None:
    """Nothing, too little, or the last letter mistyped."""
    with pytest.raises(DecodeError, match="checksum is wrong"):
        decode_base58_check(text)


def test_satoshis_address() -> None:
    """The key of the first block by its hash; the output itself pays the bare key, which has no address."""
    by_hash = pay_to_public_key_hash(hash160(SATOSHI_KEY))

    assert "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa" == encode_address(by_hash, "mainnet")
    assert by_hash == decode_address("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "mainnet")
    with pytest.raises(UsageError, match=r"no address for 0467.* OP_CHECKSIG: pubkey"):
        encode_address(pay_to_public_key(SATOSHI_KEY), "mainnet")


@pytest.mark.parametrize("text", VALID_BECH32 + VALID_BECH32M)
def test_published_bech32(text: str) -> None:
    """Valid in the standard that it was written in, and in no other; written again, the same."""
    prefix, values, constant = decode_bech32(text)

    assert (BECH32 if text in VALID_BECH32 else BECH32M) == constant
    assert text.lower() == encode_bech32(prefix, values, constant)


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason, texts in INVALID_BECH32.items() for text in texts]
)
def test_published_mistakes_in_bech32(reason: str, text: str) -> None:
    """Each is refused, with what is wrong."""
    with pytest.raises(DecodeError, match=reason):
        decode_bech32(text)


@pytest.mark.parametrize(("text", "script"), WITNESS_ADDRESSES.items())
def test_published_witness_addresses(text: str, script: str) -> None:
    """All versions, on two networks."""
    assert script == decode_address(text, network_of(text)).hex()
    assert text.lower() == encode_address(bytes.fromhex(script), network_of(text))


@pytest.mark.parametrize(("text", "reason"), INVALID_ADDRESSES.items())
def test_published_mistakes_in_addresses(text: str, reason: str) -> None:
    """Each is refused, with what is wrong."""
    with pytest.raises(DecodeError, match=reason):
        decode_address(text, network_of(text))


def test_one_to_four_wrong_letters_are_always_found() -> None:
    """Every single one, and four at once in many places: the polynomial was chosen for that."""
    good = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    for at in range(3, len(good)):
        for letter in ALPHABET:
            if letter != good[at]:
                with pytest.raises(DecodeError, match="checksum is wrong"):
                    decode_bech32(good[:at] + letter + good[at + 1 :])
    for at in range(3, len(good) - 3):
        for shift in range(1, 32):
            four = "".join(ALPHABET[(ALPHABET.index(letter) + shift) % 32] for letter in good[at : at + 4])
            with pytest.raises(DecodeError, match="checksum is wrong"):
                decode_bech32(good[:at] + four + good[at + 4 :])


@given(data=st.binary(max_size=40))
def test_groups_of_five_bits(data: bytes) -> None:
    """There and back; 8 bits into 5, filled up at the end."""
    values = to_five_bits(data)

    assert -(-8 * len(data) // 5) == len(values)
    assert data == from_five_bits(values)


@given(script=scripts, network=st.sampled_from(list(PREFIXES)))
def test_btclib_writes_the_same_address(script: bytes, network: str) -> None:
    """For every form that has one, on every network; and back again."""
    address = encode_address(script, network)

    assert theirs.address(script, THEIR_NAMES[network]) == address
    assert script == decode_address(address, network)


def test_an_address_of_another_network_is_refused() -> None:
    """Coins sent there would be lost, so the text must tell, where it can: the test networks share theirs."""
    key_hash = pay_to_public_key_hash(bytes(20))
    witness = pay_to_witness(0, bytes(20))

    with pytest.raises(DecodeError, match="version byte 111 is not of mainnet, wanted 0"):
        decode_address(encode_address(key_hash, "regtest"), "mainnet")
    with pytest.raises(DecodeError, match="bcrt1… is not of signet, wanted tb1…"):
        decode_address(encode_address(witness, "regtest"), "signet")
    assert encode_address(key_hash, "signet") == encode_address(key_hash, "regtest")


def test_what_is_no_address() -> None:
    """Letters that look alike, too many of them, a private key, a network that does not exist."""
    for text, reason in {
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7Div0Na": "'0' at 31 is no letter",
        "1" * 201: "201 letters, at most 200",
        encode_base58_check(b"\x80" + bytes(32)): "33 bytes, wanted a version byte and a hash of 20",
        "": "checksum",
    }.items():
        with pytest.raises(DecodeError, match=reason):
            decode_address(text, "mainnet")
    with pytest.raises(UsageError, match="network 'moon': known are mainnet"):
        decode_address("1", "moon")
    with pytest.raises(UsageError, match=r"wanted 0\.\.16"):
        encode_witness_address("bc", 17, bytes(32))
