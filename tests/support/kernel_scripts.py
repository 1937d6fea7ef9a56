"""Bitcoin Core's own script interpreter, in libbitcoinkernel, as an oracle for single inputs."""

from importlib.util import find_spec

from blockchain_lab.bitcoin.interpreter import verify_input
from blockchain_lab.bitcoin.tx import Transaction, TxOutput
from blockchain_lab.bitcoin.verdict import ALL_FLAGS, Flags, Outcome, Verdict
from support.kernel import HOW_TO_INSTALL
from support.required import require

OLD_RULES = Flags.NONE
BEFORE_WITNESS = ALL_FLAGS & ~(Flags.WITNESS | Flags.NULLDUMMY)


def kernel_takes(tx: Transaction, index: int, spent: TxOutput, flags: Flags) -> bool:
    """Does the kernel let the input spend the output? Skips the test, or fails it, without the kernel."""
    require(find_spec("pbk"), HOW_TO_INSTALL)
    import pbk  # noqa: PLC0415 - it may be missing

    try:
        theirs = pbk.Transaction(tx.encode())
        rules = pbk.ScriptVerificationFlags(int(flags))  # our flags have Core's numbers
        return bool(pbk.ScriptPubkey(spent.script).verify(spent.value, theirs, None, index, rules))
    except pbk.ScriptVerifyException as fault:
        raise AssertionError(f"the question was wrong: {fault}") from fault


def judge(tx: Transaction, index: int, spent: TxOutput, flags: Flags = ALL_FLAGS) -> Verdict:
    """Our verdict, compared with the kernel's."""
    verdict = verify_input(tx, index, spent, flags)
    if verdict.outcome is not Outcome.NOT_EVALUATED:
        assert kernel_takes(tx, index, spent, flags) == verdict.is_valid, verdict
    return verdict
