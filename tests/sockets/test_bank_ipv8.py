"""The money box of lesson 6 on real sockets, over py-ipv8; and where that cannot be."""

import re
from importlib.util import find_spec

import pytest
from support.required import require

require(find_spec("ipv8"), 'py-ipv8 is missing: pip install -e ".[ipv8]"')

from blockchain_lab.course.l06_bank import on_message  # noqa: E402
from blockchain_lab.course.l06_till import make_bank  # noqa: E402
from blockchain_lab.overlay.bank_node import BankNode  # noqa: E402
from blockchain_lab.sockets import bank_ipv8  # noqa: E402
from blockchain_lab.sockets.bank_ipv8 import MISSING, pay_over_ipv8  # noqa: E402


def read_total(told: str) -> int:
    """How many coins are in the box in the end."""
    return int(re.search(r"there are (\d+) coins", told)[1])


def test_a_learners_handler_counts_each_order_once() -> None:
    """However often it came: ann is impatient."""
    told = pay_over_ipv8(make_bank(on_message), (5, 3, 2))

    assert 10 == read_total(told)
    assert int(re.search(r"got (\d+) deposits for 3 orders", told)[1]) > 3


def test_who_forgets_counts_repeated_orders_again() -> None:
    """The engine's own box does not remember unless it is told to."""
    assert 10 < read_total(pay_over_ipv8(BankNode, (5, 3, 2)))


def test_without_py_ipv8_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And opens nothing."""
    monkeypatch.setattr(bank_ipv8, "find_spec", lambda name: None)

    assert MISSING == pay_over_ipv8(BankNode, (5, 3, 2))


def test_where_no_socket_may_be_opened_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where work is marked: a sentence, no exception."""

    def refuse(*arguments: object, **more: object) -> None:
        raise PermissionError("socket.bind is not allowed")

    monkeypatch.setattr(bank_ipv8, "make_setup", refuse)

    assert "socket.bind is not allowed" in pay_over_ipv8(BankNode, (5, 3, 2))
