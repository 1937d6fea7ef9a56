"""Addresses: how people write the script of an output, for one network.

    1…, m…, n…     P2PKH     Base58Check of a version byte and 20 bytes
    3…, 2…         P2SH      likewise
    bc1…           witness programs, Bech32 of version and program

Only some scripts have an address: a bare public key has none, though Bitcoin's first releases showed one.
Source: Bitcoin Core `key_io.cpp`, `kernel/chainparams.cpp` (base58Prefixes, bech32_hrp).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.bitcoin.base58 import decode_base58_check, encode_base58_check
from blockchain_lab.bitcoin.bech32 import SEPARATOR, decode_witness_address, encode_witness_address
from blockchain_lab.bitcoin.script import (
    Form,
    classify,
    disassemble,
    get_witness_program,
    pay_to_public_key_hash,
    pay_to_script_hash,
    pay_to_witness,
)


class Prefixes(NamedTuple):
    """What a network's addresses begin with."""

    public_key_hash: int  # version byte of P2PKH
    script_hash: int  # version byte of P2SH
    witness: str  # the human-readable part


TEST_PREFIXES: Final = Prefixes(111, 196, "tb")  # one for all public test networks: an address does not tell
PREFIXES: Final[Mapping[str, Prefixes]] = {
    "mainnet": Prefixes(0, 5, "bc"),
    "testnet3": TEST_PREFIXES,
    "testnet4": TEST_PREFIXES,
    "signet": TEST_PREFIXES,
    "regtest": TEST_PREFIXES._replace(witness="bcrt"),
}


def encode_address(script: bytes, network: str) -> str:
    """The address of an output's script. UsageError for a form that has none, or an unknown network."""
    prefixes = get_prefixes(network)
    form, parts, _ = classify(script)
    if form is Form.PUBLIC_KEY_HASH:
        return encode_base58_check(bytes([prefixes.public_key_hash]) + parts[0])
    if form is Form.SCRIPT_HASH:
        return encode_base58_check(bytes([prefixes.script_hash]) + parts[0])
    program = get_witness_program(script)
    if program is None or form is Form.OTHER:
        raise UsageError(f"no address for {disassemble(script)}: {form.value}")
    return encode_witness_address(prefixes.witness, *program)


def decode_address(text: str, network: str) -> bytes:
    """The script that an address of this network stands for. DecodeError, with what is wrong; UsageError.

    Witness versions without rules are decoded too: who pays there trusts the receiver to know (BIP 350).
    """
    prefixes = get_prefixes(network)
    before, separator, _ = text.lower().rpartition(SEPARATOR)
    if separator and before in {known.witness for known in PREFIXES.values()}:
        prefix, version, program = decode_witness_address(text)
        if prefix != prefixes.witness:
            raise DecodeError(f"address: {prefix}1… is not of {network}, wanted {prefixes.witness}1…")
        return pay_to_witness(version, program)
    payload = decode_base58_check(text)
    if len(payload) != 21:
        raise DecodeError(f"address: {len(payload)} bytes, wanted a version byte and a hash of 20")
    if payload[0] == prefixes.public_key_hash:
        return pay_to_public_key_hash(payload[1:])
    if payload[0] == prefixes.script_hash:
        return pay_to_script_hash(payload[1:])
    raise DecodeError(
        f"address: version byte {payload[0]} is not of {network}, wanted "
        f"{prefixes.public_key_hash} (P2PKH) or {prefixes.script_hash} (P2SH)"
    )


def get_prefixes(network: str) -> Prefixes:
    """By the network's name. UsageError."""
    if network not in PREFIXES:
        raise UsageError(f"network {network!r}: known are {', '.join(PREFIXES)}")
    return PREFIXES[network]
