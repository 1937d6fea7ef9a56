"""Lesson 17: a call's road, prices, loops, two overlays, subnets, channel, rollup, bridge, layers."""

from itertools import pairwise

import pytest

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.actions_layers import SendCall
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l17_chains as chains
from blockchain_lab.course import l17_loops as loops
from blockchain_lab.course import l17_overlays as overlays
from blockchain_lab.course import l17_parts as parts
from blockchain_lab.course import l17_road as road
from blockchain_lab.course import l17_tables as tables
from blockchain_lab.course import l17_tasks as tasks
from blockchain_lab.course import l17_trades as trades
from blockchain_lab.course.l16_votes import play
from blockchain_lab.course.l17 import FATE, QUESTIONS, STATIONS
from blockchain_lab.course.reading import get_messages, get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.layers.ledger_messages import Overlay
from blockchain_lab.layers.ledger_pool import compute_replacement_price
from blockchain_lab.layers.lifecycle import get_states
from blockchain_lab.sim.actions import Revive

SEED = 7
SEEDS = range(100, 130)
TASKS = pytest.mark.parametrize("task", [tasks.ROUND, tasks.WAKE], ids=lambda task: task.id)


@pytest.mark.parametrize("seed", [SEED, *SEEDS])
def test_runs_and_rules_agree_for_every_learner(seed: int) -> None:
    """Every question that is answered by a value, engine and formula."""
    for question in QUESTIONS:
        if question.kind not in ("do", "function"):
            assert question.is_same(question.answer(seed), question.again(seed)), question.id


@pytest.mark.parametrize("seed", [SEED, 101, 102])
@TASKS
def test_the_tasks_can_be_done_with_every_seed(task, seed: int) -> None:
    """Both ways of doing them pass, and what breaks a demand meets those before it."""
    for make in (task.answer, task.again):
        judgement = task.judge(make(seed), seed)
        assert judgement.is_right, judgement.message
    for place, demand in enumerate(task.demands):
        lab = demand.broken_by(seed)
        assert [True] * place + [False] == [each.is_met(lab) for each in task.demands[: place + 1]]


# -- a call's road -------------------------------------------------------------------------------------------


def test_the_lesson_opens_before_the_cable_heals() -> None:
    """Second 25: ann's call has run at cat, dan's branch is longer, and neither knows of the other."""
    lab = Lab(road.STORY, seed=SEED)
    lab.goto(at=25 * SECOND)  # as in the notebook

    assert [1, 2] == [lab.peer(name).chain.height for name in ("cat", "dan")]
    assert ["pending", "executed"] == [s.state for s in road.get_way(lab, road.get_made(lab, "ann")[0])]
    assert ("dan", "1,020", "980,449,831") == road.show_exchange(lab, "dan").rows[0]


def test_a_call_is_more_work_than_a_payment() -> None:
    """Seven actions and 21,000 units; thirteen and 53,264; nine, when it fails, and 25,364."""
    lab = play(road.STORY, SEED)
    (payment,) = road.get_receipts(lab, "bob")[:1]
    first, second = road.get_receipts(lab, "ann")
    shown = road.show_actions(lab)

    assert [7, 13, 9] == [len(each.steps) for each in (payment, first, second)]
    assert [21_000, 53_264, 25_364] == [each.gas_used for each in (payment, first, second)]
    assert [(), 3, 2] == [payment.reads, len(first.reads), len(second.reads)]
    assert ("bob's payment", "ann's call, first time", "ann's call, second time") == shown.heads
    assert "13. pay fee cat" in [row[1] for row in shown.rows]


def test_before_the_first_block_there_is_nothing_to_show() -> None:
    """No columns and no rows."""
    lab = Lab(road.STORY, seed=SEED)
    lab.goto(at=2 * SECOND)

    assert ((), ()) == (road.show_actions(lab).heads, road.show_actions(lab).rows)


def test_the_price_behind_eve_s_trade() -> None:
    """9,490,650 instead of 9,871,580: by the engine, by the rule in fractions, by hand as the hint says."""
    assert 9_490_650 == road.ask_exchange(SEED) == road.solve_exchange(SEED)
    assert 9_490_650 == int(980_449_831 * 9.97 / (1_020 + 9.97))
    assert 9_871_580 == road.forget_rival(SEED)
    assert 9_490_650 < road.forget_fee(SEED) < road.keep_price(SEED)


