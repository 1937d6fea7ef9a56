"""What a learner may ask of a node, transactions that travel, and choices that do not exist."""

from dataclasses import replace

import pytest
from support.bitcoin_dialogue import THERE, make_node, meet, state_of
from support.bitcoin_pump import Pump, make_setup

from blockchain_lab.base.actions import Command, Connect, Disconnect, Mine, Pay, SetPolicy, SubmitTx
from blockchain_lab.base.effects import Dial, HangUp
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.bitcoin.faulty import LyingNode
from blockchain_lab.bitcoin.messages import (
    GetData,
)
from blockchain_lab.bitcoin.miner import make_coinbase
from blockchain_lab.bitcoin.paying import FEE
from blockchain_lab.bitcoin.tx import OutPoint
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Peer, Scenario


def test_mining_moves_the_tip_and_tells_everybody() -> None:
    """Three blocks at once are one announcement; two miners on one parent find different blocks."""
    pump = Pump()
    ann = pump.add("ann")
    bob = pump.add("bob", dials=("ann",))
    pump.run(until=SECOND)

    pump.do("ann", Mine("ann", 3))
    pump.run(until=2 * SECOND)
    other = make_node()
    other.on_command(Mine("ann"), 0)

    assert (3, 3) == (ann.chain.height, bob.chain.height)
    assert ["inv"] == [command for command in pump.commands_between("ann", "bob") if command == "inv"]
    fresh = make_node(random=replace(ann.setup.random, key=99))
    fresh.on_command(Mine("ann"), 0)
    assert fresh.chain.tip.hash != other.chain.tip.hash


@pytest.mark.parametrize("count", [0, -1, 1_001])
def test_a_count_that_makes_no_sense_is_refused(count: int) -> None:
    """The learner's mistake: an exception, and the node is as before."""
    node = make_node()
    before = state_of(node)

    with pytest.raises(UsageError, match=r"Mine\.count"):
        node.on_command(Mine("ann", count), 0)
    assert before == state_of(node)


@pytest.mark.parametrize("raw", ["", "zz", "00" * 10, make_coinbase(1, 50, b"free").encoding.hex()])
def test_what_is_no_transaction_is_the_learners_mistake(raw: str) -> None:
    """An exception that names the field; nothing is sent."""
    with pytest.raises(UsageError, match=r"SubmitTx\.raw_hex"):
        make_node().on_command(SubmitTx("ann", raw), 0)


def test_who_may_spend_an_old_coin_can_pay() -> None:
    """A miner's coin ripens for 100 blocks: of 102 blocks three may be spent in the next one, each once."""
    node = make_node(disk={"mined": 102})
    coins = [node.chain.get_block(node.chain.active[height].hash).transactions[0] for height in (1, 2, 3)]
    ripe = {OutPoint(coin.txid(), 0) for coin in coins}

    for _ in range(3):
        node.on_command(Pay("ann"), 0)
    payments = [entry.tx for entry in node.pool]

    assert ripe == {payment.inputs[0].previous for payment in payments}
    assert {FEE} == {entry.fee for entry in node.pool}
    assert {5_000_000_000 - FEE} == {sum(each.value for each in payment.outputs) for payment in payments}
    before = state_of(node)
    with pytest.raises(UsageError, match="no coin to spend"):
        node.on_command(Pay("ann"), 0)
    assert before == state_of(node)
    with pytest.raises(UsageError, match="no coin to spend"):
        make_node(disk={"mined": 99}).on_command(Pay("ann"), 0)


def test_what_a_story_asks_in_vain_is_recorded_and_does_nothing() -> None:
    """The clock stands at 1970, no transaction, no such policy: four events without a command or a note."""
    vain = [Mine("ann"), SubmitTx("ann", "00"), SetPolicy("ann", "colour", 3), Pay("ann")]
    story = tuple((SECOND, action) for action in vain)
    scenario = Scenario(
        peers={"ann": Peer("bitcoin")}, story=story, started_at=0, chain={"network": "regtest"}
    )
    lab = Lab(scenario)
    lab.run()

    last = list(lab.trace)[-len(vain) :]
    assert [(Kind.ACTION, action) for action in vain] == [(record.kind, record.detail) for record in last]
    for action in vain:
        with pytest.raises(UsageError, match=type(action).__name__):
            lab.do(action)
    assert 0 == lab.peer("ann").chain.height


def test_connecting_and_disconnecting_by_name() -> None:
    """Connect dials, and dials again when the line is lost; disconnect hangs up, and dials no more."""
    node = make_node(contacts={"bob": THERE})

    assert [Dial(THERE)] == node.on_command(Connect("ann", "bob"), 0)
    meet(node, 2)
    meet(node, 3, inbound=True)
    effects = node.on_command(Disconnect("ann", "bob"), 0)
    assert [HangUp(2, "asked to disconnect"), HangUp(3, "asked to disconnect")] == effects
    assert [] == node.on_dial_failed(THERE, "refused", 0)
    with pytest.raises(UsageError, match="knows no peer called 'cat'"):
        node.on_command(Connect("ann", "cat"), 0)


def test_a_knob_changes_how_many_blocks_are_on_their_way() -> None:
    """The scenario's policy has changed under the node; from now on it asks for 3 at a time."""
    pump = Pump()
    pump.add("sue", disk={"mined": 100})
    ann = pump.add("ann", dials=("sue",), policy={"in_transit": 1})
    ann.setup.policy["in_transit"] = 3
    pump.do("ann", SetPolicy("ann", "in_transit", 3))

    pump.run(until=MINUTE)

    first = next(message for _, _, message in pump.sent if isinstance(message, GetData))
    assert 3 == len(first.items)
    assert 100 == ann.chain.height


def test_a_knob_reaches_the_honest_node_inside_a_liar() -> None:
    """The liar's own policy has a key that the inner node must not see."""
    liar = LyingNode(make_setup("liz", policy={"lie": "links", "in_transit": 1}))

    liar.on_command(SetPolicy("liz", "in_transit", 3), 0)

    assert 3 == liar.inner.policy.in_transit


def test_a_command_that_no_node_knows_is_refused() -> None:
    """Say what it was."""
    with pytest.raises(UsageError, match="cannot Command"):
        make_node().on_command(Command("ann"), 0)


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ({"synch": "headers-first"}, "policy.synch: unknown key, accepted: era, sync, announce, push_blocks"),
        ({"sync": "fast"}, "policy.sync: found 'fast', accepted: headers-first, blocks-first"),
        ({"in_transit": 0}, "policy.in_transit: found 0, accepted: a whole number from 1 on"),
        ({"era": "1999"}, "policy.era: found '1999', accepted: 2010, 2014, today, lecture, plain"),
        ({"trickle_round": -1}, "policy.trickle_round: found -1, accepted: a whole number from 0 on"),
        ({"window": True}, "policy.window: found True"),
    ],
)
def test_a_policy_that_does_not_exist_is_refused(policy: dict[str, object], problem: str) -> None:
    """With the key, what was found, and what is accepted."""
    with pytest.raises(UsageError, match=problem):
        make_node(policy=policy)


def test_networks_and_lies_that_do_not_exist_are_refused() -> None:
    """The same for the other two choices."""
    with pytest.raises(UsageError, match=r"chain.network: found 'moon', accepted: mainnet, testnet3"):
        make_node(chain={"network": "moon"})
    with pytest.raises(UsageError, match=r"policy.lie: found 'white', accepted: work, links"):
        LyingNode(make_setup("liz", policy={"lie": "white"}))
