"""Blocks that come in, and what follows: which branch counts, what has run, what has not happened after all.

    a longer branch of ours        its transactions are executed and wait no more
    a longer branch beside ours    first what ours had run is undone; it waits again, and runs anew, perhaps
                                   with another result, for what stands before it is another history

A block waits for its parent and is asked for what leads to it. What breaks a rule is noted by its name.
"""

from typing import Final

from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.units import SECOND, ConnectionId, Microseconds
from blockchain_lab.chain.tree import get_reorg_path
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.notes import tip_changed
from blockchain_lab.consensus.sync_messages import WantBranch
from blockchain_lab.layers import ledger_notes as notes
from blockchain_lab.layers.ledger_block import Block, BlockEntry, Branch
from blockchain_lab.layers.ledger_building import build
from blockchain_lab.layers.ledger_desk import LedgerDesk
from blockchain_lab.layers.ledger_pool import NONCE_USED
from blockchain_lab.layers.ledger_relay import announce, take, tell_change, watch_queue
from blockchain_lab.layers.ledger_transaction import Transaction

SKEW: Final = SECOND // 2  # a block's time may lie so far ahead; MAXIMUM_GOSSIP_CLOCK_DISPARITY of Ethereum


def receive_block(
    desk: LedgerDesk, block: Block, source: ConnectionId | None, now: Microseconds
) -> list[Effect]:
    """A block, new or not. source: the line it came on; None for one of our own."""
    chain = desk.chain
    if chain.is_known(block.name):
        return []
    if block.time > now + SKEW:
        return [notes.block_invalid(block, f"time: found {block.time}, wanted at most {now + SKEW}")]
    if block.parent in chain.refused:
        chain.refuse(block.name)
        return [notes.block_invalid(block, "parent: it builds on an invalid block")]
    if block.parent not in chain.tree:
        chain.orphans.add(block.name, block.parent, block)
        return [notes.block_orphaned(block), *ask(desk, block.parent, source)]
    effects: list[Effect] = []
    waiting = [block]
    while waiting:
        each = waiting.pop(0)
        entry = chain.add(each)
        if isinstance(entry, RuleBroken):
            effects += refuse(desk, each, entry, source)
            continue
        effects += [*notes.block_accepted(entry), *desk.tell(desk.blocks_on, each, source)]
        waiting += chain.orphans.take_children(each.name)
    return [*effects, *follow(desk, now)]


def refuse(desk: LedgerDesk, block: Block, broken: RuleBroken, source: ConnectionId | None) -> list[Effect]:
    """It is invalid for everybody and for ever; so is what waits for it."""
    effects: list[Effect] = [notes.block_invalid(block, str(broken))]
    if source is not None:
        effects.append(Note("peer misbehaved", {"from": desk.get_source(source), "reason": str(broken)}))
    waiting = desk.chain.orphans.take_children(block.name)
    while waiting:
        child = waiting.pop(0)
        desk.chain.refuse(child.name)
        effects.append(notes.block_invalid(child, "parent: it builds on an invalid block"))
        waiting += desk.chain.orphans.take_children(child.name)
    return effects


def follow(desk: LedgerDesk, now: Microseconds) -> list[Effect]:
    """Go to the longest branch, if it is not ours; nothing when it is."""
    chain = desk.chain
    old, new = chain.tip, chain.tree.best
    if new == old:
        return []
    path = get_reorg_path(old, new)
    undone = [each for entry in reversed(path.disconnect) for each in entry.header.transactions]
    effects: list[Effect] = [tip_changed(old, new, len(path.disconnect), len(path.connect))]
    for entry in path.disconnect:
        effects += notes.transactions_undone(entry)
    confirmed: dict[bytes, Transaction] = {}
    for entry in path.connect:
        effects += tell_executed(desk, entry)
        confirmed |= {each.name: each for each in entry.header.transactions}
    chain.tip = new
    change = desk.pool.follow(chain.state, confirmed.values())
    effects += [*tell_change(change), *announce(desk, change.promoted), *settle_private(desk, confirmed)]
    for transaction in undone:
        if transaction.name not in confirmed:
            effects += take(desk, transaction, None, now, again=True)
    return [*effects, *watch_queue(desk)]


def tell_executed(desk: LedgerDesk, entry: BlockEntry) -> list[Effect]:
    """What came of every transaction of a block."""
    receipts = desk.chain.get_receipts(entry)
    return [notes.transaction_executed(receipt, entry, place) for place, receipt in enumerate(receipts)]


def settle_private(desk: LedgerDesk, confirmed: dict[bytes, Transaction]) -> list[Effect]:
    """Private ones that have run, or never will, are forgotten."""
    state = desk.chain.state
    effects: list[Effect] = []
    for name, transaction in [*desk.private.items()]:
        if transaction.nonce < state.get_account(transaction.sender).nonce:
            del desk.private[name]
            if name not in confirmed:
                effects.append(notes.private_gone(transaction, NONCE_USED))
    return effects


def propose(desk: LedgerDesk, slot: int, now: Microseconds) -> list[Effect]:
    """Make a block out of what can run here, private ones too, and show it to all."""
    waiting = [*desk.pool.names.values(), *desk.private.values()]
    return receive_block(desk, build(desk.chain, waiting, desk.name, slot, now), None, now)


def receive_branch(desk: LedgerDesk, branch: Branch, source: ConnectionId, now: Microseconds) -> list[Effect]:
    """Blocks that we have asked for; if there are more, ask on."""
    effects: list[Effect] = []
    for block in branch.blocks:
        effects += receive_block(desk, block, source, now)
    if branch.is_cut and branch.blocks and branch.blocks[-1].name in desk.chain.tree:
        effects += ask(desk, branch.wanted, source, (branch.blocks[-1].name,))
    return effects


def ask(
    desk: LedgerDesk, wanted: bytes, source: ConnectionId | None, known: tuple[bytes, ...] = ()
) -> list[Effect]:
    """Ask a peer for what leads to a block. known: names that it may not guess from our tip."""
    if source is None or source not in desk.lines:
        return []
    return [Send(source, WantBranch(wanted, (*known, *desk.chain.get_known())))]


def answer_branch(desk: LedgerDesk, question: WantBranch, source: ConnectionId) -> list[Effect]:
    """Send the first blocks that lead to what is wanted."""
    blocks, is_cut = desk.chain.get_missing(question.wanted, question.known)
    return [Send(source, Branch(question.wanted, is_cut, blocks))] if blocks else []
