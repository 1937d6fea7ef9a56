"""What a validator does in a slot, and what the others hear of it.

    0       the slot's proposer makes a block
    1/3     its committee attests the tip: as soon as the slot's block is here, and now if it is not
    2/3     the aggregator tells everybody what the committee has said

(Ethereum's consensus specification, phase 0, `validator.md`: SECONDS_PER_SLOT / INTERVALS_PER_SLOT.) What
attestations change, a fork choice and finality say: here they are counted, and nothing else.
"""

from collections import Counter
from typing import Final

from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.layers import ledger_notes as notes
from blockchain_lab.layers.ledger_committees import (
    find_committee,
    find_speakers,
    get_aggregator,
    get_subnet,
    get_subscriptions,
)
from blockchain_lab.layers.ledger_desk import LedgerDesk
from blockchain_lab.layers.ledger_following import propose
from blockchain_lab.layers.ledger_messages import Aggregate, Attestation, Overlay

SLOT: Final = "slot"
ATTEST: Final = "attest"
AGGREGATE: Final = "aggregate"
MOST_SLOTS: Final = 64  # of which attestations are kept; ours, two of Ethereum's epochs


def get_slot(desk: LedgerDesk, now: Microseconds) -> int:
    """The slot that a moment lies in."""
    return now // desk.rules.ledger.slot


def plan(desk: LedgerDesk, now: Microseconds) -> list[Effect]:
    """Wait for the next slot, if we have anything to do in slots at all."""
    slot = desk.rules.ledger.slot
    if not slot or desk.name not in desk.rules.ledger.validators:
        return []
    return [SetTimer(TimerName(SLOT), slot - now % slot)]


def begin_slot(desk: LedgerDesk, now: Microseconds) -> list[Effect]:
    """A slot begins: propose if it is ours, and set the other two clocks."""
    rules, slot = desk.rules, get_slot(desk, now)
    effects = plan(desk, now)
    if desk.policy.proposes and rules.get_proposer(slot) == desk.name:
        effects += propose(desk, slot, now)
        effects += attest_early(desk, now)
    if not rules.ledger.subnets or not desk.policy.attests:
        return effects
    if desk.attested < slot and find_committee(rules, slot, desk.name) is not None:
        effects.append(SetTimer(TimerName(ATTEST), rules.ledger.slot // 3))
    if desk.name in [get_aggregator(rules, slot, each) for each in range(rules.ledger.committees)]:
        effects.append(SetTimer(TimerName(AGGREGATE), 2 * rules.ledger.slot // 3))
    return effects


def attest_early(desk: LedgerDesk, now: Microseconds) -> list[Effect]:
    """The tip is the slot's own block: there is nothing to wait for."""
    if not desk.rules.ledger.subnets or not desk.rules.ledger.slot:
        return []
    return attest(desk, now) if desk.chain.tip.header.slot == get_slot(desk, now) else []


def attest(desk: LedgerDesk, now: Microseconds) -> list[Effect]:
    """Say what our tip is, if it is our slot and we have not said it."""
    slot = get_slot(desk, now)
    committee = find_committee(desk.rules, slot, desk.name)
    if committee is None or desk.attested >= slot or not desk.policy.attests:
        return []
    desk.attested = slot
    subnet = get_subnet(desk.rules, slot, committee)
    attestation = Attestation.by(slot, desk.chain.tip.hash, subnet, desk.name)
    if subnet in get_subscriptions(desk.rules, desk.name):
        remember(desk, attestation)
    told = publish(desk, attestation, None)
    return [notes.attestation_sent(attestation, len(told)), *told]


def hear_attestation(
    desk: LedgerDesk, attestation: Attestation, source: ConnectionId, now: Microseconds
) -> list[Effect]:
    """Somebody's. What is not on our subnets, not from its committee, or not signed is nothing to us."""
    is_known = attestation.validator in desk.attestations.get(attestation.slot, {})
    if is_known or not desk.rules.ledger.subnets or not is_timely(desk, attestation.slot, now):
        return []
    is_ours = attestation.subnet in get_subscriptions(desk.rules, desk.name)
    speakers = find_speakers(desk.rules, attestation.slot, attestation.subnet)
    if not is_ours or attestation.validator not in speakers or not attestation.is_signed:
        return []
    remember(desk, attestation)
    heard = notes.attestation_heard(attestation, desk.get_source(source))
    return [heard, *publish(desk, attestation, source)]


def publish(desk: LedgerDesk, attestation: Attestation, source: ConnectionId | None) -> list[Effect]:
    """To those neighbours that listen to its subnet."""
    lines = desk.get_lines(Overlay.CONSENSUS, source)
    return [Send(conn, attestation) for conn, line in lines if attestation.subnet in line.topics]


def aggregate(desk: LedgerDesk, now: Microseconds) -> list[Effect]:
    """Put together what each committee that we speak for has said of the block most of it attests."""
    slot = get_slot(desk, now)
    effects: list[Effect] = []
    for committee in range(desk.rules.ledger.committees):
        subnet = get_subnet(desk.rules, slot, committee)
        heard = [each for each in desk.attestations.get(slot, {}).values() if each.subnet == subnet]
        if get_aggregator(desk.rules, slot, committee) != desk.name or not heard:
            continue
        (block, _), *_ = Counter(each.block for each in heard).most_common(1)
        signers = tuple((each.validator, each.signature) for each in heard if each.block == block)
        said = Aggregate(slot, block, subnet, desk.name, signers)
        desk.aggregates.setdefault(slot, {})[subnet, desk.name] = said
        effects += [notes.aggregate_made(said), *desk.tell(Overlay.CONSENSUS, said)]
    forget(desk)
    return effects


def hear_aggregate(
    desk: LedgerDesk, said: Aggregate, source: ConnectionId, now: Microseconds
) -> list[Effect]:
    """Somebody's, for everybody. One that is none of its committee's is nothing to us."""
    key = said.subnet, said.aggregator
    is_known = key in desk.aggregates.get(said.slot, {})
    if is_known or not desk.rules.ledger.subnets or not is_timely(desk, said.slot, now):
        return []
    speakers = find_speakers(desk.rules, said.slot, said.subnet)
    names = [name for name, _ in said.signers]
    is_allowed = said.aggregator in desk.rules.ledger.validators and all(name in speakers for name in names)
    if not is_allowed or len({*names}) < len(names) or not said.is_signed:
        return []
    desk.aggregates.setdefault(said.slot, {})[key] = said
    forget(desk)
    heard = notes.aggregate_heard(said, desk.get_source(source))
    return [heard, *desk.tell(Overlay.CONSENSUS, said, source)]


def is_timely(desk: LedgerDesk, slot: int, now: Microseconds) -> bool:
    """Is it of now or of a little while ago?"""
    current = get_slot(desk, now)
    return current - MOST_SLOTS < slot <= current


def remember(desk: LedgerDesk, attestation: Attestation) -> None:
    """Keep it for an aggregate."""
    desk.attestations.setdefault(attestation.slot, {})[attestation.validator] = attestation
    forget(desk)


def forget(desk: LedgerDesk) -> None:
    """Of the slots that we have heard of, the oldest go."""
    for kept in (desk.attestations, desk.aggregates):
        for slot in sorted(kept)[:-MOST_SLOTS]:
            del kept[slot]
