"""`mempool` and the messages of Bloom filters: answered, ignored, or the end, by era and services."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bitcoin_dialogue import (
    THERE,
    hang_ups,
    make_node,
    make_peer_version,
    meet,
    sent,
    state_of,
    timers,
    topics,
)
from support.wire_strategies import MESSAGES

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.effects import Effect, HangUp, TimerName
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin import light_clients
from blockchain_lab.bitcoin.messages import (
    MSG_TX,
    MSG_WTX,
    FeeFilter,
    FilterClear,
    GetData,
    Inv,
    InventoryItem,
    Mempool,
    Transaction,
    Verack,
    WtxidRelay,
)
from blockchain_lab.bitcoin.node import BitcoinNode

BLOOM = {"era": "today", "services": 9 | 4}  # offers NODE_BLOOM
TURN = TimerName("mempool", 2)
FILTERS = ("filterload", "filteradd", "filterclear")


def make_full_node(policy: dict[str, Any], rates: tuple[int, ...] = (2_000, 500, 1_000)) -> BitcoinNode:
    """A node with some payments in its pool, and a peer on connection 2 whom nobody has told of them."""
    node = make_node(policy=policy, disk={"mined": 100 + len(rates) + 5})
    for rate in rates:
        node.on_command(Pay("ann", fee_rate=rate), 0)
    meet(node)
    return node


def ask(node: BitcoinNode, now: int = 0) -> list[Effect]:
    """The peer wants to know what waits."""
    return node.on_message(2, Mempool(), now)


def get_items(effects: list[Effect]) -> list[list[InventoryItem]]:
    """What each inv names."""
    return [list(message.items) for message in sent(effects) if isinstance(message, Inv)]


def name_all(node: BitcoinNode) -> list[InventoryItem]:
    """What waits, by txid."""
    return [InventoryItem(MSG_TX, entry.tx.txid()) for entry in node.pool]


@pytest.mark.parametrize("era", ["2014", "lecture"])
def test_since_2012_the_pool_was_told_at_once(era: str) -> None:
    """Protocol version 60002 (BIP 35): all that waits, oldest first; each may be fetched."""
    node = make_full_node({"era": era})

    (items,) = get_items(ask(node))

    assert 3 == len(items)
    assert name_all(node) == items
    fetched = sent(node.on_message(2, GetData(tuple(items)), 0))
    assert [entry.tx for entry in node.pool] == [tx for tx in fetched if isinstance(tx, Transaction)]


def test_in_2010_nobody_knew_the_word() -> None:
    """It came two years later: ignored, like every unknown word."""
    node = make_full_node({"era": "2010"})
    before = state_of(node)

    assert [] == ask(node)
    assert before == state_of(node)


@pytest.mark.parametrize("era", ["today", "plain"])
def test_today_who_asks_is_hung_up_on_and_not_blamed(era: str) -> None:
    """A node that does not offer NODE_BLOOM does not tell; the host may come back."""
    node = make_full_node({"era": era, "gossip": True})

    effects = ask(node)

    assert [HangUp(2, "mempool request with bloom filters disabled")] == hang_ups(effects)
    assert ["peer misbehaved"] == topics(effects)
    assert {} == node.overlay.connections.discouraged


def test_a_node_that_offers_bloom_tells_when_the_peers_turn_comes() -> None:
    """Not at once, or one could find out when it learned of a payment. Asking twice changes nothing."""
    node = make_full_node(BLOOM)

    effects = ask(node)
    assert [TURN] == list(timers(effects))
    assert ([], []) == (sent(effects), ask(node, SECOND))
    told = node.on_timer(TURN, 3 * SECOND)
    again = ask(node, 4 * SECOND)

    assert [name_all(node)] == get_items(told)
    assert [TURN] == list(timers(again)), "afterwards it may ask once more"


def test_a_peer_waits_for_two_seconds_on_average_or_for_five() -> None:
    """Exponential waits: 2 s for whom we dialled, 5 s for who dialled us; a mean of 400 draws."""
    means = []
    for inbound in (False, True):
        node = make_full_node(BLOOM)
        node.peers[2].inbound = inbound
        waits = []
        for _ in range(400):
            waits.append(timers(ask(node))[TURN])
            node.on_timer(TURN, 0)
        means.append(sum(waits) / len(waits) / SECOND)

    assert means == [pytest.approx(2, rel=0.2), pytest.approx(5, rel=0.2)]


def test_what_pays_too_little_is_not_told() -> None:
    """A peer that has said a fee filter (BIP 133) would not keep it."""
    node = make_full_node(BLOOM)
    node.on_message(2, FeeFilter(900), 0)
    ask(node)

    (items,) = get_items(node.on_timer(TURN, 0))

    assert [name_all(node)[0], name_all(node)[2]] == items


def test_a_large_pool_takes_several_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """50,000 names to each, here two; an empty pool is not spoken of."""
    monkeypatch.setattr(light_clients, "MAX_ITEMS", 2)
    node = make_full_node({"era": "2014"}, rates=(1_000,) * 5)

    assert [2, 2, 1] == [len(items) for items in get_items(ask(node))]
    assert [] == ask(make_full_node({"era": "2014"}, rates=()))


def test_who_was_told_of_all_is_not_told_of_each() -> None:
    """What waited for the peer's next turn has been said."""
    node = make_node(policy={**BLOOM}, disk={"mined": 110})
    meet(node)
    node.on_command(Pay("ann"), 0)
    assert 1 == len(node.peers[2].to_announce)

    ask(node)
    node.on_timer(TURN, 0)

    assert {} == node.peers[2].to_announce


