"""Datagrams and streams over the same link: what is lost, what waits, and what is too large."""

import pytest
from support.toys_messages import ToyPing
from support.toys_stage import address, order, stage, wait

from blockchain_lab.base.effects import Dial, Send, SendTo
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.messages import Unknown
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.link import LARGEST_DATAGRAM, get_fragments
from blockchain_lab.sim.scenario import Links, Peer, Scenario

PINGS = 2_000
LOSS = 100_000  # parts per million


def get_arrivals(lab: Lab, kind: Kind) -> list[int]:
    """When what Bob got arrived, in the order of what Ann had sent."""
    arrived = {
        record.detail[1] if kind is Kind.DATAGRAM else record.detail: record.at
        for record in lab.trace
        if record.kind is kind
    }
    return [arrived.get(ToyPing(nonce), -1) for nonce in range(PINGS)]


def send_pings(*, by_stream: bool) -> tuple[list[int], int]:
    """Ann sends Bob 2,000 pings at once; when each arrived (-1: never), and when she sent them."""
    lab = stage(loss=LOSS, bandwidth=10_000_000)
    target = address(lab, "bob")
    if by_stream:
        order(lab, "ann", Dial(target))
        wait(lab)
        (conn,) = [told[1] for told in lab.peer("ann").told if told[0] == "connected"]
        order(lab, "ann", *(Send(conn, ToyPing(nonce)) for nonce in range(PINGS)))
    else:
        order(lab, "ann", *(SendTo(target, ToyPing(nonce)) for nonce in range(PINGS)))
    sent_at = lab.now
    wait(lab, 10)
    return get_arrivals(lab, Kind.DELIVER if by_stream else Kind.DATAGRAM), sent_at


def test_what_udp_loses_tcp_delays_and_all_that_follows_waits() -> None:
    """One in ten is lost: a tenth of the datagrams never comes; on the stream all come, in order, but late.

    The line is only as fast as its slowest message: this is head-of-line blocking.
    """
    datagrams, sent = send_pings(by_stream=False)
    stream, sent_again = send_pings(by_stream=True)
    lost = sum(at < 0 for at in datagrams)
    late = [at - sent_again > 250 * MILLISECOND for at in stream]

    assert 0.1 == pytest.approx(lost / PINGS, abs=0.03)
    assert all(at < 0 or at - sent < 250 * MILLISECOND for at in datagrams)
    assert -1 not in stream and stream == sorted(stream)
    assert 0.5 < sum(late) / PINGS, "one loss in ten delays more than half of them"


def test_jitter_lets_datagrams_overtake_each_other_and_a_stream_keeps_its_order() -> None:
    """50 ms of jitter, sent microseconds apart."""
    lab = stage(jitter=50 * MILLISECOND, bandwidth=10_000_000)
    order(lab, "ann", *(SendTo(address(lab, "bob"), ToyPing(nonce)) for nonce in range(PINGS)))
    wait(lab)
    arrivals = get_arrivals(lab, Kind.DATAGRAM)

    assert arrivals != sorted(arrivals)


@pytest.mark.parametrize(("size", "fragments"), [(1, 1), (1472, 1), (1473, 2), (2952, 2), (2953, 3)])
def test_a_large_datagram_travels_in_pieces(size: int, fragments: int) -> None:
    """1,472 bytes are the famous limit on Ethernet: 1,500 less 20 of IP and 8 of UDP."""
    assert fragments == get_fragments(size, 1500)


def test_a_datagram_is_lost_with_any_of_its_pieces() -> None:
    """Ten pieces at 10 % loss each: 1 - 0.9**10 are lost, that is 65 of 100."""
    lab = stage(loss=LOSS, bandwidth=1_000_000_000)
    target, count = address(lab, "bob"), 1_000
    contents = [number.to_bytes(2, "little") + bytes(14_700) for number in range(count)]
    order(lab, "ann", *(SendTo(target, Unknown("big", content)) for content in contents))
    wait(lab)

    assert 10 == get_fragments(Unknown("big", contents[0]).size, 1500)
    lost = sum(record.kind is Kind.DROP for record in lab.trace)
    assert 1 - 0.9**10 == pytest.approx(lost / count, abs=0.05)


def test_a_datagram_that_fits_into_no_packet_is_its_senders_mistake() -> None:
    """An IPv4 packet says its length in two bytes; Linux answers EMSGSIZE."""
    lab = stage()
    content = bytes(LARGEST_DATAGRAM - 24)
    order(lab, "ann", SendTo(address(lab, "bob"), Unknown("big", content)))
    with pytest.raises(UsageError, match="ann sent big of 65508 bytes as a datagram: wanted at most 65507"):
        order(lab, "ann", SendTo(address(lab, "bob"), Unknown("big", content + b"!")))


def test_a_network_with_packets_of_no_bytes_is_refused() -> None:
    """RFC 791: every network carries 68 bytes."""
    with pytest.raises(ScenarioError, match=r"links\.mtu: found 67, accepted: 68 or more"):
        Lab(Scenario(peers={"ann": Peer("gossip")}, links=Links(mtu=67)))
