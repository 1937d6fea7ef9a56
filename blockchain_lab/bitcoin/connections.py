"""Whom a node dials by itself, and whom it lets in.

    look            every half a second while something is missing: seeds when nobody is known, then the next
                    connection of the plan; while nobody fits, the looks become rarer, up to one a minute
    admit           somebody dials: is there room, or must another one go?
    discourage      who broke the protocol is dialled no more

`connection_plan`, `seeds` and `eviction` have the rules. What has to be hung up on is answered by name, the
node does it. Not here: one more line while our tip is stale.

Source: Bitcoin Core `net.cpp` (ThreadOpenConnections, CreateNodeFromAcceptedSocket).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from blockchain_lab.base.effects import Dial, Effect, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import MINUTE, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin import notes, seeds
from blockchain_lab.bitcoin.address_buckets import get_cheap_hash
from blockchain_lab.bitcoin.address_groups import get_group, get_net, is_local
from blockchain_lab.bitcoin.connection_plan import (
    LOOK_EVERY,
    ConnectionPlan,
    Kind,
    Line,
    choose,
    choose_extra_blocks_line,
    get_next_look,
    make_plan,
)
from blockchain_lab.bitcoin.contacts import Contacts
from blockchain_lab.bitcoin.eras import SCORE, Era
from blockchain_lab.bitcoin.eviction import Candidate, choose_to_evict
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.neighbours import get_text
from blockchain_lab.bitcoin.network_address import NODE_NETWORK
from blockchain_lab.bitcoin.peers import Peer
from blockchain_lab.bitcoin.seeds import Bootstrap, Task, make_bootstrap

LOOK: Final = "look"  # timer: is a connection missing?
FEELER: Final = "feeler"  # timer: a feeler's noise is over; `about` is the address
FETCH: Final = "fetch"  # timer: a seed has not answered
TOPICS: Final = (LOOK, FEELER, FETCH)
RAREST_LOOK: Final = MINUTE  # ours: Core looks every half a second for ever
FETCH_TIMEOUT: Final = 300 * SECOND  # Core net_processing.cpp: 10 x AVG_ADDRESS_BROADCAST_INTERVAL
BAN_TIME: Final = 86_400  # seconds; Core banman.h DEFAULT_MISBEHAVING_BANTIME, until 0.20
MOST_VAIN_CHOICES: Final = 10  # of those whom we do not dial any more
YOUNGEST_TIP: Final = 86_400  # seconds; an older one: the first sync is not over; Core DEFAULT_MAX_TIP_AGE


class Outcome(NamedTuple):
    """What to do, and on whom to hang up, with the reason."""

    effects: list[Effect]
    dropped: dict[ConnectionId, str]


@dataclass(slots=True)
class Connections:
    """One node's plan, whom it is dialling now and why, and whom it dials no more."""

    plan: ConnectionPlan | None = None  # None: it dials only whom the scenario names
    boot: Bootstrap | None = None
    fixed: tuple[Address, ...] = ()  # the list inside the program
    dialling: dict[Address, Kind] = field(default_factory=dict)
    discouraged: dict[str, int] = field(default_factory=dict)  # IP -> since when, Unix seconds
    patience: Microseconds = LOOK_EVERY  # between two looks while nobody fits

    # --- Whom we dial ---------------------------------------------------------------------------------

    def begin(self, setup: Setup, contacts: Contacts, moment: Moment) -> list[Effect]:
        """Make a plan. UsageError for seeds that are no peers of the scenario."""
        book, random, policy = contacts.book, contacts.random, moment.policy
        self.plan = make_plan(moment.era, contacts.own, book, moment.now, random)
        self.fixed = tuple(find_seeds(setup, policy.fixed_seeds))
        seed_nodes, dns_seeds = find_seeds(setup, policy.seed_nodes), find_seeds(setup, policy.dns_seeds)
        self.boot = make_bootstrap(seed_nodes, dns_seeds, self.fixed, len(book), moment.now, random)
        return [SetTimer(TimerName(LOOK), 0)]

    def look(self, contacts: Contacts, by_hand: Iterable[Address], moment: Moment) -> Outcome:
        """Is a connection missing? by_hand: those are dialled by somebody else."""
        plan, boot = self.plan, self.boot
        if plan is None or boot is None:
            return Outcome([], {})
        plan.era, plan.one_per_group = moment.era, moment.policy.one_per_group
        plan.looks_around = moment.time - moment.chain.tip.header.time < YOUNGEST_TIP
        ready = sum(peer.kind is Kind.FULL for peer in moment.peers.ready)
        steps = seeds.get_next_steps(boot, ready, len(contacts.book), moment.now)
        effects = [effect for step in steps for effect in self._ask(step, contacts, moment)]
        lines = self.get_lines(moment)
        others = [Line(address, Kind.ADDRESSES) for address in by_hand]  # of no kind that the plan counts
        chosen = self._choose([*lines, *others], contacts, moment)
        self.patience = LOOK_EVERY if chosen else min(2 * self.patience, RAREST_LOOK)
        missing = get_next_look(plan, self.get_lines(moment), moment.now)
        waits = [None if missing is None else max(missing, self.patience)]
        waits.append(seeds.get_next_look(boot, moment.now))
        after = [wait for wait in waits if wait is not None]
        again: list[Effect] = [SetTimer(TimerName(LOOK), min(after))] if after else []
        extra = choose_extra_blocks_line(lines, moment.era.block_relay_only, moment.now)
        dropped = {} if extra is None else {extra: "one block line too many"}
        return Outcome([*effects, *chosen, *contacts.book.take_notes(), *again], dropped)

    def look_soon(self) -> list[Effect]:
        """Something has changed: somebody new is known, or a line was lost."""
        if self.plan is None:
            return []
        self.patience = LOOK_EVERY
        return [SetTimer(TimerName(LOOK), LOOK_EVERY)]

    def on_connected(self, peer: Peer) -> list[Effect]:
        """Somebody whom we have dialled is there: learn what for."""
        peer.kind = self.dialling.pop(peer.remote, Kind.MANUAL)
        fetches = peer.kind is Kind.ADDRESSES
        return [SetTimer(TimerName(FETCH, peer.conn), FETCH_TIMEOUT)] if fetches else []

    def on_lost(self, address: Address) -> list[Effect]:
        """Nobody is there, or no longer."""
        self.dialling.pop(address, None)
        return self.look_soon()

    def get_feeler(self, text: int | str | None) -> list[Effect]:
        """Its noise is over."""
        return [Dial(address) for address in self.dialling if get_text(address) == text]

    def get_lines(self, moment: Moment) -> list[Line]:
        """Our outbound connections, those that are being dialled too."""
        opened = [
            Line(peer.remote, peer.kind, peer.conn, peer.since, peer.last_block, bool(peer.in_flight))
            for peer in moment.peers
            if peer.kind is not None
        ]
        return [*opened, *(Line(address, kind) for address, kind in self.dialling.items())]

    def _choose(self, lines: Sequence[Line], contacts: Contacts, moment: Moment) -> list[Effect]:
        assert self.plan is not None
        for _ in range(MOST_VAIN_CHOICES):
            choice = choose(self.plan, lines, contacts.book, moment.time, moment.now, contacts.random)
            if choice is None:
                return []
            if not self.is_discouraged(choice.address.ip, moment):
                break
        else:
            return []
        contacts.book.attempt(choice.address, moment.time, counts=choice.counts)
        self.dialling[choice.address] = choice.kind
        note = notes.connection_chosen(choice.address, choice.kind.value)
        if choice.after:
            timer = TimerName(FEELER, about=get_text(choice.address))
            return [note, SetTimer(timer, choice.after)]
        return [note, Dial(choice.address)]

    def _ask(self, step: seeds.Step, contacts: Contacts, moment: Moment) -> list[Effect]:
        if step.task is Task.ADD_FIXED_SEEDS:
            named = seeds.date_fixed_seeds(self.fixed, moment.time, contacts.random)
            contacts.book.add(named, contacts.own.ip, moment.time, contacts.random)
            return []
        assert step.address is not None  # all other steps ask somebody
        self.dialling[step.address] = Kind.ADDRESSES
        return [notes.connection_chosen(step.address, Kind.ADDRESSES.value), Dial(step.address)]

    # --- Whom we let in -------------------------------------------------------------------------------

    def admit(self, remote: Address, contacts: Contacts, moment: Moment) -> tuple[str | None, Outcome]:
        """Somebody dials us: why not, if so; and who has to go for him."""
        nothing = Outcome([], {})
        era, inbound = moment.era, [peer for peer in moment.peers if peer.inbound]
        most = count_inbound_slots(era)
        bad = self.is_discouraged(remote.ip, moment)
        if bad and (era.punishment == SCORE or len(inbound) + 1 >= most):
            return "you broke the protocol", nothing
        if len(inbound) < most:
            return None, nothing
        victim = None
        if era.evicts_inbound:
            victim = choose_to_evict([self._judge(peer, contacts, moment) for peer in inbound])
        if victim is None:
            return "full", nothing
        return None, Outcome([notes.peer_evicted(victim)], {victim: "evicted"})

    def _judge(self, peer: Peer, contacts: Contacts, moment: Moment) -> Candidate:
        """What counts of it when we are full."""
        ip = peer.remote.ip
        version = peer.version
        return Candidate(
            conn=peer.conn,
            connected_at=peer.since,
            group=get_cheap_hash(contacts.book.key, get_group(ip, private_too=True)),
            min_ping=peer.min_ping,
            last_block=peer.last_block,
            last_transaction=peer.last_transaction,
            has_services=version is not None and bool(version.services & NODE_NETWORK),
            relays_transactions=version is not None and version.relay is not False,
            goes_first=self.is_discouraged(ip, moment),
            is_local=is_local(ip),
            net=get_net(ip, private_too=True),
        )

    # --- Whom we do not want --------------------------------------------------------------------------

    def discourage(self, ip: str, moment: Moment) -> list[Effect]:
        """It broke the protocol."""
        self.discouraged[ip] = moment.time
        return [notes.peer_discouraged(ip)]

    def is_discouraged(self, ip: str, moment: Moment) -> bool:
        """Did it break the protocol? A ban of the score's time ends after a day."""
        since = self.discouraged.get(ip)
        if since is None:
            return False
        return moment.era.punishment != SCORE or moment.time - since < BAN_TIME


