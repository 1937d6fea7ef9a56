"""Peers with payment channels: payments without blocks, both ways to close, thefts, restarts, bad lines."""

from contextlib import suppress

import pytest
from support.settlements import assert_replays, assert_sums_hold, make_chain_net
from support.story_runs import messages, notes

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.actions_layers import CloseChannel, OpenChannel, PayOnChain
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.layers.channel_actions import ChannelState
from blockchain_lab.layers.channel_messages import Next
from blockchain_lab.layers.channel_rules import OPEN
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.scenario import Links, Scenario

NAMES = ("ann", "bob", "cat", "max")
COINS = {"ann": 120, "bob": 50, "cat": 30}
TOTAL = 200


def make_net(seed: int = 1, **values) -> Scenario:
    """Ann opens a channel of 100 coins with Bob; max's blocks come at 5, 10, 15 seconds and so on."""
    story = [(1, OpenChannel("ann", "bob", 100))]
    return make_chain_net("channel", NAMES, COINS, story=story, seed=seed, **values)


def open_lab(**values) -> Lab:
    """Seven seconds later: the channel is open, and both know it."""
    lab = Lab(make_net(**values))
    lab.run(until=7 * SECOND)
    return lab


def get_coins(lab: Lab) -> tuple[int, int]:
    """Ann's and Bob's on the chain, as Cat sees them."""
    bank = lab.peer("cat").books.bank
    return bank.get("ann"), bank.get("bob")


def get_newest(lab: Lab, name: str) -> tuple[int, int, int]:
    """Number, Ann's coins and Bob's in the newest state that a peer holds."""
    (end,) = lab.peer(name).trade.ends.values()
    state = end.newest.state
    return state.number, state.opener_coins, state.partner_coins


def test_a_hundred_payments_and_two_calls() -> None:
    """Ann pays Bob one coin a hundred times between two blocks; the chain sees an opening and a closing."""
    lab = open_lab(links=Links(latency=(1_000, 1_000), jitter=0))
    for _ in range(100):
        lab.do(Pay("ann", "bob", 1))
        lab.run(until=lab.now + 10 * MILLISECOND)
    assert (20, 50) == get_coins(lab)
    lab.do(CloseChannel("bob", "ann", together=True))
    lab.run(until=16 * SECOND)

    assert 100 == sum(isinstance(message, Next) for message in messages(lab, "ann", "bob"))
    assert ["fund", "close-both"] == [fact["action"] for fact in notes(lab, "cat", "call carried")]
    assert (20, 150) == get_coins(lab)


def test_of_two_payments_at_once_the_opener_s_comes_first_and_both_are_made() -> None:
    """Both sign a next state before they hear of the other's. Ann's number is higher; Bob pays again."""
    lab = open_lab()
    lab.do(Pay("ann", "bob", 30))
    lab.run(until=lab.now + SECOND)
    lab.do(Pay("ann", "bob", 5))
    lab.do(Pay("bob", "ann", 12))
    lab.run(until=lab.now + 2 * SECOND)

    assert (6, 77, 23) == get_newest(lab, "ann") == get_newest(lab, "bob")
    numbers = [fact["number"] for fact in notes(lab, "bob", "channel updated")]
    assert [3, 5, 6] == numbers
    assert [] == notes(lab, "ann", "peer misbehaved")


def test_who_cheats_loses_all_whichever_of_the_two_it_is() -> None:
    """Bob, too, may have been better off before: he was paid 30 and paid 25 back."""
    lab = open_lab()
    for payer, payee, coins in (("ann", "bob", 30), ("bob", "ann", 25)):
        lab.do(Pay(payer, payee, coins))
        lab.run(until=lab.now + SECOND)
    lab.do(CloseChannel("bob", "ann", number=3))
    lab.run(until=21 * SECOND)

    (fact,) = notes(lab, "cat", "channel punished")
    assert ("bob", "ann", 3, 4) == (fact["cheater"], fact["by_whom"], fact["number"], fact["newer"])
    assert (120, 50) == get_coins(lab)


def test_a_partner_that_does_not_answer_can_be_left() -> None:
    """Bob will not sign to shut. Ann posts the newest state and waits: nobody can hold her coins for ever."""
    lab = open_lab(policies={"max": {"block_every": 5 * SECOND}, "bob": {"honest": False}})
    lab.do(Pay("ann", "bob", 30))
    lab.run(until=9 * SECOND)
    lab.do(CloseChannel("ann", "bob", together=True))
    lab.run(until=12 * SECOND)
    assert 1 == len(notes(lab, "bob", "channel stays open"))
    lab.do(CloseChannel("ann", "bob"))
    lab.run(until=41 * SECOND)

    assert (90, 80) == get_coins(lab)
    assert [] == notes(lab, "cat", "channel punished")