def test_what_failing_costs() -> None:
    """21,164 for a call with so many bytes, two reads of 2,100; at 30 gwei. ann has just that less."""
    lab = play(road.STORY, SEED)
    state = lab.peer("cat").chain.state

    assert 760_920 == (21_164 + 2 * 2_100) * 30 == road.find_kept_fee(SEED) == road.add_kept_fee(SEED)
    assert 100 * road.ETHER - 760_920 == state.get_account("ann").balance
    assert 1_597_920 == road.find_full_fee(SEED)


def test_bob_s_payment_comes_to_the_same_end_twice() -> None:
    """The wrong answers of the first question and of the stations are true of other transactions."""
    lab = play(road.STORY, SEED)
    (paid,) = road.get_made(lab, "bob")
    states = [step.state for step in road.get_way(lab, paid)]

    assert ["pending", "executed", "undone", "pending again", "executed again"] == road.mark_returns(states)
    assert "That is bob's payment" in STATIONS.judge(road.mark_returns(states), SEED).message
    assert "bob's payment" in FATE.judge("c", SEED).message


def test_the_event_to_look_at_is_where_cat_leaves_the_block() -> None:
    """In front of it the call is done, behind it it waits."""
    lab = Lab(road.STORY, seed=SEED)
    event = road.find_undoing(SEED)
    found = []
    for each in (event - 1, event):
        lab.goto(event=each)
        found.append(road.look_for_call(lab))

    assert ["executed", "pending"] == found


# -- what waits in the open ----------------------------------------------------------------------------------


def test_the_replacement_rule_is_the_pool_s_for_all_prices() -> None:
    """Not only in the nine cases; and each mistake differs from it in one of them."""
    for old in range(1, 60):
        least = compute_replacement_price(old)
        assert [False, True] == [trades.replaces(old, least - 1), trades.replaces(old, least)]
    wrong = (
        trades.replace_by_more,
        trades.replace_behind_ten,
        trades.replace_rounded_up,
        trades.replace_for_same,
        trades.replace_by_ten,
    )
    told = {tuple(each(*case) for case in trades.CASES) for each in (trades.replaces, *wrong)}
    assert len(told) == 1 + len(wrong)


def test_the_searcher_leaves_ann_her_limit() -> None:
    """And she was the one in the middle of block 1."""
    lab = play(trades.STORY, SEED)
    ran = [facts for _, facts in get_notes(lab, "transaction executed", "ann") if facts["height"] == 1]
    eve, ann = road.get_made(lab, "eve"), road.get_made(lab, "ann")

    assert 9_000_000 == trades.find_left(SEED) == trades.reckon_left(SEED)
    assert [eve[0], ann[0], eve[1]] == [facts["txid"] for facts in ran]
    assert 9_504_612 == next(
        facts["output"]
        for _, facts in get_notes(lab, "transaction executed", "ann")
        if facts["txid"] == ann[2]
    ), "the private one, as a mistake's sentence says"


# -- the picture ---------------------------------------------------------------------------------------------


def test_the_graph_has_a_loop_and_its_way_is_numbered() -> None:
    """As cat saw ann's call. What is drawn is also said."""
    lab = play(road.STORY, SEED)
    drawn = loops.draw_lifecycle(lab, "cat", road.get_made(lab, "ann")[0])
    page = drawn._repr_html_()

    assert ["unknown", "pending", "executed", "undone", "pending", "failed"] == get_states(drawn.way)
    assert [[1], [2], [3], [4], [5]] == list(drawn.get_steps().values())
    assert "loops: pending → executed → undone → pending" in repr(drawn)
    assert "executed → undone: 6" in repr(drawn) and "executed → undone: 6" in page
    assert len(drawn.graph.transitions) == page.count("<path") == page.count("<polygon")