def test_who_names_by_wtxid_is_answered_so() -> None:
    """Both have said `wtxidrelay` (BIP 339)."""
    node = make_full_node(BLOOM)
    node.on_connected(4, THERE, False, 0)
    for message in (make_peer_version(version=70016), WtxidRelay(), Verack()):
        node.on_message(4, message, 0)
    node.on_message(4, Mempool(), 0)

    (items,) = get_items(node.on_timer(TimerName("mempool", 4), 0))

    assert [InventoryItem(MSG_WTX, entry.tx.wtxid()) for entry in node.pool] == items


def test_whoever_is_gone_waits_no_more() -> None:
    """A timer dies with its connection, and so does what we remember."""
    node = make_full_node(BLOOM)
    ask(node)

    node.on_disconnected(2, "reset", 0)

    assert {} == node.side_talks.clients.waiting


# --- Filters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", FILTERS)
@pytest.mark.parametrize("policy", [{"era": "2010"}, {"era": "2014"}, BLOOM], ids=["2010", "2014", "bloom"])
@given(sample=st.data())
@settings(max_examples=5)
def test_a_filter_is_not_applied(policy: dict[str, Any], command: str, sample: st.DataObject) -> None:
    """Unknown in 2010; known in 2014 and where NODE_BLOOM is offered, where Core would take it: ignored."""
    message, node = sample.draw(MESSAGES[command]), make_full_node(policy, rates=())
    before = state_of(node)

    assert [] == node.on_message(2, message, 0)
    assert before == state_of(node)


@pytest.mark.parametrize("command", FILTERS)
@given(sample=st.data())
@settings(max_examples=5)
def test_today_filters_are_for_who_offers_them(command: str, sample: st.DataObject) -> None:
    """BIP 111: whoever sends one all the same is hung up on."""
    node = make_full_node({"era": "today"}, rates=())

    effects = node.on_message(2, sample.draw(MESSAGES[command]), 0)

    assert [HangUp(2, f"{command} received despite not offering bloom services")] == hang_ups(effects)


def test_before_the_handshake_is_done_nothing_is_asked() -> None:
    """Like all that comes too early."""
    node = make_node(policy={"era": "today"})
    node.on_connected(2, THERE, False, 0)

    assert [] == node.on_message(2, Mempool(), 0) == node.on_message(2, FilterClear(), 0)
