"""Bitcoin Core's own consensus engine, libbitcoinkernel, as an oracle for chains on regtest."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from blockchain_lab.bitcoin.block import Block, Header
from support.required import require

HOW_TO_INSTALL = "libbitcoinkernel is missing: pip install py-bitcoinkernel==0.1.0a5"


class Kernel:
    """A chain in the kernel, in memory but for the block files below `folder`."""

    def __init__(self, folder: Path) -> None:
        """Skips the test, or fails it, when the kernel is not installed."""
        require(find_spec("pbk"), HOW_TO_INSTALL)
        import pbk  # noqa: PLC0415 - it may be missing

        self._pbk: Any = pbk
        context = pbk.make_context(pbk.ChainType.REGTEST)
        options = pbk.ChainstateManagerOptions(context, str(folder), str(folder / "blocks"))
        options.update_block_tree_db_in_memory(True)
        options.update_chainstate_db_in_memory(True)
        self._chain = pbk.ChainstateManager(options)

    def takes(self, block: Block) -> bool:
        """Offer a block. Does the kernel accept it as far as it can tell now?"""
        try:
            self._chain.process_block(self._pbk.Block(block.encoding))
        except (self._pbk.ProcessBlockException, RuntimeError):  # RuntimeError: it cannot even be read
            return False
        return True

    def takes_header(self, header: Header) -> bool:
        """Offer a header."""
        try:
            self._chain.process_block_header(self._pbk.BlockHeader(header.encode()))
        except self._pbk.ProcessBlockHeaderException:
            return False
        return True

    @property
    def tip(self) -> bytes:
        """The hash of its active tip, internal order."""
        active = self._chain.get_active_chain()
        return bytes(active.block_tree_entries[active.height].block_hash)