def test_an_arrow_that_is_gone_twice_has_both_numbers() -> None:
    """Bob's payment runs twice: the loop is longer than the road."""
    lab = play(road.STORY, SEED)
    drawn = loops.draw_lifecycle(lab, "bob", road.get_made(lab, "bob")[0])

    assert [3, 6] == drawn.get_steps()["pending", "executed"]
    assert ">3, 6</text>" in drawn._repr_html_()
    assert drawn.way == loops.draw_lifecycle(lab).way, (
        "the way with the most loops is drawn when none is named"
    )


def test_the_picture_without_a_transaction_and_with_a_wrong_name() -> None:
    """Boxes alone; and words that say what was wanted."""
    lab = Lab(road.STORY, seed=SEED)
    empty = loops.draw_lifecycle(lab)

    assert "no transaction yet" == repr(empty)
    assert 0 == empty._repr_html_().count("<path")
    with pytest.raises(UsageError, match="found peer 'zoe', wanted one of ann"):
        loops.draw_lifecycle(lab, "zoe")
    with pytest.raises(UsageError, match="cat has not heard of the transaction"):
        loops.draw_lifecycle(lab, "cat", "ab" * 32)


def test_arrows_to_and_fro_lie_apart_and_boxes_do_not_overlap() -> None:
    """Every pair of states could follow each other: their arrows' middles are 20 pixels apart at least."""
    boxes = list(loops.PLACES.values())
    for number, (x, y) in enumerate(boxes):
        for other_x, other_y in boxes[:number]:
            assert abs(x - other_x) > loops.BOX[0] or abs(y - other_y) > loops.BOX[1]
    there, back = loops.get_bow(("pending", "undone")), loops.get_bow(("undone", "pending"))
    (_, one), (_, other) = loops.find_point(there, 0.5), loops.find_point(back, 0.5)
    assert abs(one - other) > 20


# -- two overlays --------------------------------------------------------------------------------------------


def test_what_a_block_costs_is_counted_twice() -> None:
    """The guests' run: 72 messages and 101; a block 25 times, whatever the luck."""
    lab = play(overlays.STORY, SEED)
    rows = overlays.show_costs(lab).rows
    sent = [record.detail.height for record in get_messages(lab, "proposal")]

    assert ["72", "101"] == [row[2] for row in rows if row[1] == "all"]
    assert {25} == {sent.count(height) for height in (1, 2, 3, 4)}
    assert 25 == overlays.reckon_block(SEED)
    neighbours = overlays.find_neighbours(lab)
    assert 2 * overlays.LINES == sum(map(len, neighbours.values()))


def test_the_transactions_of_a_block_cost_more_messages_than_the_block() -> None:
    """72 in the guests' run, nearly three times 25; counted as sent, and as arrived."""
    assert 72 == overlays.count_calls(SEED) == overlays.reckon_calls(SEED)
    assert 173 == overlays.count_all(SEED) == 72 + 101
    for seed in SEEDS:
        assert 60 < overlays.count_calls(seed) == overlays.reckon_calls(seed) < 80
    assert 2 < len({overlays.count_calls(seed) for seed in SEEDS})


def test_a_block_that_is_not_there_costs_nothing_yet() -> None:
    """Said in words, as a cell would show it."""
    lab = Lab(overlays.STORY, seed=SEED)
    lab.goto(at=5 * SECOND)

    with pytest.raises(UsageError, match="no block 1 at this point of the run"):
        overlays.show_costs(lab)


def test_all_about_block_1_has_been_sent_where_the_lesson_opens() -> None:
    """Second 22: what is counted there is what is counted at the end."""
    lab = Lab(overlays.STORY, seed=SEED)
    lab.goto(at=22 * SECOND)

    assert overlays.show_costs(play(overlays.STORY, SEED)).rows == overlays.show_costs(lab).rows
    assert overlays.show_subnets(play(overlays.STORY, SEED)).rows == overlays.show_subnets(lab).rows


def test_subnets_save_messages_and_learners_have_their_own_number() -> None:
    """74 in the guests' run: 100 less 2 and 24."""
    rows = overlays.show_subnets(play(overlays.STORY, SEED)).rows

    assert 74 == overlays.count_saved(SEED) == 100 - 2 - 24
    assert ["2", "24"] == [row[3] for row in rows]
    assert 5 < len({overlays.count_saved(seed) for seed in SEEDS})


