"""Eras: the numbers that textbooks mix up, each in its own time."""

from dataclasses import fields

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, MINUTE, SECOND
from blockchain_lab.bitcoin.eras import ERAS, WORDS, Era

REAL = [era for era in ERAS.values() if era.name != "plain"]


def test_four_eras_and_a_plain_one_by_name() -> None:
    """Each knows its own name; today's are the defaults."""
    assert ["2010", "2014", "today", "lecture", "plain"] == list(ERAS)
    assert all(name == era.name for name, era in ERAS.items())
    assert Era() == ERAS["today"]


@pytest.mark.parametrize(
    ("name", "rule", "ping_after", "give_up_after", "awaits_pong"),
    [
        ("2010", "when idle", 30 * MINUTE, 90 * MINUTE, False),
        ("2014", "always", 2 * MINUTE, 20 * MINUTE, True),
        ("today", "always", 2 * MINUTE, 20 * MINUTE, True),
        ("lecture", "when idle", 30 * MINUTE, 90 * MINUTE, False),
    ],
)
def test_the_slides_keep_alive_is_that_of_2010(
    name: str, rule: str, ping_after: int, give_up_after: int, awaits_pong: bool
) -> None:
    """30 and 90 minutes were true until 0.8; the pong came with BIP 31."""
    era = ERAS[name]

    assert (rule, ping_after, give_up_after, awaits_pong) == (
        era.ping_rule,
        era.ping_after,
        era.give_up_after,
        era.awaits_pong,
    )


def test_getaddr_changed_its_answer_twice() -> None:
    """All of the last three hours, at most 2,500; then 23 % of all; then at most 1,000, once a line."""
    old, middle, today = ERAS["2010"], ERAS["2014"], ERAS["today"]

    assert ("recent", 10_800, 2_500) == (old.getaddr_rule, old.getaddr_age, old.getaddr_most)
    assert ("sample", 23, 2_500) == (middle.getaddr_rule, middle.getaddr_percent, middle.getaddr_most)
    assert ("sample", 23, 1_000) == (today.getaddr_rule, today.getaddr_percent, today.getaddr_most)
    assert (False, False, True) == (old.getaddr_once, middle.getaddr_once, today.getaddr_once)
    assert 24 * HOUR == today.getaddr_cache_for + today.getaddr_cache_spread // 2
    assert 10_800 == ERAS["lecture"].getaddr_age
    assert (False, True, False) == (old.tries_inbound, middle.tries_inbound, today.tries_inbound)


def test_eight_outbound_and_125_in_all_have_stayed() -> None:
    """What came: two lines for blocks only, feelers, anchors."""
    assert {(8, 125)} == {(era.full_outbound, era.total_connections) for era in REAL}
    assert [0, 0, 2, 0] == [era.block_relay_only for era in REAL]
    assert [0, 0, 2 * MINUTE, 0] == [era.feeler_every for era in REAL]


def test_transactions_trickled_in_rounds_before_they_did_by_poisson() -> None:
    """One peer each 100 ms, and a quarter at once; today 5 s and 2 s on average."""
    rounds, poisson = ERAS["2014"], ERAS["today"]

    assert ("rounds", SECOND // 10, 25) == (
        rounds.trickle_rule,
        rounds.trickle_round,
        rounds.trickle_at_once_percent,
    )
    assert ("poisson", 5 * SECOND, 2 * SECOND) == (
        poisson.trickle_rule,
        poisson.trickle_mean_inbound,
        poisson.trickle_mean_outbound,
    )
    assert [0, 10_000, 0, 10_000] == [era.most_orphans for era in REAL]


def test_blocks_messages_and_punishment_by_era() -> None:
    """Headers first came after 2014, the score after 2010; the orders died with 0.7, but not on slides."""
    columns = {field: [getattr(era, field) for era in REAL] for field in ("sync", "punishment")}

    assert ["blocks-first", "blocks-first", "headers-first", "headers-first"] == columns["sync"]
    assert ["none", "score", "at once", "score"] == columns["punishment"]
    assert [True, False, False, True] == [era.knows_orders for era in REAL]
    assert [True, True, False, True] == [era.knows_alert for era in REAL]
    assert [33_554_432, 33_554_432, 4_000_000, 33_554_432] == [e.max_message_size for e in REAL]


def test_a_scenario_may_change_single_values() -> None:
    """The era itself stays as it was."""
    era = ERAS["today"].with_values({"full_outbound": 4, "addrv2": False, "sync": "blocks-first"})

    assert (4, False, "blocks-first", 125) == (
        era.full_outbound,
        era.addrv2,
        era.sync,
        era.total_connections,
    )
    assert 8 == ERAS["today"].full_outbound


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"pings": 3}, "era.pings: unknown key, accepted: name, protocol_version,"),
        ({"full_outbound": True}, "era.full_outbound: found True, accepted: a whole number from 0 on"),
        ({"full_outbound": -1}, "era.full_outbound: found -1, accepted: a whole number from 0 on"),
        ({"ping_after": 1.5}, "era.ping_after: found 1.5, accepted: a whole number from 0 on"),
        ({"addrv2": 1}, "era.addrv2: found 1, accepted: true, false"),
        ({"user_agent": 7}, "era.user_agent: found 7, accepted: text"),
        ({"sync": "fast"}, "era.sync: found 'fast', accepted: headers-first, blocks-first"),
        ({"sync": 1}, "era.sync: found 1, accepted: headers-first, blocks-first"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values: dict[str, object], message: str) -> None:
    """The key, what was found, what is accepted."""
    with pytest.raises(UsageError) as caught:
        ERAS["today"].with_values(values)

    assert str(caught.value).startswith(message)


def test_every_choice_between_words_is_a_field_and_every_era_uses_one_of_them() -> None:
    """A word that no era uses would be a rule that nobody has seen; only `none` of these is 2010's alone."""
    names = {field.name for field in fields(Era)}

    for key, words in WORDS.items():
        assert key in names
        assert set(words) == {getattr(era, key) for era in ERAS.values()}