def count_feelers(era: Era) -> int:
    """How many lines are kept free for feelers: one, in an era that has them."""
    return 1 if era.feeler_every else 0


def count_inbound_slots(era: Era) -> int:
    """How many of those who dial us have room: what the lines that we open leave."""
    ours = era.full_outbound + era.block_relay_only + count_feelers(era)
    return max(0, era.total_connections - ours)


def describe_slots(era: Era) -> Effect:
    """How many lines there may be of each kind."""
    inbound = count_inbound_slots(era)
    return notes.connection_slots(era.full_outbound, era.block_relay_only, count_feelers(era), inbound)


def find_seeds(setup: Setup, names: Iterable[str]) -> list[Address]:
    """Their addresses, at the time of the start. UsageError for a name that nobody has."""
    for name in names:
        if name not in setup.contacts:
            raise UsageError(f"policy: found a seed {name!r}, accepted: {', '.join(setup.contacts)}")
    return [setup.contacts[name] for name in names]


def find_end(peer: Peer, addresses: Sequence[Address] = ()) -> str | None:
    """Has this connection done what it was opened for? After the handshake, or after an answer.

    A seed's answer names somebody else; before it, it may have named itself.
    """
    if peer.kind is Kind.FEELER:
        return "feeler done"
    is_answer = any(address != peer.remote for address in addresses)
    return "addresses fetched" if peer.kind is Kind.ADDRESSES and is_answer else None
