"""Peers that cost others work: a flood of one kind of message, and a long chain that took little work.

    inv             names that nobody knows: each is asked for, and not even a `notfound` comes
    getdata         questions for what nobody has
    transactions    unasked, and their parents are missing: orphans for the other side's memory
    blocks          unasked, and their parents are unknown: today that is a fault
    headers         the same as headers, with proof of work: each time it is asked what lies between

An honest node bears with most of it: what each peer may cost is limited, and what the others say is not lost.
"""

from dataclasses import replace
from typing import Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.draws import get_key
from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import MILLISECOND, ConnectionId, Microseconds
from blockchain_lab.bitcoin.attacks_secret import find_problem_of_choice, read_choices, think
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.faulty import DisguisedNode
from blockchain_lab.bitcoin.messages import (
    MSG_TX,
    BlockTransactions,
    CompactBlock,
    GetData,
    Headers,
    Inv,
    InventoryItem,
    NotFound,
)
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND, BLOCK_VERSION, find_nonce, make_coinbase
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

TIMER: Final = TimerName("flood")
FLOODS: Final = ("inv", "getdata", "transactions", "blocks", "headers")
DEFAULTS: Final = {"flood_every": 500 * MILLISECOND, "flood_items": 20}
NEWS: Final = (Headers, Inv, Block, CompactBlock, BlockTransactions)


class FloodingNode(DisguisedNode):
    """Sends the same kind of useless message to all peers, again and again.

    Policy, over that of an honest node: `flood`, one of FLOODS; `flood_every`, microseconds; `flood_items`:
    names, transactions or blocks at a time (headers: always one).
    """

    def __init__(self, setup: Setup) -> None:
        """UsageError for a flood that it does not know."""
        own = {key: value for key, value in setup.policy.items() if key in DEFAULTS}
        self.flood = setup.policy.get("flood", FLOODS[0])
        if self.flood not in FLOODS:
            raise UsageError(f"policy.flood: found {self.flood!r}, accepted: {', '.join(FLOODS)}")
        self.choices = read_choices(own, DEFAULTS)
        self.key, self.made = get_key(setup.random.key, "flood"), 0
        honest = {k: v for k, v in setup.policy.items() if k not in ("flood", *DEFAULTS)}
        super().__init__(BitcoinNode(replace(setup, policy=honest)))

    def on_start(self, now: Microseconds) -> list[Effect]:
        """As the inner node; the first flood comes soon."""
        thought = think("floods", kind=self.flood, every=self.choices["flood_every"])
        return [*super().on_start(now), thought, self._set_timer()]

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Flood everybody who listens, unless the timer is the inner node's."""
        if name != TIMER:
            return super().on_timer(name, now)
        ready = [peer.conn for peer in self.inner.peers.ready]
        return [*(send for conn in ready for send in self._flood(conn)), self._set_timer()]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """A knob of the flood is turned; the rest as the inner node."""
        match command:
            case SetPolicy(key=key, value=value) if key in DEFAULTS:
                self.choices[key] = value
                return [self._set_timer()]
            case SetPolicy(key=key, value=value):
                self.inner.setup.policy[key] = value
        return super().on_command(command, now)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """As the inner node; the flood's own keys it does not know."""
        match command:
            case SetPolicy(key=key, value=value) if key in DEFAULTS:
                return find_problem_of_choice(key, value)
        return super().find_problem(command, now)

    def bend(self, effect: Effect) -> Effect | None:
        """What was promised is neither sent nor refused."""
        is_refusal = isinstance(effect, Send) and isinstance(effect.message, NotFound)
        return None if is_refusal else effect

    def _set_timer(self) -> SetTimer:
        return SetTimer(TIMER, max(1, self.choices["flood_every"]))

    def _flood(self, conn: ConnectionId) -> list[Effect]:
        """What one peer gets this time."""
        count = self.choices["flood_items"]
        match self.flood:
            case "inv":
                return [Send(conn, Inv(self._make_items(count)))]
            case "getdata":
                return [Send(conn, GetData(self._make_items(count)))]
            case "transactions":
                return [Send(conn, self._make_orphan()) for _ in range(count)]
            case "blocks":
                return [Send(conn, self._make_stray_block()) for _ in range(count)]
        return [Send(conn, Headers((self._make_stray_block().header,)))]

    def _make_items(self, count: int) -> tuple[InventoryItem, ...]:
        return tuple(InventoryItem(MSG_TX, self._make_name()) for _ in range(count))

    def _make_orphan(self) -> Transaction:
        """It spends a coin that nobody has heard of."""
        spent = TxInput(OutPoint(self._make_name(), 0), b"")
        outputs = (TxOutput(10_000, ANYONE_CAN_SPEND), TxOutput(10_000, ANYONE_CAN_SPEND))
        return Transaction(2, (spent,), outputs)

    def _make_stray_block(self) -> Block:
        """A block with proof of work, on a parent that does not exist. Its bits are the network's easiest."""
        network = self.chain.network
        coinbase = make_coinbase(1, 0, self._make_name()[:8])
        time, bits = network.genesis.header.time + self.made, network.proof_of_work_limit
        header = Header(BLOCK_VERSION, self._make_name(), coinbase.txid(), time, bits, nonce=0)
        return Block(find_nonce(header), (coinbase,))

    def _make_name(self) -> bytes:
        """A hash that nobody has ever seen."""
        self.made += 1
        return hash256(self.key.to_bytes(8, "little") + self.made.to_bytes(8, "little"))


class LowWorkNode(DisguisedNode):
    """Shows the chain on its own disk to all who ask, however little work is in it, and learns no other one.

    With `"disk": {"mined": 400}` it has 400 blocks of the least difficulty, so far apart that no retarget
    made them harder: more blocks than the honest chain has, and less work. Nobody is told which chain counts.
    """

    def __init__(self, setup: Setup) -> None:
        """Takes the policy of an honest node."""
        super().__init__(BitcoinNode(setup))

    def on_start(self, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        tip = self.chain.tip
        return [
            *super().on_start(now),
            think("shows a long chain of little work", height=tip.height, work=f"{tip.work:x}"),
        ]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Deaf to all news; asked, it answers as the inner node."""
        return [] if isinstance(message, NEWS) else super().on_message(conn, message, now)
