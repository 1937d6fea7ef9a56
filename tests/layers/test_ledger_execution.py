"""What a transaction does to the state: gas, nonces, fees, and a call that fails and pays all the same."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ledgers import AROUND, ETHER, NAMES, ROOM, buy, forge, make_state, pay, run, sell

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.ledger_exchange import COINS, EXCHANGE, TOKENS, compute_output, get_token_slot
from blockchain_lab.layers.ledger_execution import check_includable, execute
from blockchain_lab.layers.ledger_machine import Machine, Reverted
from blockchain_lab.layers.ledger_transaction import Transaction


def test_a_payment_costs_21_000_units_and_moves_its_value() -> None:
    """Yellow Paper, G_transaction; at 20 gwei a unit that is 420,000 gwei, for who made the block."""
    state, (receipt,) = run(make_state(), pay("ann", "bob", 3 * ETHER))

    assert (21_000, 420_000, True) == (receipt.gas_used, receipt.fee, receipt.is_ok)
    assert 7 * ETHER - 420_000 == state.get_account("ann").balance
    assert 13 * ETHER == state.get_account("bob").balance
    assert 420_000 == state.get_account("max").balance
    assert 1 == state.get_account("ann").nonce


def test_bytes_of_a_call_cost_4_or_16_units() -> None:
    """EIP-2028. A call says: function (length 2, text), one argument (count 2, number 8), blob (length 2)."""
    data = b"\x03\x00buy" + b"\x01\x00" + b"\x07" + bytes(7) + b"\x00\x00"

    assert data == buy("ann", 1, least=7).data
    assert (
        21_000 + 16 * (len(data) - data.count(0)) + 4 * data.count(0) == buy("ann", 1, least=7).intrinsic_gas
    )
    assert (b"", 21_000) == (pay("ann", "bob", 1).data, pay("ann", "bob", 1).intrinsic_gas)


def test_a_call_needs_more_steps_than_a_payment() -> None:
    """Both are checked and paid for. The call also reads and writes what others read and write."""
    _, (paid, bought) = run(make_state(), pay("ann", "bob", 1), buy("bob", ETHER))

    assert ["check", "check", "buy gas", "begin", "move value", "give back gas", "pay fee"] == [
        step.what for step in paid.steps
    ]
    assert ((), ()) == (paid.reads, paid.writes)
    assert 6 == len(bought.steps) - len(paid.steps)
    assert (COINS, TOKENS, get_token_slot("bob")) == bought.reads
    assert {COINS, TOKENS, get_token_slot("bob")} == {*bought.writes}
    assert sum(step.gas for step in bought.steps) == bought.gas_used


def test_what_a_slot_costs_depends_on_what_stood_there() -> None:
    """Three cold reads of 2,100 (EIP-2929); a new slot 20,000, a changed one 5,000 - 2,100 (EIP-2200)."""
    state, (first,) = run(make_state(), buy("ann", ETHER))
    _, (second,) = run(state, buy("ann", ETHER, nonce=1))
    begin = buy("ann", ETHER).intrinsic_gas

    assert begin + 3 * 2_100 + 20_000 + 2 * 2_900 == first.gas_used
    assert begin + 3 * 2_100 + 3 * 2_900 == second.gas_used


def test_who_writes_without_looking_pays_for_the_look_too() -> None:
    """EIP-2929: a slot that this transaction has not touched costs 2,100 more, once."""
    machine = Machine(make_state(), buy("ann", 1), 100_000, 1)

    machine.write(TOKENS, 5)
    assert 100_000 - 2_100 - 2_900 == machine.left
    machine.write(TOKENS, 6)
    assert 100_000 - 2_100 - 2 * 2_900 == machine.left
    assert 6 == machine.read(TOKENS)
    assert 100_000 - 2_100 - 2 * 2_900 - 100 == machine.left
    with pytest.raises(Reverted, match="would become -1"):
        machine.write(TOKENS, -1)
    with pytest.raises(Reverted, match="cannot pay"):
        machine.pay("bob", 1_001 * ETHER)


def test_a_failed_call_changes_nothing_but_pays() -> None:
    """The limit is missed: the coins come back, the nonce is used, the gas is paid; slots are as before."""
    before = make_state()
    state, (receipt,) = run(before, buy("ann", ETHER, least=1_000))

    assert (False, "996 tokens are less than 1,000") == (receipt.is_ok, receipt.reason)
    assert before.slots == state.slots
    assert 10 * ETHER - receipt.fee == state.get_account("ann").balance
    assert (1, receipt.fee) == (state.get_account("ann").nonce, state.get_account("max").balance)
    assert 21_000 < receipt.gas_used < 150_000, "what was not used came back (EIP-140)"


def test_who_runs_out_of_gas_has_paid_for_all_of_it() -> None:
    """Yellow Paper §9.4.2: an exceptional halt takes the whole limit."""
    state, (receipt,) = run(make_state(), buy("ann", ETHER, limit=30_000))

    assert (False, 30_000) == (receipt.is_ok, receipt.gas_used)
    assert receipt.reason.startswith("out of gas")
    assert make_state().slots == state.slots


def test_the_same_call_succeeds_or_fails_by_what_stands_before_it() -> None:
    """That is what a payment does not know."""
    ann, bob = buy("ann", ETHER, least=995), buy("bob", 5 * ETHER)

    assert [True, True] == [each.is_ok for each in run(make_state(), ann, bob)[1]]
    assert [True, False] == [each.is_ok for each in run(make_state(), bob, ann)[1]]


@given(st.integers(1, 10**12), st.integers(1, 10**15), st.integers(1, 10**15))
def test_the_exchange_never_gives_too_much(given_: int, into: int, out_of: int) -> None:
    """Uniswap v2 against exact fractions: (x + 0.997 dx) (y - dy) >= x y, and one more would break it."""
    got = compute_output(given_, into, out_of)
    paid = into + Fraction(997, 1_000) * given_

    assert paid * (out_of - got) >= into * out_of
    assert paid * (out_of - got - 1) < into * out_of


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (pay("ann", "bob", 1, nonce=1), "nonce"),
        (pay("ann", "bob", 1, limit=20_999), "intrinsic gas"),
        (pay("ann", "bob", 10 * ETHER), "funds"),
        (forge(pay("ann", "bob", 1), value=2), "signature"),
        (forge(pay("ann", "bob", 1), sender="bob"), "signature"),
        (Transaction(2, "ann", 0, 20, 21_000, "bob", 1).sign(), "other chain"),
        (pay("ann", "bob", 1, limit=ROOM + 1, price=0), "gas limit"),
    ],
)
def test_what_may_not_stand_in_a_block(wrong: Transaction, rule: str) -> None:
    """Unlike a failed call it makes the whole block invalid, so nobody pays for it."""
    with pytest.raises(RuleBroken) as fault:
        check_includable(make_state(), wrong, 1, ROOM)

    assert rule == fault.value.rule


def test_a_block_has_so_much_room_and_no_more() -> None:
    """Two payments need 42,000 units. What is counted is what ran, not what was offered."""
    two = pay("ann", "bob", 1), pay("bob", "ann", 1)

    assert 2 == len(run(make_state(), *two, room=42_000)[1])
    with pytest.raises(RuleBroken, match="the block has room for 20,999"):
        run(make_state(), *two, room=41_999)
    generous = pay("ann", "bob", 1, limit=40_000)
    assert 2 == len(run(make_state(), generous, two[1], room=42_000)[1])


def test_strange_calls_fail_in_words() -> None:
    """No such function, wrong arguments, more tokens than there are, an account that is no contract."""
    strange = [
        Transaction(1, "ann", 0, 20, 150_000, EXCHANGE, 0, "steal").sign(),
        Transaction(1, "ann", 1, 20, 150_000, EXCHANGE, 5, "buy").sign(),
        sell("ann", 5, nonce=2),
        Transaction(1, "ann", 3, 20, 150_000, "bob", 5, "buy", (1,)).sign(),
    ]
    _, receipts = run(make_state(), *strange)

    assert [
        "the exchange cannot 'steal'",
        "buy: wanted one argument, the least number of tokens",
        "ann has 0 tokens, not 5",
        "bob is no contract",
    ] == [each.reason for each in receipts]


CALLS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(["pay", "buy", "sell"]),
        st.integers(0, 4 * ETHER),
        st.integers(0, 2_000),
        st.integers(0, 100),
        st.sampled_from([21_000, 30_000, 60_000, 150_000]),
    ),
    max_size=12,
)


@given(CALLS)
def test_no_transaction_makes_or_destroys_money(calls: list[tuple[str, str, int, int, int, int]]) -> None:
    """Whatever runs or fails: as many coins and tokens; the exchange has what its slot says; nonces count."""
    state = make_state(held={"ann": 500})
    tokens = sum(count for slot, count in state.slots.items() if slot != COINS)
    ran: dict[str, int] = dict.fromkeys(NAMES, 0)
    for sender, what, amount, count, price, limit in calls:
        nonce = state.get_account(sender).nonce
        made = {
            "pay": pay(sender, NAMES[count % 4], amount, nonce, price, limit),
            "buy": buy(sender, amount, count, nonce, price, limit),
            "sell": sell(sender, count, amount, nonce, price, limit),
        }[what]
        try:
            check_includable(state, made, 1, ROOM)
        except RuleBroken:
            continue
        state, receipt = execute(state, made, AROUND)
        ran[sender] += 1
        assert receipt.gas_used <= limit

    assert make_state().coins == state.coins
    assert tokens == sum(count for slot, count in state.slots.items() if slot != COINS)
    assert state.get_slot(COINS) == state.get_account(EXCHANGE).balance
    assert all(account.balance >= 0 for account in state.accounts.values())
    assert ran == {name: state.get_account(name).nonce for name in NAMES}
