"""What a NAT remembers, one rule at a time: which port, how long, and who may use it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.overlay.nat import CLASSIC, FIRST_PORT, IDLE_TIMEOUT, Behaviour, NatTable, Ports, get_part

ANN, AMY = Address("192.168.0.2", 4000), Address("192.168.0.3", 4000)
WEB, WEB_2, MAIL = Address("198.51.100.7", 80), Address("198.51.100.7", 81), Address("198.51.100.8", 80)
EI, AD, APD = Behaviour


def box(mapping: Behaviour = EI, filtering: Behaviour = APD, **options: object) -> NatTable:
    """An empty table."""
    return NatTable("203.0.113.1", mapping, filtering, **options)


def test_what_of_an_address_a_behaviour_looks_at() -> None:
    """Nothing, the host, or host and port."""
    assert [(), ("198.51.100.7",), ("198.51.100.7", 80)] == [get_part(rule, WEB) for rule in Behaviour]


@pytest.mark.parametrize(("mapping", "ports"), [(EI, 1), (AD, 2), (APD, 3)])
def test_the_mapping_rule_says_for_whom_a_port_is_used_again(mapping: Behaviour, ports: int) -> None:
    """Ann writes to two ports of one host and to another host."""
    table = box(mapping)
    used = {table.send(ANN, remote, 0)[0].outside for remote in (WEB, WEB_2, MAIL, WEB)}

    assert ports == len(used)


@pytest.mark.parametrize(("filtering", "let_in"), [(EI, [1, 1, 1]), (AD, [1, 1, 0]), (APD, [1, 0, 0])])
def test_the_filtering_rule_says_who_may_answer(filtering: Behaviour, let_in: list[int]) -> None:
    """Ann has written to the web server's port 80 only."""
    table = box(filtering=filtering)
    mapping, is_new = table.send(ANN, WEB, 0)
    found = [table.receive(mapping.outside, remote, 1)[0] is mapping for remote in (WEB, WEB_2, MAIL)]

    assert is_new
    assert [bool(wanted) for wanted in let_in] == found


def test_two_hosts_never_share_a_port() -> None:
    """Both use port 4000 inside; outside they differ, whichever way ports are chosen."""
    for ports in Ports:
        table = box(ports=ports)
        ann, amy = table.send(ANN, WEB, 0)[0], table.send(AMY, WEB, 0)[0]
        assert ann.outside != amy.outside
        assert (ports is Ports.PRESERVED) == (ann.outside.port == ANN.port)
    assert FIRST_PORT + 1 == box(ports=Ports.SEQUENTIAL, opened=1).send(ANN, WEB, 0)[0].outside.port


def test_silence_closes_a_mapping_and_only_its_owner_keeps_it_open() -> None:
    """What comes in does not count (RFC 4787 REQ-6); what goes out counts from then."""
    table = box(filtering=EI)
    mapping, _ = table.send(ANN, WEB, 0)
    assert table.receive(mapping.outside, WEB, IDLE_TIMEOUT - 1)[0] is mapping
    assert (None, "no mapping") == table.receive(mapping.outside, WEB, IDLE_TIMEOUT)

    again, is_new = table.send(ANN, WEB, IDLE_TIMEOUT)
    assert is_new and again is not mapping
    table.send(ANN, WEB, IDLE_TIMEOUT + SECOND)
    assert [] == table.find_dead(2 * IDLE_TIMEOUT)
    assert [again] == table.find_dead(2 * IDLE_TIMEOUT + SECOND)


def test_a_permission_grows_old_even_when_the_mapping_lives() -> None:
    """Ann goes on writing to the mail server; the web server, forgotten, may not come in any more."""
    table = box()
    mapping, _ = table.send(ANN, WEB, 0)
    table.send(ANN, MAIL, IDLE_TIMEOUT - 1)

    assert (None, "filtered") == table.receive(mapping.outside, WEB, IDLE_TIMEOUT)
    assert (mapping, "") == table.receive(mapping.outside, MAIL, IDLE_TIMEOUT)


def test_a_leased_port_lets_everybody_in_until_its_time_is_over() -> None:
    """Whatever the filter says; and its owner writes from it, too, so that answers come from there."""
    table, port = box(APD, APD), Address("203.0.113.1", 8333)
    mapping = table.lease(ANN, port, 10 * SECOND, 0)

    assert (mapping, "") == table.receive(port, MAIL, 10 * SECOND - 1)
    assert (mapping, False) == table.send(ANN, WEB, 1)
    assert (None, "filtered") == table.receive(port, MAIL, 10 * SECOND)
    assert table.send(ANN, WEB, 10 * SECOND)[0] is not mapping


def test_nobody_gets_a_port_that_another_one_has() -> None:
    """Amy may have it when Ann's lease is over; who asks for a second one loses the first."""
    table, port, other = box(), Address("203.0.113.1", 8333), Address("203.0.113.1", 8334)
    table.lease(ANN, port, SECOND, 0)
    assert table.lease(AMY, port, SECOND, 0) is None

    table.lease(ANN, other, SECOND, 0)
    assert (None, "no mapping") == table.receive(port, MAIL, 0)
    assert table.lease(AMY, port, SECOND, 0) is not None


def test_a_full_box_opens_nothing_more() -> None:
    """64,512 ports; the next host gets none, until somebody's mapping has died."""
    table = box()
    for number in range(65_536 - FIRST_PORT):
        table.send(Address("192.168.1.1", number), WEB, 0)

    assert (None, True) == table.send(ANN, WEB, 1)
    for dead in table.find_dead(IDLE_TIMEOUT):
        table.remove(dead)
    assert table.send(ANN, WEB, IDLE_TIMEOUT)[0] is not None


HOSTS = st.sampled_from([ANN, AMY])
REMOTES = st.sampled_from([WEB, WEB_2, MAIL])
STEPS = st.lists(st.tuples(HOSTS, REMOTES, st.integers(0, IDLE_TIMEOUT // 2)), max_size=30)


@given(kind=st.sampled_from(sorted(CLASSIC)), ports=st.sampled_from(Ports), steps=STEPS)
def test_whom_we_write_to_may_always_answer(kind: str, ports: Ports, steps: list) -> None:
    """In every box: the answer to what just went out comes in, and to the one who wrote."""
    table, now = box(*CLASSIC[kind], ports=ports), 0
    for inside, remote, pause in steps:
        now += pause
        mapping, _ = table.send(inside, remote, now)
        assert (mapping, "") == table.receive(mapping.outside, remote, now + 1)
        assert inside == mapping.inside
        assert list(map(id, table.by_inside.values())) == list(map(id, table.by_outside.values()))
