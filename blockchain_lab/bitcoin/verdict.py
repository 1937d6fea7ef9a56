"""What a check of scripts can say, and which rules it applies: three outcomes, Core's words, the flags.

`NOT_EVALUATED` is an outcome of its own: our interpreter knows the scripts that people use, not all that
exist, and what it does not know it must not call valid. Source: Bitcoin Core `script/script_error.cpp`,
`script/interpreter.h`, `validation.cpp` (GetBlockScriptFlags), `kernel/chainparams.cpp`.
"""

from dataclasses import dataclass
from enum import Enum, IntFlag
from typing import Final

from blockchain_lab.base.units import internal_hash
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.rules import HEIGHTS, is_segwit_active


class Outcome(Enum):
    """Of a check."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_EVALUATED = "not evaluated"


class ScriptError(Enum):
    """Why a script failed. The values are what Core writes into its answers and logs."""

    EVAL_FALSE = "Script evaluated without error but finished with a false/empty top stack element"
    OP_RETURN = "OP_RETURN was encountered"
    SCRIPT_SIZE = "Script is too big"
    PUSH_SIZE = "Push value size limit exceeded"
    OP_COUNT = "Operation limit exceeded"
    STACK_SIZE = "Stack size limit exceeded"
    SIG_COUNT = "Signature count negative or greater than pubkey count"
    PUBKEY_COUNT = "Pubkey count negative or limit exceeded"
    VERIFY = "Script failed an OP_VERIFY operation"
    EQUALVERIFY = "Script failed an OP_EQUALVERIFY operation"
    CHECKSIGVERIFY = "Script failed an OP_CHECKSIGVERIFY operation"
    CHECKMULTISIGVERIFY = "Script failed an OP_CHECKMULTISIGVERIFY operation"
    BAD_OPCODE = "Opcode missing or not understood"
    DISABLED_OPCODE = "Attempted to use a disabled opcode"
    INVALID_STACK_OPERATION = "Operation not valid with the current stack size"
    SCRIPTNUM = "Script number overflowed or is non-minimally encoded"  # "unknown error" in older Core
    NEGATIVE_LOCKTIME = "Negative locktime"
    UNSATISFIED_LOCKTIME = "Locktime requirement not satisfied"
    SIG_DER = "Non-canonical DER signature"
    SIG_PUSHONLY = "Only push operators allowed in signatures"
    SIG_NULLDUMMY = "Dummy CHECKMULTISIG argument must be zero"
    CLEANSTACK = "Stack size must be exactly one after execution"
    WITNESS_PROGRAM_WRONG_LENGTH = "Witness program has incorrect length"
    WITNESS_PROGRAM_WITNESS_EMPTY = "Witness program was passed an empty witness"
    WITNESS_PROGRAM_MISMATCH = "Witness program hash mismatch"
    WITNESS_MALLEATED = "Witness requires empty scriptSig"
    WITNESS_MALLEATED_P2SH = "Witness requires only-redeemscript scriptSig"
    WITNESS_UNEXPECTED = "Witness provided for non-witness script"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out of a check of one input."""

    outcome: Outcome
    reason: str = ""  # Core's words when invalid; what we do not know when not evaluated
    error: ScriptError | None = None  # when invalid

    @property
    def is_valid(self) -> bool:
        """Only if it was evaluated, and found good."""
        return self.outcome is Outcome.VALID

    @property
    def block_reason(self) -> str:
        """Why a block with this input is refused. The word before the brackets is Core's since 30 (2025)."""
        return f"block-script-verify-flag-failed ({self.reason})"

    @property
    def mempool_reason(self) -> str:
        """Why a transaction on its own is refused. Before Core 30: "mandatory-script-verify-flag-failed"."""
        return f"mempool-script-verify-flag-failed ({self.reason})"


VALID: Final = Verdict(Outcome.VALID)


class Flags(IntFlag):
    """Rules that came by soft fork. Without its flag, a rule does not exist."""

    NONE = 0
    P2SH = 1 << 0  # BIP 16, 2012: the script behind a script hash runs too
    DERSIG = 1 << 2  # BIP 66, 2015: strict DER signatures
    NULLDUMMY = 1 << 4  # BIP 147, 2017: the item that OP_CHECKMULTISIG takes too many is empty
    CHECKLOCKTIMEVERIFY = 1 << 9  # BIP 65, 2015
    CHECKSEQUENCEVERIFY = 1 << 10  # BIP 112, 2016
    WITNESS = 1 << 11  # BIP 141, 2017


ALL_FLAGS: Final = (
    Flags.P2SH
    | Flags.DERSIG
    | Flags.NULLDUMMY
    | Flags.CHECKLOCKTIMEVERIFY
    | Flags.CHECKSEQUENCEVERIFY
    | Flags.WITNESS
)

# The two blocks of the past, with their hash as people write it, that break BIP 16 although it holds for
# all others from the genesis on.
BROKE_P2SH: Final = frozenset({
    internal_hash("00000000000002dc756eebf4f49723ed8d30cc28a5f108eb94b1ba88ac4f9c22"),  # mainnet 170,060
    internal_hash("00000000dd30457c001f4095d208cc1296b0eed002427aa599874af7a432b105"),  # testnet3
})  # fmt: skip


def get_block_flags(height: int, network: Network, block_hash: bytes = b"") -> Flags:
    """Which rules the scripts of a block must obey. `block_hash`: 32 bytes, for the two exceptions.

    P2SH and WITNESS hold in the whole past, as in Core: no other block before their time breaks them. Who
    does not know witnesses does not know NULLDUMMY either, which came with them.
    """
    if block_hash in BROKE_P2SH:
        return Flags.NONE
    heights, flags = HEIGHTS[network.name], Flags.P2SH
    if network.segwit:
        flags |= Flags.WITNESS
    for flag, since in (
        (Flags.DERSIG, heights.bip66),
        (Flags.CHECKLOCKTIMEVERIFY, heights.bip65),
        (Flags.CHECKSEQUENCEVERIFY, heights.csv),
    ):
        if height >= since:
            flags |= flag
    if is_segwit_active(height, network):
        flags |= Flags.NULLDUMMY
    return flags
