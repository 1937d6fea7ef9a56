"""Nodes that are not what they seem: an honest node inside, and a bent word on its way out.

Everything they hear they handle like an honest node; only what they send differs. So a learner can put
one into any network and watch what the others make of it.
"""

from dataclasses import replace

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.disguise import Disguise
from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.messages import Headers
from blockchain_lab.bitcoin.miner import find_nonce
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.pow import is_proof_of_work_valid


class DisguisedNode(Disguise[BitcoinNode]):
    """A Bitcoin node, each of whose effects may be bent."""

    obeys = BitcoinNode.obeys

    @property
    def chain(self) -> ChainState:
        """What the inner node knows."""
        return self.inner.chain

    def bend(self, effect: Effect) -> Effect | None:
        """What becomes of one effect; None: nothing."""
        return effect

    def bend_all(self, effects: list[Effect]) -> list[Effect]:
        """All of them, in order."""
        return [bent for effect in effects if (bent := self.bend(effect)) is not None]


class StallingNode(DisguisedNode):
    """Promises blocks and never sends one: takes up a place in the download without filling it."""

    def __init__(self, setup: Setup) -> None:
        """Takes the policy of an honest node."""
        super().__init__(BitcoinNode(setup))

    def bend(self, effect: Effect) -> Effect | None:
        """Blocks are held back."""
        is_block = isinstance(effect, Send) and isinstance(effect.message, Block)
        return None if is_block else effect


class LyingNode(DisguisedNode):
    """Sends headers that are not what they claim. Policy `lie`, over that of an honest node:

    "work": the last header of each message has no proof of work; "links": the last two do not connect,
    though both have proof of work.
    """

    LIES = ("work", "links")

    def __init__(self, setup: Setup) -> None:
        """UsageError for a lie that it does not know."""
        self.lie = setup.policy.get("lie", self.LIES[0])
        if self.lie not in self.LIES:
            raise UsageError(f"policy.lie: found {self.lie!r}, accepted: {', '.join(self.LIES)}")
        honest = {key: value for key, value in setup.policy.items() if key != "lie"}
        super().__init__(BitcoinNode(replace(setup, policy=honest)))

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """As the inner node, which has a policy of its own: without the lie."""
        if isinstance(command, SetPolicy):
            self.inner.setup.policy[command.key] = command.value
        return super().on_command(command, now)

    def bend(self, effect: Effect) -> Effect | None:
        """Headers are forged; an answer without headers cannot be."""
        match effect:
            case Send(conn, Headers(headers)) if headers:
                return Send(conn, Headers(self._forge(headers)))
        return effect

    def _forge(self, headers: tuple[Header, ...]) -> tuple[Header, ...]:
        *honest, last = headers
        if self.lie == "links":
            return (*honest, find_nonce(replace(last, previous=bytes(32))), last)
        return (*honest, spoil_work(last, self.inner.chain.network))


def spoil_work(header: Header, network: Network) -> Header:
    """The same header with the next nonce whose hash does not meet its bits."""
    while is_proof_of_work_valid(header.hash(), header.bits, network.proof_of_work_limit):
        header = replace(header, nonce=(header.nonce + 1) & 0xFFFFFFFF)
    return header
