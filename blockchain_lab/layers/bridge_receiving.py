"""Blocks and calls that come in over the lines: kept when they break no rule, and passed on.

What breaks a rule is noted by the rule's name and changes nothing else. A block waits for its parent.
"""

from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.units import ConnectionId
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers import bridge_notes as notes
from blockchain_lab.layers.bridge_blocks import ChainBlock, Tip, WantBlocks
from blockchain_lab.layers.bridge_calls import Call
from blockchain_lab.layers.bridge_desk import Desk
from blockchain_lab.layers.bridge_view import ChainView


def receive_block(desk: Desk, block: ChainBlock, source: ConnectionId | None) -> list[Effect]:
    """A block, new or not. source: the line it came on; None for one of our own."""
    view = desk.views.get(block.chain)
    if view is None or view.is_known(block.name):
        return []
    if block.parent in view.refused:
        return refuse_block(desk, view, block, RuleBroken("parent", "it builds on an invalid block"), source)
    if block.parent not in view.tree:
        view.orphans.add(block.name, block.parent, block)
        asked = [] if source is None else ask(view, block.parent, source)
        return [notes.block_orphaned(block), *asked]
    effects: list[Effect] = []
    blocks = [block]
    while blocks:
        each = blocks.pop(0)
        entry = view.add(each)
        if isinstance(entry, RuleBroken):
            effects += refuse_block(desk, view, each, entry, source)
            continue
        effects += [*notes.block_accepted(entry), *desk.tell(each, source)]
        blocks += view.orphans.take_children(each.name)
    return effects


def ask(view: ChainView, wanted: bytes, source: ConnectionId) -> list[Effect]:
    """Ask a peer for what leads to a block."""
    return [Send(source, WantBlocks(view.rules.name, wanted, view.get_known()))]


def answer(desk: Desk, question: WantBlocks, source: ConnectionId) -> list[Effect]:
    """The blocks that lead to what is wanted, lowest first; none of a chain that we do not keep."""
    view = desk.views.get(question.chain)
    missing = () if view is None else view.get_missing(question.wanted, question.known)
    return [Send(source, block) for block in missing]


def receive_tip(desk: Desk, tip: Tip, source: ConnectionId) -> list[Effect]:
    """Where somebody's branch ends: ask for it, if we lack it."""
    view = desk.views.get(tip.chain)
    return [] if view is None or view.is_known(tip.name) else ask(view, tip.name, source)


def refuse_block(
    desk: Desk, view: ChainView, block: ChainBlock, broken: RuleBroken, source: ConnectionId | None
) -> list[Effect]:
    """It is invalid for everybody and for ever; so is what waits for it."""
    effects: list[Effect] = []
    if source is not None:
        effects.append(Note("peer misbehaved", {"from": desk.get_name(source), "reason": str(broken)}))
    invalid = [(block, str(broken))]
    while invalid:  # not by recursion: a thousand may wait for each other
        each, reason = invalid.pop(0)
        view.refused[each.name] = broken.rule
        effects.append(notes.block_invalid(each, reason))
        children = view.orphans.take_children(each.name)
        invalid += [(child, "parent: it builds on an invalid block") for child in children]
    return effects


def receive_call(desk: Desk, call: Call, source: ConnectionId) -> list[Effect]:
    """A call that may wait here, or not. Heard before, or of a chain that we do not keep: nothing."""
    view = desk.views.get(call.chain)
    if view is None or call.name in view.waiting or view.is_carried(call):
        return []
    try:
        view.check_waiting(call)
    except RuleBroken as broken:
        return [notes.call_refused(call, broken, desk.get_name(source))]
    view.waiting[call.name] = call
    return [notes.call_heard(call, desk.get_name(source)), *desk.tell(call, source)]