def test_nobody_signs_what_takes_from_it() -> None:
    """Ann proposes a state with less for Bob, one with other coins, one that skips a round: he signs none."""
    lab = open_lab()
    lab.do(Pay("ann", "bob", 30))
    lab.run(until=9 * SECOND)
    bob = lab.peer("bob")
    line, (end,) = bob.desk.find_line("ann"), bob.trade.ends.values()
    wrong = {(5, 90, 10): "theft", (5, 70, 31): "sum", (7, 60, 40): "number", (4, 60, 40): "number"}
    for (number, anns, bobs), rule in wrong.items():
        state = ChannelState(end.channel.id, number, anns, bobs)
        effects = bob.on_message(line, Next(state, state.sign("ann")), lab.now)
        assert [rule] == [each.facts["reason"].split(":")[0] for each in effects], rule
    state = ChannelState(end.channel.id, 5, 60, 40)
    (effect,) = bob.on_message(line, Next(state, state.sign("bob")), lab.now)

    assert "signature: not signed by ann" == effect.facts["reason"]
    assert 3 == end.newest.state.number


def test_who_has_signed_to_close_pays_no_more() -> None:
    """Else the newest state that both have signed to shut would be an old one."""
    lab = open_lab()
    lab.do(CloseChannel("ann", "bob", together=True))
    with pytest.raises(UsageError, match="bob has not answered yet: one thing at a time"):
        lab.do(Pay("ann", "bob", 1))


@pytest.mark.parametrize(("back", "coins"), [(29, (20, 150)), (31, (120, 50))])
def test_a_victim_must_be_back_before_the_last_block_of_the_window(back: int, coins: tuple[int, int]) -> None:
    """Ann's theft stands in block 3 (15 s); blocks 4 to 6 (30 s) may carry Bob's proof, block 7 pays out."""
    lab = open_lab()
    lab.do(Pay("ann", "bob", 70))
    lab.run(until=9 * SECOND)
    lab.do(act.Kill("bob"))
    lab.run(until=12 * SECOND)
    lab.do(CloseChannel("ann", "bob", number=0))
    lab.run(until=back * SECOND)
    lab.do(act.Revive("bob"))
    lab.run(until=50 * SECOND)

    assert coins == get_coins(lab)


def test_a_lost_answer_is_asked_for_again() -> None:
    """The line breaks behind Ann's signature: she may not close with what was before; later all is said."""
    lab = open_lab()
    lab.do(act.Kill("bob", "silence"))
    lab.do(Pay("ann", "bob", 30))
    lab.run(until=9 * SECOND)
    with pytest.raises(UsageError, match="bob has not answered: who has signed a newer state may not post"):
        lab.do(CloseChannel("ann", "bob"))
    lab.do(act.Revive("bob"))
    lab.run(until=30 * SECOND)

    assert (3, 70, 30) == get_newest(lab, "ann") == get_newest(lab, "bob")


def test_a_killed_payer_remembers_what_it_has_signed() -> None:
    """Else it would post the state before, honestly, and lose all its coins."""
    lab = open_lab()
    lab.do(Pay("ann", "bob", 30))
    lab.do(act.Kill("ann"))
    lab.run(until=9 * SECOND)
    lab.do(act.Revive("ann"))
    lab.run(until=12 * SECOND)

    assert (3, 70, 30) == get_newest(lab, "ann") == get_newest(lab, "bob")


