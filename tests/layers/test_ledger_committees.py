"""Who attests when and on which subnet: what all peers compute alike, from the rules and the seed."""

from collections import Counter

import pytest
from support.ledgers import make_chain

from blockchain_lab.layers.ledger_committees import (
    find_committee,
    find_speakers,
    get_aggregator,
    get_committee,
    get_subnet,
    get_subscriptions,
)
from blockchain_lab.layers.ledger_rules import LedgerRules, read_rules

VALIDATORS = [f"v{number}" for number in range(13)]


def make_rules(seed: int = 1, **values: int) -> LedgerRules:
    """Thirteen validators, four slots in an epoch, two committees in each, five subnets."""
    plain = {"slot": 12_000_000, "validators": VALIDATORS, "epoch": 4, "committees": 2, "subnets": 5}
    return read_rules(make_chain(VALIDATORS, **{**plain, **values}), seed)


@pytest.mark.parametrize("epoch", range(5))
def test_each_validator_attests_once_in_an_epoch(epoch: int) -> None:
    """In one slot, in one committee; and the slots have nearly as many each."""
    rules = make_rules()
    duties = [
        (name, slot)
        for slot in range(4 * epoch, 4 * epoch + 4)
        for committee in range(2)
        for name in get_committee(rules, slot, committee)
    ]

    assert sorted(VALIDATORS) == sorted(name for name, _ in duties)
    assert {3, 4} == {*Counter(slot for _, slot in duties).values()}
    assert all(find_committee(rules, slot, name) is not None for name, slot in duties)


def test_another_epoch_and_another_seed_draw_another_order() -> None:
    """Else an attacker would always stand beside the same neighbours."""
    orders = [get_committee(make_rules(seed), slot, 0) for seed in (1, 2) for slot in (0, 4)]

    assert 4 == len({tuple(order) for order in orders})
    assert orders[0] == get_committee(make_rules(1), 0, 0)


def test_subnets_follow_from_slot_and_committee() -> None:
    """The specification's compute_subnet_for_attestation, written out for two committees and five subnets."""
    rules = make_rules()
    wanted = [0, 1, 2, 3, 4, 0, 1, 2]

    assert wanted == [get_subnet(rules, slot, committee) for slot in range(4) for committee in range(2)]
    assert wanted == [get_subnet(rules, slot, committee) for slot in range(4, 8) for committee in range(2)]
    assert get_committee(rules, 1, 0) == find_speakers(rules, 1, 2)


def test_a_peer_listens_to_two_subnets_that_everybody_can_compute() -> None:
    """Or to those that the scenario says."""
    rules = make_rules(subscriptions={"v3": [4]})  # type: ignore[arg-type]

    assert (4,) == get_subscriptions(rules, "v3")
    for name in VALIDATORS[4:]:
        topics = get_subscriptions(rules, name)
        assert 2 == len({*topics}) and {*topics} <= {*range(5)}
        assert topics == get_subscriptions(make_rules(9), name), "no matter which seed"
    assert () == get_subscriptions(make_rules(subnets=0), "v3")


def test_an_aggregator_listens_and_is_a_member_if_any_member_listens() -> None:
    """Where nobody listens there is none, and the committee's votes are lost."""
    rules = make_rules()
    for slot in range(8):
        for committee in range(2):
            found, subnet = get_aggregator(rules, slot, committee), get_subnet(rules, slot, committee)
            members = [
                name
                for name in get_committee(rules, slot, committee)
                if subnet in get_subscriptions(rules, name)
            ]
            assert found is not None and subnet in get_subscriptions(rules, found)
            assert found in (members or VALIDATORS)
    deaf = make_rules(subscriptions={name: [0] for name in VALIDATORS})  # type: ignore[arg-type]
    assert get_aggregator(deaf, 0, 0) is not None
    assert get_aggregator(deaf, 0, 1) is None
