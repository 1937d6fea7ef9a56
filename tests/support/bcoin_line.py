"""Our node on a line to a bcoin that several tests share: what both say, what our wallet holds in its chain.

heights 1 to 20      coinbases that pay the first key of our node's wallet as P2PKH, ripe
heights 21 to 40     likewise as P2WPKH
up to 440            bcoin's own; by its signals segregated witness is active from 432 on (BIP 9)
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from blockchain_lab.base.actions import Command, Mine, SubmitTx
from blockchain_lab.base.draws import get_key
from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import NodeFactory, Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds, display_hash
from blockchain_lab.bitcoin.base58 import encode_base58_check
from blockchain_lab.bitcoin.bech32 import encode_witness_address
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.coins import Coin
from blockchain_lab.bitcoin.envelope import BitcoinCodec
from blockchain_lab.bitcoin.key_chain import RECEIVE, KeyChain, derive_key, get_scripts
from blockchain_lab.bitcoin.messages import GetData, Transaction
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.script import Form, classify, get_witness_program, pay_to_public_key_hash
from blockchain_lab.bitcoin.tx import OutPoint, TxOutput
from blockchain_lab.bitcoin.wallet import Built, Wallet, choose_oldest_first, make_unsigned
from blockchain_lab.sockets.setup import make_setup
from blockchain_lab.sockets.tcp import TcpHost
from support.bcoin import Bcoin, shared_bcoin

REGTEST = NETWORKS["regtest"]
HEIGHT = 440
NAME = "ann"  # of our node; its keys follow from it
SEED = get_key("wallet", NAME)
OLD_FORM, NEW_FORM = Form.PUBLIC_KEY_HASH, Form.WITNESS_KEY_HASH
EACH_FORM = 20  # blocks that pay it
KEY_HASH_PREFIX, WITNESS_PREFIX = b"\x3c", "rb"  # bcoin's own for regtest, unlike Core's
BCOIN_SECRET = encode_base58_check(b"\x5a" + b"\x01" * 33)  # the key that its start script gives it
FEE = 10_000  # satoshi
FEE_RATE = 20_000  # satoshi per 1,000 virtual bytes; bcoin wants 1,000 at least
PAID = 1_000_000  # satoshi
SOMEBODY = pay_to_public_key_hash(bytes(range(20)))


class Tap(BitcoinCodec):
    """The codec of every Bitcoin node, which also keeps what is said and heard."""

    def __init__(self) -> None:
        """For regtest."""
        super().__init__(REGTEST.magic)
        self.said: list[Message] = []
        self.heard: list[Message] = []

    def frame(self, message):
        """A message of ours is on its way."""
        self.said.append(message)
        return super().frame(message)

    def split(self, data):
        """Messages have come."""
        messages, rest = super().split(data)
        self.heard += messages
        return messages, rest


@dataclass(frozen=True, slots=True)
class Say(Command):
    """Tell all peers this, whatever it is."""

    message: Message


class Talker(BitcoinNode):
    """An honest node that also says what a test wants it to say, and hands out blocks that it made up."""

    def __init__(self, setup: Setup) -> None:
        """As any node."""
        super().__init__(setup)
        self.made_up: dict[bytes, Block] = {}

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Send what is made up, or do what any node does."""
        if isinstance(message, GetData) and message.items[0].hash in self.made_up:
            return [Send(conn, self.made_up[message.items[0].hash])]
        return super().on_message(conn, message, now)

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Say it, or do what any node does."""
        if isinstance(command, Say):
            return [Send(peer.conn, command.message) for peer in self.peers.ready]
        return super().on_command(command, now)


class Line:
    """Our node, its host and the tap, with short words for what tests do."""

    def __init__(self, factory: NodeFactory, *, neighbours: tuple[Address, ...] = (), **values) -> None:
        """Not started yet; `values` as in `make_setup`."""
        self.tap = Tap()
        self.notes: list[Note] = []
        self.wallet = Wallet(KeyChain(SEED, {RECEIVE: 1}))
        setup = make_setup(NAME, neighbours=neighbours, **values)
        self.host = TcpHost(factory, setup, self.tap, on_note=self.notes.append)

    @property
    def node(self) -> BitcoinNode:
        """As it is now."""
        return self.host.node

    @property
    def tip(self) -> str:
        """The hash of our tip, as bcoin writes it."""
        return display_hash(self.node.chain.tip.hash)

    @property
    def tip_block(self) -> Block:
        """The block itself."""
        return self.get_block(self.node.chain.height)

    def get_block(self, height: int) -> Block:
        """One of the active chain."""
        return self.node.chain.get_block(self.node.chain.active[height].hash)

    def build(self, form: Form, *, fee_rate: int = FEE_RATE) -> Built:
        """A payment that our wallet signs, out of its oldest free coin of this form."""
        coins = [
            (place, coin)
            for place, coin in self.node.chain.ledger.coins.items()
            if classify(coin.output.script).form is form and self.node.pool.get_spender(place) is None
        ]
        payment = TxOutput(PAID, SOMEBODY)
        return self.wallet.build([payment], fee_rate, coins, self.node.chain.height)

    def build_child(self, parent: Built, *, fee_rate: int) -> Built:
        """One that spends the change of a payment of ours that still waits."""
        assert parent.change is not None
        coin = Coin(parent.tx.outputs[parent.change], self.node.chain.height + 1, is_coinbase=False)
        place = OutPoint(parent.tx.txid(), parent.change)
        return self.wallet.build(
            [TxOutput(PAID, SOMEBODY)], fee_rate, [(place, coin)], self.node.chain.height + 1
        )

    def mine(self, count: int = 1) -> None:
        """Find blocks on our tip."""
        self.host.do(Mine(NAME, count))

    def submit(self, tx: Transaction) -> None:
        """Put a transaction into our own pool, and so on its way."""
        self.host.do(SubmitTx(NAME, tx.encode().hex()))

    def say(self, message: Message) -> None:
        """To all peers; for a `Talker`."""
        self.host.do(Say(NAME, message))

    async def until_tip(self, name: str) -> None:
        """Wait for this tip."""
        await self.host.until(lambda: self.tip == name)

    async def until_heard(self, kind: type[Message], count: int = 1) -> Message:
        """Wait for so many messages of a kind; the last of them."""
        await self.host.until(lambda: len(self.find_heard(kind)) >= count)
        return self.find_heard(kind)[count - 1]

    def find_heard(self, kind: type[Message]) -> list[Message]:
        """What bcoin has said of this kind."""
        return [message for message in self.tap.heard if isinstance(message, kind)]

    def find_said(self, kind: type[Message]) -> list[Message]:
        """What we have said of this kind."""
        return [message for message in self.tap.said if isinstance(message, kind)]

    def find_faults(self) -> list[Note]:
        """What our node blames bcoin for."""
        return [note for note in self.notes if note.topic == "peer misbehaved"]


@asynccontextmanager
async def joined(bcoin: Bcoin, factory: NodeFactory = Talker, **policy: object) -> AsyncIterator[Line]:
    """Our node, which has dialled bcoin and has caught up with it."""
    line = Line(factory, neighbours=(bcoin.address,), policy=policy)
    async with line.host:
        await line.until_tip(await bcoin.call("getbestblockhash"))
        yield line


async def let_dial(bcoin: Bcoin, line: Line) -> None:
    """From now on bcoin is connected to this node, which listens."""
    await bcoin.call("addnode", f"{line.host.address.ip}:{line.host.address.port}", "onetry")
    await line.host.until(lambda: bool(line.node.peers.ready))


async def sign_as_bcoin(bcoin: Bcoin, line: Line, number: int = 0) -> Transaction:
    """A coin of its key, the oldest or so many behind it, paid on to somebody: signed by bcoin itself."""
    script = line.get_block(2 * EACH_FORM + 1).transactions[0].outputs[0].script
    coins = [found for found in line.node.chain.ledger.coins.items() if found[1].output.script == script]
    place, coin = choose_oldest_first(coins, line.node.chain.height)[number]
    outputs = [TxOutput(PAID, SOMEBODY), TxOutput(coin.output.value - PAID - FEE, SOMEBODY)]
    unsigned = make_unsigned([place], outputs).encode().hex()
    signed = await bcoin.call("signrawtransaction", unsigned, None, [BCOIN_SECRET])
    assert signed["complete"]
    return Transaction.decode(bytes.fromhex(signed["hex"]))


@contextmanager
def bcoin_with_coins() -> Iterator[Bcoin]:
    """A bcoin with the chain of the first lines."""
    with shared_bcoin(blocks=0, fork_length=0) as bcoin:
        asyncio.run(make_chain(bcoin))
        yield bcoin


async def make_chain(bcoin: Bcoin) -> None:
    """Let it mine."""
    await bcoin.hear()
    scripts = get_scripts(derive_key(SEED, RECEIVE, 0))
    old, new = scripts[OLD_FORM], get_witness_program(scripts[NEW_FORM])
    await bcoin.call("generatetoaddress", EACH_FORM, encode_base58_check(KEY_HASH_PREFIX + old[3:23]))
    await bcoin.call("generatetoaddress", EACH_FORM, encode_witness_address(WITNESS_PREFIX, *new))
    names = await bcoin.call("generate", HEIGHT - 2 * EACH_FORM)
    await bcoin.until(HEIGHT, names[-1])
