"""Peers of a rollup: payments become batches, a reorganisation undoes one, thieves are seen by who looks."""

from contextlib import suppress

import pytest
from support.settlements import assert_replays, assert_sums_hold, make_chain_net
from support.story_runs import notes

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.actions_layers import EnterLayer, LeaveLayer, PayOnChain
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.layers.rollup_replay import count_owed
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.scenario import Links, Scenario

NAMES = ("ann", "bob", "sam", "sue", "max")
COINS = dict.fromkeys(NAMES, 100)
TOTAL = 500
RULES = {"rollup": {"bonds": {"sam": 60, "sue": 60}, "window": 3}}
POLICIES = {
    "sam": {"batch_every": 2 * SECOND},
    "sue": {"batch_every": 9 * SECOND},
    "max": {"block_every": 5 * SECOND},
}


def make_net(seed: int = 1, policies=None, **values) -> Scenario:
    """Ann enters with 80 coins and Bob with 50; Sam posts batches, Sue if he does not."""
    story = [(1, EnterLayer("ann", 80)), (1, EnterLayer("bob", 50))]
    own = {**POLICIES, **(policies or {})}
    return make_chain_net("rollup", NAMES, COINS, own, story, RULES, seed=seed, **values)


def open_lab(**values) -> Lab:
    """Twelve seconds later: both have come in."""
    lab = Lab(make_net(**values))
    lab.run(until=12 * SECOND)
    return lab


def assert_pot_covers(lab: Lab, name: str) -> None:
    """What the contract holds is what it owes, on this peer's branch."""
    trade = lab.peer(name).trade
    assert trade.found.fault is None
    assert trade.desk.views["main"].books.bank.get("rollup") == count_owed(trade.rollup, trade.found)


def test_ten_payments_are_one_call() -> None:
    """They are signed one after another, before any is in a batch; all peers compute the same accounts."""
    lab = open_lab()
    for amount in range(1, 11):
        lab.do(Pay("ann", "bob", amount))
    lab.run(until=25 * SECOND)

    assert {25, 105} == {lab.peer("max").trade.coins[name] for name in ("ann", "bob")}
    assert [2, 10] == [fact["steps"] for fact in notes(lab, "max", "batch posted")]
    assert 1 == len({tuple(lab.peer(name).trade.coins.items()) for name in NAMES})


def test_a_batch_that_a_reorganisation_undid_is_made_again() -> None:
    """Sue's longer side has never seen it. The payments are remembered, and the deposits still stand."""
    lab = open_lab()
    lab.do(act.Partition(["sam", "ann", "bob"]))
    lab.do(Pay("ann", "bob", 30))
    lab.run(until=16 * SECOND)
    lab.do(Mine("sam"))
    lab.run(until=17 * SECOND)
    assert 50 == lab.peer("ann").trade.coins["ann"]
    lab.run(until=30 * SECOND)
    lab.do(act.Heal())
    lab.run(until=60 * SECOND)

    assert ["post-batch"] == [fact["action"] for fact in notes(lab, "ann", "call undone")]
    assert 50 == lab.peer("max").trade.coins["ann"]
    assert_pot_covers(lab, "max")


def test_a_payment_signed_alone_is_told_on_the_next_line() -> None:
    """Ann is cut off while she pays; her lines break, and what waits is said on the new ones."""
    lab = open_lab()
    lab.do(act.Partition(["ann"]))
    lab.do(Pay("ann", "bob", 30))
    lab.run(until=35 * SECOND)
    assert 80 == lab.peer("max").trade.coins["ann"]
    lab.do(act.Heal())
    lab.run(until=60 * SECOND)

    assert 50 == lab.peer("max").trade.coins["ann"]


@pytest.mark.parametrize("checker", ["ann", "sue", "max"])
def test_any_one_checker_is_enough(checker: str) -> None:
    """Sam's second batch steals. Whoever looks gets half of his bond; all coins on the rollup are safe."""
    policies = {name: {**POLICIES.get(name, {}), "checks": name == checker} for name in NAMES}
    policies["sam"]["forges"] = 2
    lab = open_lab(policies=policies)
    lab.run(until=40 * SECOND)

    (fact,) = notes(lab, "bob", "batch reverted")
    assert ("sam", checker) == (fact["poster"], fact["prover"])
    assert_pot_covers(lab, "bob")
    assert [] == notes(lab, "bob", "exit paid")


