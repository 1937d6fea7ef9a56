"""Bitcoin Core's own script interpreter, in libbitcoinkernel, as an oracle for single inputs."""

from importlib.util import find_spec

from blockchain_lab.bitcoin.tx import Transaction, TxOutput
from blockchain_lab.bitcoin.verdict import Flags
from support.kernel import HOW_TO_INSTALL
from support.required import require


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
