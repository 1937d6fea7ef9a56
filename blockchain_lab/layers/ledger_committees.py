"""Who attests when, and on which topic: what all peers compute alike, from the chain's rules alone.

    an epoch's slots     each validator attests in one of them, in one of its committees
    a subnet             the topic on which a committee speaks; only who has subscribed hears it
    an aggregator        says to everybody, once, what its committee has said

So a vote is heard by a few, and its weight by all: with n validators, and everybody hearing everybody, each
peer would have to check n signatures in each slot. Source: Ethereum's consensus specification, phase 0,
`validator.md` (compute_subnet_for_attestation) and `p2p-interface.md` (SUBNETS_PER_NODE). There 16 of a
committee aggregate, drawn by a signature; here the first one that listens to the subnet.
"""

from blockchain_lab.base.draws import draw, get_key, to_below
from blockchain_lab.layers.ledger_rules import LedgerRules


def get_order(rules: LedgerRules, epoch: int) -> list[str]:
    """All validators in an order that is drawn anew for each epoch."""
    validators = rules.ledger.validators
    ranked = sorted(range(len(validators)), key=lambda place: (draw(rules.key, 1, epoch, place), place))
    return [validators[place] for place in ranked]


def get_committee(rules: LedgerRules, slot: int, committee: int) -> list[str]:
    """Who attests in a slot, in one of its committees."""
    ledger = rules.ledger
    order = get_order(rules, slot // ledger.epoch)
    own = order[slot % ledger.epoch :: ledger.epoch]
    return own[committee :: ledger.committees]


def find_committee(rules: LedgerRules, slot: int, name: str) -> int | None:
    """In which of a slot's committees somebody attests; None when it is not its slot."""
    for committee in range(rules.ledger.committees):
        if name in get_committee(rules, slot, committee):
            return committee
    return None


def get_subnet(rules: LedgerRules, slot: int, committee: int) -> int:
    """The topic of a committee: committees of neighbouring slots use different ones."""
    ledger = rules.ledger
    return (ledger.committees * (slot % ledger.epoch) + committee) % ledger.subnets


def get_subscriptions(rules: LedgerRules, name: str) -> tuple[int, ...]:
    """The subnets that a peer listens to: the scenario's choice, or some that follow from its name."""
    ledger = rules.ledger
    if not ledger.subnets:
        return ()
    if name in ledger.subscriptions:
        return ledger.subscriptions[name]
    key = get_key("subnets", name)
    left = list(range(ledger.subnets))
    count = min(ledger.subnets_each, ledger.subnets)
    return tuple(sorted(left.pop(to_below(draw(key, n), len(left))) for n in range(count)))


def get_aggregator(rules: LedgerRules, slot: int, committee: int) -> str | None:
    """Who puts a committee's attestations together: a member first, else any validator that listens."""
    subnet = get_subnet(rules, slot, committee)
    candidates = [*get_committee(rules, slot, committee), *rules.ledger.validators]
    listening = (name for name in candidates if subnet in get_subscriptions(rules, name))
    return next(listening, None)


def find_speakers(rules: LedgerRules, slot: int, subnet: int) -> list[str]:
    """Everybody who may attest on a subnet in a slot."""
    return [
        name
        for committee in range(rules.ledger.committees)
        if get_subnet(rules, slot, committee) == subnet
        for name in get_committee(rules, slot, committee)
    ]
