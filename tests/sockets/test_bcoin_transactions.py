"""Payments travel between our node and bcoin, a real one, and each mines what the other one has signed.

Its chain has 440 blocks, so segregated witness is active in both (see `support.bcoin_line`).
"""

import pytest
from support.bcoin_line import (
    FEE_RATE,
    NAME,
    NEW_FORM,
    OLD_FORM,
    PAID,
    Line,
    Talker,
    joined,
    sign_as_bcoin,
)
from support.event_loop import in_loop

from blockchain_lab.base.actions import BumpFee, Pay
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.eras import BLOCKS_FIRST, ERAS
from blockchain_lab.bitcoin.messages import (
    MSG_TX,
    MSG_WITNESS_TX,
    GetBlocks,
    GetData,
    Inv,
    InventoryItem,
    Mempool,
    NotFound,
    Ping,
    Pong,
    Version,
)
from blockchain_lab.bitcoin.network_address import NODE_WITNESS
from blockchain_lab.bitcoin.rules_spending import compute_subsidy
from blockchain_lab.course.l10_runs import sign_as

TOO_OLD = "2010"


@in_loop
async def test_bcoin_mines_what_our_wallet_has_signed(bcoin):
    """P2PKH and P2WPKH: bcoin asks for both, finds their signatures good, and puts both into a block."""
    async with joined(bcoin) as line:
        payments = [line.build(form).tx for form in (OLD_FORM, NEW_FORM)]
        for tx in payments:
            line.submit(tx)
        await bcoin.until_waiting(*payments)
        (tip,) = await bcoin.call("generate", 1)
        await line.until_tip(tip)

        assert [False, True] == [tx.has_witness for tx in payments]
        assert {*payments} == {*line.tip_block.transactions[1:]}
        assert 0 == len(line.node.pool)
        assert [] == await bcoin.call("getrawmempool")
        assert [] == line.find_faults()


@in_loop
async def test_bcoin_takes_what_a_learner_signs(bcoin):
    """What lesson 10 hands to its learners waits in bcoin's mempool, then stands in its next block."""
    async with joined(bcoin) as line:
        tx = sign_as(line.node, "bob", PAID, FEE_RATE)
        line.submit(tx)
        await bcoin.until_waiting(tx)
        (tip,) = await bcoin.call("generate", 1)
        await line.until_tip(tip)

        assert tx in line.tip_block.transactions
        assert [] == line.find_faults()


@in_loop
async def test_our_node_mines_what_bcoin_has_signed(bcoin):
    """One payment was there before we came, and is heard of by `mempool`; one comes later, by itself.

    It finds the block that we put both into good.
    """
    async with joined(bcoin) as line:
        early, late = [await sign_as_bcoin(bcoin, line, number) for number in range(2)]
    await bcoin.call("sendrawtransaction", early.encode().hex())
    await bcoin.until_waiting(early)
    async with joined(bcoin) as line:
        await bcoin.call("sendrawtransaction", late.encode().hex())
        await bcoin.until_waiting(early, late)
        line.say(Mempool())
        await line.host.until(lambda: 2 == len(line.node.pool))
        line.mine()
        await bcoin.until(line.node.chain.height, line.tip)

        assert {early, late} == {*line.tip_block.transactions[1:]}
        assert 0 == len(line.node.pool)
        assert [] == await bcoin.call("getrawmempool")
        assert [] == line.find_faults()


@in_loop
async def test_an_orphan_makes_us_ask_bcoin_for_its_parent(bcoin):
    """The parent was there before we came, the child is told of: we fetch it, and then what it spends."""
    async with joined(bcoin) as line:
        parent = line.build(NEW_FORM)
        child = line.build_child(parent, fee_rate=FEE_RATE)
    await bcoin.call("sendrawtransaction", parent.tx.encode().hex())
    await bcoin.until_waiting(parent.tx)
    async with joined(bcoin) as line:
        await bcoin.call("sendrawtransaction", child.tx.encode().hex())
        await line.host.until(lambda: 2 == len(line.node.pool))
        asked = [ask.items for ask in line.find_said(GetData) if ask.items[0].type == MSG_WITNESS_TX]
        line.mine()
        await bcoin.until(line.node.chain.height, line.tip)

        assert [(InventoryItem(MSG_WITNESS_TX, tx.txid()),) for tx in (child.tx, parent.tx)] == asked
        assert (parent.tx, child.tx) == line.tip_block.transactions[1:]
        assert [] == await bcoin.call("getrawmempool")


