"""Random worlds of the ledger: calls, blocks, cuts, restarts. What holds in all of them.

Seeds are fixed, so a world that fails can be looked at again.
"""

from contextlib import suppress

import pytest
from support.ledgers import ETHER, NAMES, make_chain, make_ledger_story

from blockchain_lab.base.actions import Command, Mine
from blockchain_lab.base.actions_layers import CancelCall, RaisePrice, SendCall
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.layers.ledger_exchange import COINS, EXCHANGE
from blockchain_lab.layers.lifecycle import find_ways
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.scenario import Links, Scenario

PEERS = (*NAMES, "eve")
MOVES = 30
SLOTS = {
    "slot": 6 * SECOND,
    "validators": list(PEERS),
    "committees": 2,
    "subnets": 3,
    "blocks_on": "consensus",
}


def make_world(seed: int, **ledger: object) -> Scenario:
    """Five peers on bad lines, each dialling two others on either overlay; the seed says how bad."""
    luck = CounterRandom(get_key(seed, "links"))
    links = Links(
        latency=(10 * MILLISECOND, (100 + luck.below(2_000)) * MILLISECOND),
        loss=luck.below(200_000),
        keep_alive=5 * SECOND,
    )
    after = {name: [PEERS[(place + 2) % 5], PEERS[(place + 3) % 5]] for place, name in enumerate(PEERS)}
    policies = {name: {"consensus": after[name], "builder": "eve", "pool_limit": 12} for name in PEERS}
    return make_ledger_story(PEERS, (), make_chain(PEERS, **ledger), policies, seed=seed, links=links)


def choose(luck: CounterRandom, *, mines: bool) -> Command | act.NetworkAction:
    """What learners may ask for, wise or not, and what may happen to a network."""
    name, other = luck.sample(PEERS, 2)
    price, count = 1 + luck.below(60), luck.below(3_000)
    wishes = [
        *[SendCall(name, other, luck.below(5 * ETHER), gas_price=price, private=luck.below(4) == 0)] * 3,
        SendCall(name, other, 1, gas_price=price, nonce=luck.below(5)),
        *[SendCall(name, EXCHANGE, luck.below(ETHER), "buy", (count,), gas_price=price)] * 3,
        SendCall(name, EXCHANGE, 0, "sell", (luck.below(500), 1), gas_price=price),
        RaisePrice(name, luck.below(5), price),
        CancelCall(name, luck.below(5)),
        *[Mine(name)] * (3 if mines else 0),
        act.Kill(name, luck.choice(act.SEEN_AS)),
        *[act.Revive(peer) for peer in luck.sample(PEERS, 3)],
        act.Partition(luck.sample(PEERS, 1 + luck.below(4))),
        act.Heal(),
    ]
    return luck.choice(wishes)


def live(lab: Lab, seed: int) -> Lab:
    """Somebody does something at random times; then all are on and connected, and have a while."""
    mines = not lab.scenario.chain["ledger"].get("slot")
    luck = CounterRandom(get_key(seed, "whims"))
    for _ in range(MOVES):
        lab.run(until=lab.now + luck.below(4 * SECOND))
        with suppress(UsageError):  # impossible here: it is off already, say
            lab.do(choose(luck, mines=mines))
    lab.do(act.Heal())
    for name in lab.names:
        with suppress(UsageError):  # it is on
            lab.do(act.Revive(name))
    lab.run(until=lab.now + 30 * SECOND)
    if mines:
        lab.do(Mine("ann"))
        lab.run(until=lab.now + 20 * SECOND)
    return lab


def check_books(lab: Lab) -> int:
    """Every block of every peer: money, nonces, roots. How many transactions ran on ann's branch."""
    ran = 0
    for name in lab.names:
        chain = lab.peer(name).chain
        for entry in chain.tree.own.values():
            state, receipts = chain.get_post_state(entry).state, chain.get_receipts(entry)
            assert 50 * ETHER + 1_000 * ETHER == state.coins
            assert 1_000_000 == sum(count for slot, count in state.slots.items() if slot != COINS)
            assert state.get_slot(COINS) == state.get_account(EXCHANGE).balance
            assert entry.header.state_root == state.root
            assert [each.transaction for each in receipts] == [*entry.header.transactions]
        nonces: dict[str, list[int]] = {}
        branch = [chain.tip]
        while branch[-1].previous is not None:
            branch.append(branch[-1].previous)
        for entry in reversed(branch):
            for each in entry.header.transactions:
                nonces.setdefault(each.sender, []).append(each.nonce)
        assert all(own == [*range(len(own))] for own in nonces.values()), "in order, each once"
        ran = sum(map(len, nonces.values()))
    return ran


@pytest.mark.parametrize("seed", range(8))
def test_books_balance_and_all_end_on_one_branch(seed: int) -> None:
    """Where blocks come by luck. Who was away catches up."""
    lab = live(Lab(make_world(seed)), seed)

    assert 0 < check_books(lab)
    assert 1 == len({lab.peer(name).chain.tip.hash for name in lab.names})
    assert len(lab.names) <= len(find_ways(lab.trace))


@pytest.mark.parametrize("seed", range(4))
def test_books_balance_on_two_overlays_too(seed: int) -> None:
    """Where blocks come in slots, on an overlay of their own."""
    lab = live(Lab(make_world(seed, **SLOTS)), seed)

    check_books(lab)
    last = {lab.peer(name).chain.height for name in lab.names}
    assert max(last) - min(last) <= 1, "the newest block may be on its way"
    assert 5 < min(last)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ledger", [{}, SLOTS], ids=["luck", "slots"])
def test_replay_is_the_run(seed: int, ledger: dict[str, object]) -> None:
    """A world rebuilt from nothing, halfway and at the end, is the one that lived; bytes or objects."""
    lab = live(Lab(make_world(seed, **ledger)), seed)
    end = lab.cursor
    wanted = lab.digest(), lab.state_digest()
    again = live(Lab(make_world(seed, **ledger), wire=True), seed)

    assert wanted == (again.digest(), again.state_digest())
    assert wanted[1] == lab.timeline.rebuild(end)[0].state_digest()
    lab.goto(event=end // 2)
    assert lab.state_digest() == again.timeline.rebuild(end // 2)[0].state_digest()