def test_a_channel_whose_block_was_undone_is_no_channel() -> None:
    """Cat's longer side of a cut undoes the block that opened it. Its own block carries the same call."""
    lab = Lab(make_net(policies={"max": {}}))
    lab.run(until=2 * SECOND)
    lab.do(act.Partition(["ann", "bob"]))
    lab.do(Mine("ann"))
    lab.do(Mine("cat", 2))  # the opening waits at cat, too: it was told before the cut
    lab.run(until=3 * SECOND)

    assert 1 == len(notes(lab, "bob", "channel opened"))
    lab.do(act.Heal())
    lab.run(until=40 * SECOND)
    assert [OPEN] == [channel.status for channel in lab.peer("bob").books.channels.values()]
    assert 1 == len(notes(lab, "bob", "call undone"))
    assert 2 == len(notes(lab, "bob", "channel opened"))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (OpenChannel("ann", "zoe", 5), "OpenChannel: to: found 'zoe'"),
        (OpenChannel("ann", "ann", 5), "partner: found 'ann', wanted somebody else's name"),
        (OpenChannel("ann", "bob", 5), "ann has an open channel with bob: one at a time"),
        (OpenChannel("ann", "cat", 21), "balance: ann has 20, wanted 21"),
        (OpenChannel("ann", "cat", 0), "wanted at least 1 coin, found 0"),
        (Pay("ann", "cat", 5), "ann has no open channel with 'cat'"),
        (Pay("ann", "bob", 101), "ann's side of the channel has 100 coins, found a payment of 101"),
        (Pay("bob", "ann", 1), "bob's side of the channel has 0 coins, found a payment of 1"),
        (CloseChannel("ann", "bob", number=4), "both have never signed a state 4; there are 0"),
        (CloseChannel("ann", "bob", together=True, number=0), "together one closes with the newest state"),
        (PayOnChain("ann", "bob", 0), "wanted at least 1 coin, found 0"),
        (PayOnChain("ann", "vault", 1), "PayOnChain: to: found 'vault'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(command, words: str) -> None:
    """Before it is an event: the run is as it was."""
    lab = open_lab()
    before = lab.head, lab.state_digest()
    with pytest.raises(UsageError, match=words):
        lab.do(command)

    assert before == (lab.head, lab.state_digest())


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"watch": True}, "policy.watch: unknown key, accepted: chains, mines"),
        ({"watches": 1}, "policy.watches: found 1, accepted: true, false"),
        ({"chains": []}, "policy.chains: found \\[\\], accepted: a list of main, one at least"),
        ({"chains": ["moon"]}, "policy.chains: found \\['moon'\\], accepted: a list of main"),
        ({"block_every": -1}, "policy.block_every: found -1, accepted: a whole number from 0"),
        ({"identity": "zoe"}, "policy.identity: found 'zoe', accepted: , ann, bob"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(policy, words: str) -> None:
    """With its key and what is accepted."""
    with pytest.raises(UsageError, match=words):
        Lab(make_net(policies={"ann": policy}))


def live(lab: Lab, seed: int) -> None:
    """Twenty whims of three peers on bad lines: payments, thefts, closings, restarts, cuts; then peace."""
    luck = CounterRandom(get_key(seed, "whims"))
    for _ in range(20):
        lab.run(until=lab.now + luck.below(6 * SECOND))
        one, other = luck.sample(("ann", "bob", "cat"), 2)
        whims = [
            *[Pay(one, other, 1 + luck.below(40)) for _ in range(6)],
            OpenChannel(one, other, 1 + luck.below(60)),
            PayOnChain(one, other, 1 + luck.below(9)),
            CloseChannel(one, other, together=True),
            act.Kill(other, luck.choice(act.SEEN_AS)),
            *[act.Revive(name) for name in (one, other)],
            act.Partition([one]),
            act.Heal(),
            Mine(one),
        ]
        with suppress(UsageError):  # it is off, or there is no such channel
            lab.do(luck.choice(whims))
    lab.do(act.Heal())
    for name in lab.names:
        with suppress(UsageError):
            lab.do(act.Revive(name))
    lab.run(until=lab.now + 20 * SECOND)


@pytest.mark.parametrize("seed", range(8))
def test_coins_are_neither_made_nor_lost_and_nobody_honest_is_punished(seed: int) -> None:
    """On every branch that anybody has seen. And the world rebuilt is the world that was."""
    lab = Lab(make_net(seed, links=Links(latency=(10_000, 900_000), loss=100_000, keep_alive=8 * SECOND)))
    live(lab, seed)

    assert 10 < assert_sums_hold(lab, TOTAL)
    assert [] == [fact for name in NAMES for fact in notes(lab, name, "channel punished")]
    assert [] == [fact for name in NAMES for fact in notes(lab, name, "block invalid")]
    assert_replays(lab)


@pytest.mark.parametrize("seed", range(8))
def test_who_watches_ends_with_no_less_than_the_newest_state_says(seed: int) -> None:
    """Ann posts any state she likes. Bob, who is on, gets his coins of the newest one, or all."""
    luck = CounterRandom(get_key(seed, "payments"))
    lab = open_lab(seed=seed, links=Links(latency=(10_000, 300_000)))
    for _ in range(6):
        payer, payee = luck.sample(("ann", "bob"), 2)
        with suppress(UsageError):  # bob has nothing yet
            lab.do(Pay(payer, payee, 1 + luck.below(50)))
        lab.run(until=lab.now + 2 * SECOND)
    *_, mine = get_newest(lab, "bob")
    (end,) = lab.peer("ann").trade.ends.values()
    posted = luck.choice([each.state.number for each in end.states])
    lab.do(CloseChannel("ann", "bob", number=posted))
    lab.run(until=lab.now + 35 * SECOND)

    is_newest = posted == end.newest.state.number
    assert (50 + mine if is_newest else 150) == get_coins(lab)[1]


def test_bytes_on_the_wire_tell_the_same_story_as_objects() -> None:
    """Every message survives its encoding, cut at odd places."""
    labs = [Lab(make_net(3), wire=wire) for wire in (False, True)]
    for lab in labs:
        live(lab, 3)

    assert 1 == len({(lab.digest(), lab.state_digest()) for lab in labs})