@in_loop
async def test_bcoin_takes_our_block_of_a_family_and_its_fees(bcoin):
    """A parent, its child that pays more, and a third one: our coinbase takes the subsidy and all three fees.

    bcoin adds up the same fees, or it would refuse the block.
    """
    async with joined(bcoin) as line:
        parent, other = line.build(OLD_FORM), line.build(NEW_FORM)
        line.submit(parent.tx)
        child = line.build_child(parent, fee_rate=3 * FEE_RATE)
        line.submit(child.tx)
        line.submit(other.tx)
        await bcoin.until_waiting(parent.tx, child.tx, other.tx)
        line.mine()
        await bcoin.until(line.node.chain.height, line.tip)
        coinbase, *rest = line.tip_block.transactions
        told = await bcoin.call("getblock", line.tip, True)

        assert [parent.tx, child.tx, other.tx] == rest
        fees = parent.fee + child.fee + other.fee
        subsidy = compute_subsidy(line.node.chain.height, line.node.chain.network)
        assert subsidy + fees == coinbase.outputs[0].value
        assert [display_hash(tx.txid()) for tx in (coinbase, *rest)] == told["tx"]
        assert [] == await bcoin.call("getrawmempool")


@in_loop
async def test_bcoin_has_no_such_transaction(bcoin):
    """Who asks for what is not there is told `notfound`, with the very name that was asked for."""
    unknown = (InventoryItem(MSG_WITNESS_TX, b"\x07" * 32),)
    async with joined(bcoin) as line:
        line.say(GetData(unknown))

        assert NotFound(unknown) == await line.until_heard(NotFound)
        assert [] == line.find_faults()


@in_loop
async def test_we_no_longer_have_what_we_have_announced(bcoin):
    """We pay and raise the fee before bcoin could ask: it is told `notfound`, and gets the second payment."""
    async with joined(bcoin) as line:
        line.host.do(Pay(NAME, amount=PAID))
        (first,) = [waiting.tx for waiting in line.node.pool]
        line.host.do(BumpFee(NAME, display_hash(first.txid()), 3 * FEE_RATE))
        (second,) = [waiting.tx for waiting in line.node.pool]
        await bcoin.until_waiting(second)
        missed = InventoryItem(MSG_WITNESS_TX, first.txid())
        waiting = await bcoin.call("getrawmempool")
        (tip,) = await bcoin.call("generate", 1)
        await line.until_tip(tip)

        assert first.inputs[0].previous == second.inputs[0].previous
        assert [MSG_TX, MSG_TX] == [inv.items[0].type for inv in line.find_said(Inv)]
        assert missed in [item for asked in line.find_heard(GetData) for item in asked.items]
        assert [NotFound((missed,))] == line.find_said(NotFound)
        assert [display_hash(second.txid())] == waiting
        assert second in line.tip_block.transactions


@in_loop
async def test_a_ping_is_answered_both_ways(bcoin):
    """Our node pings when it has shaken hands, bcoin when it is asked to: the same nonces come back."""
    async with joined(bcoin) as line:
        pong = await line.until_heard(Pong)
        await bcoin.call("ping")
        ping = await line.until_heard(Ping)
        while all(peer["minping"] < 0 for peer in await bcoin.call("getpeerinfo")):
            pass  # it has not had our answer yet

        assert [Ping(pong.nonce)] == line.find_said(Ping)
        assert [Pong(ping.nonce)] == line.find_said(Pong)


@pytest.mark.parametrize("era", [era for era in ERAS if era != TOO_OLD])
@in_loop
async def test_the_habits_of_every_era_get_along_with_bcoin(bcoin, era):
    """Blocks first or headers first, told in rounds, at once or after a while: same pool, same blocks.

    A block of bcoin's, a payment of ours, and a block with it: bcoin's, where we are of before 2016, for it
    takes no blocks from who offers no witnesses (BIP 144).
    """
    async with joined(bcoin, era=era) as line:
        (tip,) = await bcoin.call("generate", 1)
        await line.until_tip(tip)
        payment = line.build(OLD_FORM).tx
        line.submit(payment)
        await bcoin.until_waiting(payment)
        if ERAS[era].services & NODE_WITNESS:
            line.mine()
        else:
            (tip,) = await bcoin.call("generate", 1)
            await line.until_tip(tip)
        await bcoin.until(line.node.chain.height, line.tip)

        assert (ERAS[era].sync == BLOCKS_FIRST) == bool(line.find_said(GetBlocks))
        assert payment in line.tip_block.transactions
        assert [] == line.find_faults()


@in_loop
async def test_bcoin_does_not_talk_to_2010(bcoin):
    """A node of then speaks protocol 31900; bcoin wants 70001 or more, and hangs up after its version."""
    line = Line(Talker, neighbours=(bcoin.address,), policy={"era": TOO_OLD})
    async with line.host:
        await line.until_heard(Version)
        await line.host.until(lambda: len(line.node.peers) == 0)

        assert [31_900] == [message.version for message in line.find_said(Version)]
        assert [Version] == [type(message) for message in line.tap.heard]
        assert 0 == line.node.chain.height
