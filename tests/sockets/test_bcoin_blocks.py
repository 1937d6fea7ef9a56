"""New blocks between our node and bcoin, a real one: as short ids, on a longer branch, and one too greedy.

Its chain has 440 blocks, so segregated witness is active in both (see `support.bcoin_line`).
"""

from support.bcoin_line import (
    NEW_FORM,
    OLD_FORM,
    Line,
    Talker,
    joined,
    let_dial,
    sign_as_bcoin,
)
from support.event_loop import in_loop

from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_CMPCT_BLOCK,
    BlockTransactions,
    CompactBlock,
    GetBlockTransactions,
    GetData,
    Headers,
    Inv,
    InventoryItem,
    Reject,
    SendCompact,
)
from blockchain_lab.bitcoin.miner import make_block


@in_loop
async def test_bcoin_sends_short_ids_and_then_what_we_lack(bcoin):
    """A block of two payments, of which we know one, by its wtxid. bcoin speaks version 2, low bandwidth.

    We ask for the other one by its place, and the block is whole.
    """
    async with joined(bcoin) as line:
        unheard = await sign_as_bcoin(bcoin, line)
    await bcoin.call("sendrawtransaction", unheard.encode().hex())
    await bcoin.until_waiting(unheard)
    async with joined(bcoin, announce="compact") as line:
        known = line.build(NEW_FORM).tx
        line.submit(known)
        await bcoin.until_waiting(unheard, known)
        (tip,) = await bcoin.call("generate", 1)
        await line.until_tip(tip)
        block = line.tip_block
        place = block.transactions.index(unheard)

        assert [SendCompact(announce=False, version=2)] == line.find_heard(SendCompact)
        assert InventoryItem(MSG_CMPCT_BLOCK, block.header.hash()) in line.find_said(GetData)[-1].items
        (compact,) = line.find_heard(CompactBlock)
        assert ([0], 2) == ([whole.place for whole in compact.prefilled], len(compact.short_ids))
        assert [GetBlockTransactions(block.header.hash(), (place,))] == line.find_said(GetBlockTransactions)
        assert [BlockTransactions(block.header.hash(), (unheard,))] == line.find_heard(BlockTransactions)
        assert {known, unheard} == {*block.transactions[1:]}
        assert block.transactions[0].has_witness, "it commits to the witnesses of the others"
        assert [] == line.find_faults()


@in_loop
async def test_bcoin_asks_for_what_our_short_ids_name(bcoin):
    """The other way round: a block of ours with two payments, of which bcoin knows one."""
    async with joined(bcoin) as line:
        disk = line.node.stored()
    line = Line(Talker, disk=disk, policy={"announce": "compact"})
    async with line.host:
        unheard = line.build(NEW_FORM).tx
        line.submit(unheard)
        await let_dial(bcoin, line)
        known = line.build(NEW_FORM).tx
        line.submit(known)
        await bcoin.until_waiting(known)
        line.mine()
        await bcoin.until(line.node.chain.height, line.tip)
        block, name = line.tip_block, line.tip_block.header.hash()
        place = block.transactions.index(unheard)

        assert InventoryItem(MSG_CMPCT_BLOCK, name) in line.find_heard(GetData)[-1].items
        assert [name] == [compact.header.hash() for compact in line.find_said(CompactBlock)]
        assert {unheard, known} == {*block.transactions[1:]}
        assert [GetBlockTransactions(name, (place,))] == line.find_heard(GetBlockTransactions)
        assert [BlockTransactions(name, (unheard,))] == line.find_said(BlockTransactions)


@in_loop
async def test_we_reorganise_to_the_longer_branch_of_bcoin(bcoin):
    """Apart, we find one block with a payment, and bcoin two without.

    Its branch wins, and the payment waits again.
    """
    async with joined(bcoin) as line:
        disk = line.node.stored()
    line = Line(Talker, disk=disk)
    async with line.host:
        payment = line.build(OLD_FORM).tx
        line.submit(payment)
        line.mine()
        lost, waited = line.node.chain.tip, len(line.node.pool)
        names = await bcoin.call("generate", 2)
        await let_dial(bcoin, line)
        await line.until_tip(names[-1])
        change = [note.facts for note in line.notes if note.topic == "tip changed"][-1]

        assert (0, 1) == (waited, len(line.node.pool))
        assert payment.txid() in line.node.pool
        assert (1, 2) == (change["disconnected"], change["connected"])
        assert lost.height + 1 == line.node.chain.height
        assert lost not in line.node.chain.active
        assert [] == line.find_faults()


@in_loop
async def test_bcoin_reorganises_to_our_longer_branch(bcoin):
    """The same the other way round: bcoin loses its block and, as its pool was empty, the payment in it.

    Told of it once more, it puts it into the next block.
    """
    async with joined(bcoin) as line:
        disk, start = line.node.stored(), line.node.chain.height
        payment = line.build(OLD_FORM).tx
        line.submit(payment)
        await bcoin.until_waiting(payment)
        (lost,) = await bcoin.call("generate", 1)
        await bcoin.until(start + 1, lost)
    line = Line(Talker, disk=disk)
    async with line.host:
        line.mine(2)
        await let_dial(bcoin, line)
        heights = await bcoin.until(line.node.chain.height, line.tip)
        forgotten = await bcoin.call("getrawmempool")
        line.submit(payment)
        await bcoin.until_waiting(payment)
        (tip,) = await bcoin.call("generate", 1)
        await line.until_tip(tip)

        assert [] == forgotten
        assert [start + 1, start, start + 1, start + 2] == heights
        assert payment in line.tip_block.transactions


@in_loop
async def test_a_greedy_coinbase_is_refused_by_bcoin_and_by_us(bcoin):
    """One satoshi more than the subsidy: a node of ours and bcoin ask a liar for the block.

    Both refuse it in the same words, keep their tip and want no more of the liar.
    """
    async with joined(bcoin) as line:
        disk = line.node.stored()
    liar = Line(Talker, disk=disk)
    async with liar.host:
        honest = Line(Talker, disk=disk, neighbours=(liar.host.address,))
        async with honest.host:
            tip, time = liar.node.chain.tip, liar.node.chain.tip.header.time + 1
            greedy = make_block(tip, time, b"greedy", liar.node.chain.network, fees=1)
            name = greedy.header.hash()
            liar.node.made_up[name] = greedy
            await let_dial(bcoin, liar)
            await liar.host.until(lambda: len(liar.node.peers.ready) == 2)
            liar.say(Inv((InventoryItem(MSG_BLOCK, name),)))
            liar.say(Headers((greedy.header,)))
            refusal = await liar.until_heard(Reject)
            await liar.host.until(lambda: not liar.node.peers.ready)

            assert Reject("block", 0x10, "bad-cb-amount", name) == refusal
            (fault,) = honest.find_faults()
            assert "invalid block: bad-cb-amount" == fault.facts["reason"]
            assert tip == honest.node.chain.tip
            assert display_hash(tip.hash) == await bcoin.call("getbestblockhash")
    await bcoin.call("clearbanned")