def test_no_pair_is_neighbours_on_both() -> None:
    """As the text has it."""
    lab = play(overlays.STORY, SEED)
    execution = {frozenset(pair) for pair in lab.scenario.topology.edges}
    consensus = {
        frozenset((name, other)) for name, all_of in overlays.find_neighbours(lab).items() for other in all_of
    }

    assert set() == execution & consensus
    assert Overlay.EXECUTION != Overlay.CONSENSUS


# -- above and beside ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "is_right"), [(21, True), (33, True), (36, False)])
def test_bob_must_be_awake_before_the_last_block_of_the_window(at: int, is_right: bool) -> None:
    """The theft is in the block of second 20; those of 25, 30 and 35 may carry the proof."""
    lab = tasks.wake_at(at * SECOND, SEED)

    assert is_right == tasks.WAKE.judge(lab, SEED).is_right
    assert is_right == (lab.peer("cat").books.bank.get("bob") == 150)


def test_only_waking_bob_counts() -> None:
    """Max is left alone, too."""
    lab = Lab(tasks.ASLEEP, seed=SEED)
    lab.goto(at=tasks.THEFT)
    lab.do(Revive("bob"))
    lab.do(Mine("max"))
    lab.run()

    assert "do nothing else" in tasks.WAKE.judge(lab, SEED).message


def test_any_one_checker_stops_the_thief_and_none_does_not() -> None:
    """So the least that is always enough is one."""
    assert [False, True, True, True] == [
        chains.is_stopped(some) for some in ((), ("ann",), ("bob",), ("cat",))
    ]
    assert "c" == chains.prove_alone(SEED)
    assert ["a", "b", "c", "d"] == [chains.choose(fewest, 3) for fewest in (3, 2, 1, None)]


@pytest.mark.parametrize("left", [1, 2, 4])
def test_a_bridge_needs_one_confirmation_more_than_can_be_undone(left: int) -> None:
    """Tried for each number up to six."""
    tried = range(1, chains.MOST + 1)

    assert [count <= left for count in tried] == [chains.is_unbacked(count, left) for count in tried]


# -- layers --------------------------------------------------------------------------------------------------


def test_the_source_says_which_layer() -> None:
    """Four, five and three; a part that is built on another chain's calls is above it."""
    layers = parts.read_layers(SEED)

    assert [4, 5, 3] == [list(layers.values()).count(layer) for layer in "012"]
    assert parts.ask_parts(SEED) == layers
    assert {"0"} == {parts.find_layer("overlay.addrman_that_is_not_there")}
    assert [*sorted(layers)] == [row[0] for row in parts.show_parts().rows]


def test_tables_say_the_same_on_the_page_and_elsewhere() -> None:
    """Columns of equal width; names, numbers with thousands separated, nothing that is taken for markup."""
    table = tables.make_table("some", ("who", "has"), [(("ann", "bob"), 1_000), ("<b>", "x")])

    assert "who       has\nann, bob  1,000\n<b>       x" == repr(table)
    assert "&lt;b&gt;" in table._repr_html_() and "<b>" not in table._repr_html_()
    assert (("1", "3"), ("2", "")) == tables.make_columns("some", [("a", ["1", "2"]), ("b", ["3"])]).rows


def test_a_road_of_ones_own_may_be_gone_otherwise() -> None:
    """Blocks made at once at two ends of the network, no cut: judged on what peers noted."""
    lab = Lab(tasks.ROAD, seed=SEED)
    lab.goto(at=3 * SECOND)
    lab.do(SendCall("ann", "bob", road.ETHER))
    lab.do(Mine("ann"))
    lab.do(Mine("eve", 2))
    lab.run(until=9 * SECOND)
    assert 2 == tasks.find_stages(lab)
    lab.do(Mine("dan"))
    lab.run(until=14 * SECOND)

    assert tasks.ROUND.judge(lab, SEED).is_right
    assert all(a.at <= b.at for a, b in pairwise(loops.draw_lifecycle(lab).way))
