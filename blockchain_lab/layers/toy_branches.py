"""The blocks that one peer of the toy chain knows, who has voted for them, and what follows from that.

    known       its parent is known, too, and the peer has held it for valid
    confirmed   two thirds of the stake vote for it, and its parent is confirmed
    final       see `toy_rules.is_final`; never taken back

What is valid, and whose vote counts, the node has asked before it comes here. A dict serves as an ordered
set.
"""

from blockchain_lab.layers.toy_messages import GENESIS, Block, Vote
from blockchain_lab.layers.toy_rules import IN_A_ROW, Chain, Ledger, is_final, is_two_thirds, pay_all


class Branches:
    """A tree of blocks, and the one branch of it that is final."""

    def __init__(self, chain: Chain) -> None:
        """The genesis is known, confirmed and final."""
        self.chain = chain
        self.blocks: dict[bytes, Block] = {GENESIS.name: GENESIS}
        self.heights: dict[bytes, int] = {GENESIS.name: 0}
        self.ledgers: dict[bytes, Ledger] = {GENESIS.name: Ledger(dict(chain.balances), {})}
        self.votes: dict[bytes, dict[str, Vote]] = {}  # block -> voter -> its vote; the block may be unknown
        self.confirmed: dict[bytes, None] = {GENESIS.name: None}
        self.final: list[bytes] = [GENESIS.name]  # by height
        self.tip: bytes = GENESIS.name  # the highest confirmed block; of two, the first

    @property
    def height(self) -> int:
        """Of the last final block."""
        return len(self.final) - 1

    @property
    def ledger(self) -> Ledger:
        """Behind the last final block."""
        return self.ledgers[self.final[-1]]

    def add(self, block: Block) -> None:
        """A valid block whose parent is known."""
        self.blocks[block.name] = block
        self.heights[block.name] = self.heights[block.parent] + 1
        self.ledgers[block.name] = pay_all(self.ledgers[block.parent], block.payments)

    def keep(self, vote: Vote) -> None:
        """Remember a vote, whether its block is known or not. Each voter counts once for a block."""
        self.votes.setdefault(vote.block, {}).setdefault(vote.voter, vote)

    def get_weight(self, name: bytes) -> int:
        """The stake that votes for a block."""
        return sum(self.chain.stakes.get(voter, 0) for voter in self.votes.get(name, ()))

    def get_children(self, name: bytes) -> list[Block]:
        """Known blocks on top of this one. O(blocks)."""
        return [block for block in self.blocks.values() if block.parent == name and block is not GENESIS]

    def confirm(self, name: bytes) -> list[Block]:
        """What is confirmed now and was not before: this block, and then what stands on it. O(blocks)."""
        block = self.blocks.get(name)
        if block is None or name in self.confirmed or block.parent not in self.confirmed:
            return []
        if not is_two_thirds(self.get_weight(name), self.chain.total):
            return []
        self.confirmed[name] = None
        if self.heights[name] > self.heights[self.tip]:
            self.tip = name
        above = [each for child in self.get_children(name) for each in self.confirm(child.name)]
        return [block, *above]

    def finalise(self, name: bytes) -> list[Block]:
        """What a confirmed block makes final, oldest first; nothing that contradicts what is final."""
        last = self.get_branch(name, max(-1, self.heights[name] - IN_A_ROW))
        if not is_final(last):
            return []
        new = self.get_branch(last[-2].name, self.height)
        if not new or new[0].parent != self.final[-1]:
            return []
        self.final += [block.name for block in new]
        return new

    def get_branch(self, name: bytes, above: int) -> list[Block]:
        """The blocks of a known branch that are higher than `above`, up to and with this one."""
        branch: list[Block] = []
        while self.heights[name] > above:
            branch.append(self.blocks[name])
            if name == GENESIS.name:
                break
            name = self.blocks[name].parent
        return branch[::-1]

    def count_apart(self, old: bytes, new: bytes) -> tuple[int, int]:
        """How many blocks one leaves from `old`, and how many one enters, to come to `new`."""
        there = {block.name: None for block in self.get_branch(new, -1)}
        left = sum(block.name not in there for block in self.get_branch(old, -1))
        return left, self.heights[new] - (self.heights[old] - left)
