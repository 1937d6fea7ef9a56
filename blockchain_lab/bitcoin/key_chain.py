"""The keys of one peer, made from one seed: two rows of them, and the scripts that pay them.

The seed and two counters are all that must survive a restart. A row of its own for change tells, later, which
output of a payment came back. Fresh keys for every payment hide who is paid; that is a custom, not a rule.
No coins here. Sources: BIP 44 for the two rows (our derivation is simpler), BIP 141 for P2WPKH behind P2SH.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.keys import PrivateKey
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import (
    Form,
    pay_to_public_key,
    pay_to_public_key_hash,
    pay_to_script_hash,
    pay_to_witness,
)
from blockchain_lab.bitcoin.signing import KeyRing

RECEIVE: Final = "receive"  # keys that others are told
CHANGE: Final = "change"
FORMS: Final = (  # in which our keys are paid
    *(Form.PUBLIC_KEY, Form.PUBLIC_KEY_HASH),
    *(Form.WITNESS_KEY_HASH, Form.SCRIPT_HASH),
)


class KeyChain:
    """Keys that can be made again at any time."""

    __slots__ = ("given", "ring", "seed", "uses")

    def __init__(self, seed: int, given: Mapping[str, int] | None = None) -> None:
        """`seed`: 64 bits. `given`: how many keys of each row were given out before a restart. UsageError."""
        self.seed = seed
        self.given = {RECEIVE: 0, CHANGE: 0}
        self.ring = KeyRing()
        self.uses: dict[bytes, str] = {}  # script that pays us -> the row of its key
        for row, count in (given or {}).items():
            for _ in range(count):
                self.new_key(row)

    def new_key(self, row: str = RECEIVE) -> PrivateKey:
        """The next key of a row; from now on it is known with all scripts that pay it. 1 ms. UsageError."""
        if row not in self.given:
            raise UsageError(f"row {row!r}: known are {', '.join(self.given)}")
        key = derive_key(self.seed, row, self.given[row])
        self.given[row] += 1
        self.ring.add_key(key)
        self.ring.add_script(pay_to_witness(0, key.key_hash))
        self.uses |= dict.fromkeys(get_scripts(key).values(), row)
        return key

    def new_script(self, form: Form = Form.WITNESS_KEY_HASH, row: str = RECEIVE) -> bytes:
        """A script that pays a fresh key: P2PK, P2PKH, P2WPKH, or P2WPKH behind P2SH (SCRIPT_HASH).

        UsageError for another form.
        """
        if form not in FORMS:
            known = ", ".join(known.value for known in FORMS)
            raise UsageError(f"form {form.value!r}: a key of ours is paid by {known}")
        return get_scripts(self.new_key(row))[form]

    def is_mine(self, script: bytes) -> bool:
        """Does it pay a key that was given out?"""
        return script in self.uses

    def is_change(self, script: bytes) -> bool:
        """Does it pay a key that was given out for change?"""
        return self.uses.get(script) == CHANGE

    def __deepcopy__(self, memo: dict[int, Any]) -> "KeyChain":
        """Keys and scripts never change: only the lists of them are copied."""
        twin = KeyChain(self.seed)
        twin.given, twin.uses = dict(self.given), dict(self.uses)
        twin.ring = self.ring.copy()
        return twin

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: all else follows from it."""
        return self.seed, self.given


@lru_cache(maxsize=10_000)
def derive_key(seed: int, row: str, number: int) -> PrivateKey:
    """Key `number` of a row: the same for the same seed, in every process."""
    return PrivateKey.from_random(CounterRandom(get_key(seed, "wallet", row, number)))


def get_scripts(key: PrivateKey) -> dict[Form, bytes]:
    """The scripts that pay the key: P2PK with the long public key, as in 2009, others with the short one."""
    witness = pay_to_witness(0, key.key_hash)
    return {
        Form.PUBLIC_KEY: pay_to_public_key(key.uncompressed_public_key),
        Form.PUBLIC_KEY_HASH: pay_to_public_key_hash(key.key_hash),
        Form.WITNESS_KEY_HASH: witness,
        Form.SCRIPT_HASH: pay_to_script_hash(hash160(witness)),
    }
