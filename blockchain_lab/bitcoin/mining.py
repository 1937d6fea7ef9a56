"""When a miner finds its next block, and on which parent.

Nobody knows when: each hash is a draw, so the waiting time is exponential, and having tried for long does not
help. Its mean is the work that a block takes, divided by the hashes that this miner tries in an hour. The
nonce is then ground for real; only the time is simulated.

    restart   another block arrives: from now on seek a child of that one. What all miners do
    go on     first find the block that was begun. It will hardly be anybody's tip: compare the two

The same draws that a real miner's time is made of: whatever the others do, one miner's next waiting time is
its own.
"""

from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, SetTimer, TimerName
from blockchain_lab.base.units import HOUR, Microseconds
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.miner import make_block
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.policy import GO_ON
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.rules import compute_required_bits
from blockchain_lab.bitcoin.stored_chain import HeaderEntry
from blockchain_lab.bitcoin.template import Template, choose_transactions

TIMER: Final = TimerName("mine")
EXTRA_NONCE_SIZE: Final = 8  # bytes


@dataclass(slots=True)
class Mining:
    """What one miner is working on."""

    parent: HeaderEntry | None = None  # of the block that is sought; None: does not mine
    template: Template | None = None  # what it will hold, when it was begun

    def begin(self, moment: Moment, pool: Mempool) -> list[Effect]:
        """Seek a child of our tip from now on, if we mine at all."""
        if not moment.policy.hash_power:
            was_mining, self.parent, self.template = self.parent is not None, None, None
            return [CancelTimer(TIMER)] if was_mining else []
        self.parent = moment.chain.tip
        self.template = choose_transactions(pool) if moment.policy.on_new_tip == GO_ON else None
        mean = compute_mean_time(self.parent, moment)
        return [SetTimer(TIMER, max(1, moment.random.exponential(mean)))]

    def on_tip(self, moment: Moment, pool: Mempool) -> list[Effect]:
        """The tip has moved: begin anew, or go on."""
        if self.parent is None or moment.policy.on_new_tip == GO_ON:
            return []
        return self.begin(moment, pool)

    def find(self, moment: Moment, pool: Mempool, script: bytes) -> Block:
        """The block is found. `script`: whom its coinbase pays."""
        assert self.parent is not None  # the timer runs only while we mine
        return find_block(self.parent, self.template or choose_transactions(pool), moment, script)


def find_block(parent: HeaderEntry, template: Template, moment: Moment, script: bytes) -> Block:
    """A block on `parent`, which pays its miner by `script`. UsageError as `miner.make_block`."""
    extra_nonce = moment.random.bits().to_bytes(EXTRA_NONCE_SIZE, "little")
    return make_block(
        parent,
        moment.time,
        extra_nonce,
        moment.chain.network,
        script=script,
        transactions=template.transactions,
        fees=template.fees,
    )


def compute_mean_time(parent: HeaderEntry, moment: Moment) -> Microseconds:
    """How long this miner needs on average for a child of `parent`, if it is dated now."""
    bits = compute_required_bits(parent, moment.time, moment.chain.network)
    return work(bits) * HOUR // moment.policy.hash_power
