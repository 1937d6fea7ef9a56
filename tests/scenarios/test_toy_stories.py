"""The toy chain's stories: payments in fair weather; a forger, a cut, losses, an outage in foul."""

import pytest

from blockchain_lab.base.records import Kind
from blockchain_lab.course.l18_worlds import make_world
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.layers.toy_faulty import FaultyNode
from blockchain_lab.layers.toy_messages import GENESIS, Payment, Vote
from blockchain_lab.layers.toy_notes import CONFIRMED, FINAL


def play(name: str, **options) -> Lab:
    """To its end."""
    lab = Lab(name, **options)
    lab.run()
    return lab


def get_balances(lab: Lab) -> list[dict[str, int]]:
    """Everybody's last final ledger, each different one once."""
    ledgers = [dict(lab.peer(name).branches.ledger.balances) for name in lab.names]
    return [ledger for place, ledger in enumerate(ledgers) if ledger not in ledgers[:place]]


def test_in_fair_weather_four_payments_are_final_everywhere() -> None:
    """From gus 20 to hal and 60 to cat, hal 5 to ann, bob 8 to gus: one ledger, nothing lost."""
    lab = play("toy_chain")

    assert [{"ann": 105, "bob": 92, "cat": 160, "gus": 28, "hal": 115}] == get_balances(lab)
    assert GENESIS.name == lab.genesis


def test_a_block_is_final_a_slot_after_it_was_confirmed() -> None:
    """Slots follow one another here, so each confirmed block makes the one before it final, at every peer."""
    lab = play("toy_chain")
    for peer in lab.names:
        confirmed = [facts["height"] for _, facts in get_notes(lab, CONFIRMED, peer)]
        final = [facts["height"] for _, facts in get_notes(lab, FINAL, peer)]

        assert list(range(1, len(confirmed) + 1)) == confirmed
        assert confirmed[:-1] == final


def test_in_foul_weather_the_forger_gets_nothing() -> None:
    """It has stolen in every slot; its own account holds what it held."""
    lab = play("toy_chain_storm")
    (ledger,) = get_balances(lab)
    stolen = [r for r in lab.trace.of_kind(Kind.DATAGRAM) if is_forged(r.detail[1])]

    assert 100 == ledger["mallory"]
    assert 600 == sum(ledger.values())
    assert len(stolen) > 100


def is_forged(message: object) -> bool:
    """A payment or a vote under another one's name."""
    return isinstance(message, Payment | Vote) and not message.has_own_signature


def test_without_two_thirds_nothing_is_final_and_then_everything() -> None:
    """Ann and cat hold 53 of 145. While both are missing the others wait; afterwards all have the same."""
    lab = play("toy_chain_storm")
    moments = [record.at for record, _ in get_notes(lab, CONFIRMED)]
    heights = {name: lab.peer(name).branches.height for name in lab.names}
    lab.goto(at=9_500_000)

    assert [] == [at for at in moments if 5_500_000 < at < 9_500_000]
    assert 1 == len(set(heights.values()))
    assert lab.peer("dan").branches.height < heights["dan"]
    assert lab.peer("ann") is None


def test_the_storm_is_one_of_the_capstones_worlds() -> None:
    """World 2 of the two hundred, so a lesson may open it by name."""
    world = make_world(2).to_scenario()
    story = Lab("toy_chain_storm").scenario

    for part in ("seed", "peers", "chain", "links", "until"):
        assert getattr(world, part) == getattr(story, part), part
    assert sorted(map(repr, world.story)) == sorted(map(repr, story.story))


@pytest.mark.parametrize("name", ["toy_chain", "toy_chain_storm"])
def test_the_page_opens_where_something_becomes_final(name: str) -> None:
    """At the poster."""
    lab = play(name)
    lab.goto(event=lab.scenario.poster)

    assert FINAL in [record.detail[0] for record in lab.records if record.kind == Kind.NOTE]


def test_a_learners_own_node_plays_in_fair_weather() -> None:
    """`kinds={"toy": Mine}`: even the faulty one, as long as nothing goes wrong, confirms something."""

    class Mine(FaultyNode):
        def settle(self, block) -> None:
            for payment in block.payments:
                self.pending.pop(payment.name, None)

    lab = play("toy_chain", kinds={"toy": Mine})

    assert any(True for _ in get_notes(lab, CONFIRMED))