def test_without_a_checker_the_pot_owes_more_than_it_holds() -> None:
    """Nobody looks but Sam, who does not object to himself.

    He has left with Ann's 80 coins; what is left is Bob's 50, and two accounts of 130 are not covered.
    """
    policies = {name: {**POLICIES.get(name, {}), "checks": name == "sam"} for name in NAMES}
    policies["sam"]["forges"] = 2
    lab = open_lab(policies=policies)
    lab.run(until=60 * SECOND)

    trade = lab.peer("bob").trade
    assert [("sam", 80)] == [(fact["name"], fact["amount"]) for fact in notes(lab, "bob", "exit paid")]
    assert (1, 0) == trade.found.fault
    assert 50 == lab.peer("bob").books.bank.get("rollup")
    assert 130 == sum(trade.coins.values())


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (EnterLayer("ann", 21), "balance: ann has 20, wanted 21"),
        (EnterLayer("ann", 0), "wanted at least 1 coin, found 0"),
        (Pay("ann", "bob", 81), "balance: ann has 80, wanted 81"),
        (Pay("ann", "ann", 1), "amount: wanted a coin at least, for somebody else"),
        (LeaveLayer("bob", 51), "balance: bob has 50, wanted 51"),
        (LeaveLayer("bob", -1), "wanted at least 1 coin, found -1"),
        (Pay("max", "bob", 1), "balance: max has 0, wanted 1"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(command, words: str) -> None:
    """Before it is an event: the run is as it was."""
    lab = open_lab()
    before = lab.head, lab.state_digest()
    with pytest.raises(UsageError, match=words):
        lab.do(command)

    assert before == (lab.head, lab.state_digest())


def test_payments_that_wait_count_as_spent() -> None:
    """Ann cannot sign away 80 coins twice before the first batch."""
    lab = open_lab()
    lab.do(Pay("ann", "bob", 50))
    with pytest.raises(UsageError, match="balance: ann has 30, wanted 31"):
        lab.do(Pay("ann", "bob", 31))
    lab.do(Pay("ann", "bob", 30))
    lab.run(until=25 * SECOND)

    assert 130 == lab.peer("max").trade.coins["bob"]


@pytest.mark.parametrize(
    ("chain", "words"),
    [
        ({}, "chain.settlement: found None, wanted an object with balances"),
        ({"settlement": {"balances": {"ann": -1}}}, "chain.settlement.balances: found"),
        ({"settlement": {"balances": {"vault": 1}}}, "chain.settlement.balances: found"),
        ({"settlement": {"balances": {}, "coin": 1}}, "chain.settlement.coin: unknown key, accepted"),
        ({"settlement": {"balances": {}}}, "chain.settlement.rollup: found none, wanted bonds"),
        ({"settlement": {"balances": {}, "rollup": 3}}, "chain.settlement.rollup: found 3"),
        (
            {"settlement": {"balances": {"sam": 5}, "rollup": {"bonds": {"sam": 6}}}},
            "chain.settlement.rollup.bonds.sam: found 6, accepted: 0 to 5",
        ),
        (
            {"settlement": {"balances": {"sam": 5}, "rollup": {"bonds": {}, "window": 0}}},
            "chain.settlement.rollup.window: found 0, accepted: a whole number from 1",
        ),
    ],
)
def test_a_chain_that_cannot_be_is_refused(chain, words: str) -> None:
    """With the key's path and what is accepted."""
    with pytest.raises(UsageError, match=words):
        Lab(make_net(chain=chain))


def live(lab: Lab, seed: int) -> None:
    """Twenty whims on bad lines: payments, exits, restarts, cuts with blocks on both sides; then peace."""
    luck = CounterRandom(get_key(seed, "whims"))
    for _ in range(20):
        lab.run(until=lab.now + luck.below(6 * SECOND))
        one, other = luck.sample(NAMES, 2)
        whims = [
            *[Pay(one, other, 1 + luck.below(30)) for _ in range(6)],
            *[LeaveLayer(one, 1 + luck.below(30)) for _ in range(2)],
            EnterLayer(one, 1 + luck.below(30)),
            PayOnChain(one, other, 1 + luck.below(9)),
            act.Kill(other, luck.choice(act.SEEN_AS)),
            act.Revive(one),
            act.Revive(other),
            act.Partition([one, other]),
            act.Heal(),
            Mine(one),
        ]
        with suppress(UsageError):  # it is off, or has no coins there
            lab.do(luck.choice(whims))
    lab.do(act.Heal())
    for name in lab.names:
        with suppress(UsageError):
            lab.do(act.Revive(name))
    lab.run(until=lab.now + 25 * SECOND)


@pytest.mark.parametrize("seed", range(8))
def test_the_pot_covers_all_accounts_whatever_the_network_does(seed: int) -> None:
    """No coin is made or lost on any branch; the honest are never proven wrong; the world can be rebuilt."""
    lab = Lab(make_net(seed, links=Links(latency=(10_000, 900_000), loss=100_000, keep_alive=8 * SECOND)))
    live(lab, seed)

    assert 10 < assert_sums_hold(lab, TOTAL)
    assert [] == [fact for name in NAMES for fact in notes(lab, name, "batch reverted")]
    assert 0 < len(lab.peer("max").trade.rollup.batches)
    for name in NAMES:
        assert_pot_covers(lab, name)
    assert_replays(lab)


def test_bytes_on_the_wire_tell_the_same_story_as_objects() -> None:
    """Every message survives its encoding, cut at odd places; a forged batch and its proof as well."""
    labs = [
        Lab(make_net(3, {"sam": {"batch_every": 2 * SECOND, "forges": 2}}), wire=wire)
        for wire in (False, True)
    ]
    for lab in labs:
        live(lab, 3)

    assert 1 == len({(lab.digest(), lab.state_digest()) for lab in labs})
    assert 1 == len(notes(labs[0], "max", "batch reverted"))
