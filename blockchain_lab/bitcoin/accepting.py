"""A block that may enter the chain: stored, with all that waited for it, and what is to be said about it."""

from collections.abc import Callable

from blockchain_lab.base.effects import Effect
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState, TipChange
from blockchain_lab.bitcoin.rules import RuleBroken

TakeChildren = Callable[[bytes], list[Block]]  # hash of a block -> the orphans that waited for it
Follow = Callable[[TipChange], list[Effect]]  # what else is to be done when the tip has moved


def accept_block(
    block: Block, chain: ChainState, time: int, take_children: TakeChildren, follow: Follow
) -> list[Effect]:
    """Store a block whose parent is known, then its orphaned children. time: Unix seconds.

    RuleBroken when the block itself is not valid; a child that is not valid is only noted.
    """
    effects = add_block(block, chain, time, follow)
    ready = take_children(block.header.hash())
    for child in ready:  # grows while orphans find their parents
        name = child.header.hash()
        try:
            effects += add_block(child, chain, time, follow)
        except RuleBroken as fault:
            effects.append(notes.block_invalid(name, fault.reason))
        else:
            ready += take_children(name)
    return effects


def add_block(block: Block, chain: ChainState, time: int, follow: Follow) -> list[Effect]:
    """Store one block that is not stored yet, and note what has changed. RuleBroken."""
    name = block.header.hash()
    best, is_news = chain.best_header, name not in chain.tree
    change, invalid = chain.add_block(block, time)
    entry = chain.tree[name]
    effects: list[Effect] = [notes.headers_accepted((entry,))] if is_news else []
    if chain.best_header != best:
        effects.append(notes.best_header(chain.best_header))
    effects.append(notes.block_accepted(entry))
    effects += [notes.block_invalid(broken.hash, reason) for broken, reason in invalid]
    if change is not None:
        effects.append(notes.tip_changed(change))
        for entry in change.path.connect:
            if unknown := chain.ledger.unevaluated.get(entry.hash):
                effects.append(notes.scripts_not_evaluated(entry, unknown))
        effects += follow(change)
    return effects
