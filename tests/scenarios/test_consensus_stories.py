"""Stories of finality and of lotteries: what must come of each, read off its trace and its peers."""

from collections import Counter
from itertools import pairwise

import pytest
from support.story_runs import notes, read

from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.consensus_node import ConsensusNode
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.lab import Lab


def get_finality(lab: Lab, peer: str) -> FinalityState:
    """What is true behind a peer's head."""
    node = lab.peer(peer)
    assert isinstance(node, ConsensusNode)
    finality = node.branches.get_state(node.head).finality
    assert finality is not None
    return finality


def get_deposits(lab: Lab, peer: str) -> dict[str, int]:
    """As a peer's own branch has them."""
    return dict(get_finality(lab, peer).deposits)


def count_proposers(lab: Lab, peer: str) -> Counter[str]:
    """Who made the blocks of a peer's own branch."""
    entry, found = lab.peer(peer).head, Counter()
    while entry.previous is not None:
        found[entry.header.proposer] += 1
        entry = entry.previous
    return found


def test_every_checkpoint_becomes_final_when_everybody_votes() -> None:
    """Each epoch's checkpoint is justified, and its parent final, on all four peers alike.

    Two blocks of one second may both say so of the same checkpoint.
    """
    lab = read("happy_finality")
    finals = [
        list(dict.fromkeys(fact["epoch"] for fact in notes(lab, peer, "checkpoint finalised")))
        for peer in lab.names
    ]

    assert 6 <= finals[0][-1]
    assert [list(range(1, finals[0][-1] + 1))] * 4 == finals
    assert 1 == len({lab.peer(peer).head.hash for peer in lab.names})
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "operation refused")]


def test_two_of_five_off_stop_finality_until_the_leak_makes_the_rest_two_thirds() -> None:
    """Three fifths are too few. The silent shrink and nobody else; then it goes on as before."""
    lab = read("third_offline")
    finals = [fact["epoch"] for fact in notes(lab, "ann", "checkpoint finalised")]
    (gap,) = [later - before for before, later in pairwise(finals) if later - before > 1]
    deposits = get_deposits(lab, "ann")
    online = deposits["ann"] + deposits["bob"] + deposits["cat"]

    assert 5 < gap
    assert {"dan", "eve"} == {name for name, units in deposits.items() if units < 1_000_000}
    assert 3 * online >= 2 * sum(deposits.values())


def test_a_spare_machine_finalises_a_second_history_and_costs_its_owner_the_deposit() -> None:
    """Cat's key votes on both sides of the cut: two thirds here, two thirds there.

    When it heals both sides hold on to what they have seen final: nobody can undo it. But everybody holds two
    votes of cat's now, a third of all deposits.
    """
    lab = read("twin_validator")
    anchors = {peer: lab.peer(peer).branches.anchor.hash for peer in lab.names}

    assert anchors["ann"] == anchors["cat"] != anchors["bob"] == anchors["spare"]
    assert all(notes(lab, peer, "finality conflict") for peer in ("ann", "bob"))
    for peer in lab.names:
        assert {"cat"} == {fact["validator"] for fact in notes(lab, peer, "slashed")}
        assert 0 == get_deposits(lab, peer)["cat"]


def test_both_halves_finalise_through_the_leak_and_nobody_has_voted_twice() -> None:
    """Each half is two thirds of what is left once the other has leaked: safety is lost without a crime."""
    lab = read("leak_both_halves")
    anchors = {peer: lab.peer(peer).branches.anchor.hash for peer in lab.names}

    assert anchors["ann"] == anchors["bob"] != anchors["cat"] == anchors["dan"]
    assert all(notes(lab, peer, "finality conflict") for peer in lab.names)
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "evidence found")]


def test_members_come_two_dynasties_after_their_deposit_and_go_two_after_they_ask() -> None:
    """Eve's deposit and dan's request each name a dynasty two on, and that is when the sets change."""
    lab = read("join_and_leave")
    deposit, exit_asked = notes(lab, "ann", "deposit made")[0], notes(lab, "ann", "exit asked")[0]
    forward = {fact["dynasty"]: fact["forward"] for fact in notes(lab, "ann", "dynasty began")}
    rear = {fact["dynasty"]: fact["rear"] for fact in notes(lab, "ann", "dynasty began")}

    assert "eve" not in forward[deposit["starts"] - 1]
    assert "eve" in forward[deposit["starts"]]
    assert "eve" not in rear[deposit["starts"]]
    assert "dan" in forward[exit_asked["ends"] - 1]
    assert "dan" not in forward[exit_asked["ends"]]
    assert "dan" in rear[exit_asked["ends"]]
    assert all(forward[dynasty] == rear[dynasty + 1] for dynasty in forward if dynasty + 1 in rear)


def test_a_deposit_is_given_back_once_and_not_too_early() -> None:
    """Dan's first request is refused before it is sent; the second is paid out in full, with interest."""
    lab = read("join_and_leave")
    early, late = [at for at, what in lab.scenario.story if type(what).__name__ == "TakeDeposit"]
    (paid,) = notes(lab, "ann", "withdrawn")

    assert early < late < 700 * SECOND
    assert ("dan", 0) == (paid["validator"], paid["lost"])
    assert 1_000_000 < paid["amount"]  # with what he has earned
    assert "dan" not in get_deposits(lab, "ann")


@pytest.mark.parametrize(
    ("story", "guilty", "reason"),
    [
        ("surround_vote", {"dan"}, "surround"),
        ("censored_evidence", {"dan"}, "surround"),
        ("votes_at_stake", {"dan", "eve"}, "double"),
    ],
)
def test_whoever_breaks_a_commandment_is_slashed_and_nobody_else(
    story: str, guilty: set[str], reason: str
) -> None:
    """The evidence is two signed votes, so the honest are safe whatever anybody says of them."""
    lab = read(story)

    slashed = notes(lab, "ann", "slashed")
    assert guilty == {fact["validator"] for fact in slashed}
    assert {reason} == {fact["reason"] for fact in slashed}
    assert guilty == {name for name, units in get_deposits(lab, "ann").items() if units == 0}


def test_censored_evidence_waits_for_an_honest_proposer() -> None:
    """Bob and cat could have carried it; ann's first block after it does."""
    lab = read("censored_evidence")
    (slashed,) = notes(lab, "ann", "slashed")
    makers = {fact["hash"]: fact["proposer"] for fact in notes(lab, "ann", "block proposed")}

    assert "ann" == makers[slashed["by"]]


def test_whoever_meets_another_history_first_believes_it_unless_it_trusts_somebody() -> None:
    """The founders have their money back, so their old keys cost nothing: nobody can be slashed for it."""
    lab = read("long_range")
    anchors = {
        peer: lab.peer(peer).branches.anchor.hash for peer in ("ann", "bob", "mallory", "new", "careful")
    }

    assert anchors["ann"] == anchors["bob"] == anchors["careful"]
    assert anchors["mallory"] == anchors["new"] != anchors["ann"]
    assert notes(lab, "new", "finality conflict")
    assert {"has left"} == {
        fact["rule"] for fact in notes(lab, "ann", "operation refused") if fact["kind"] == "evidence"
    }
    assert [] == notes(lab, "ann", "slashed")


def test_a_majority_of_stake_takes_back_what_all_the_others_have_confirmed() -> None:
    """Ann shows her secret branch late; everybody's last blocks, six or more, are undone at once."""
    lab = read("majority_stake")
    depths = {
        peer: max(fact["disconnected"] for fact in notes(lab, peer, "tip changed"))
        for peer in ("bob", "cat", "dan")
    }

    assert all(depth >= 6 for depth in depths.values()), depths
    assert 1 == len({lab.peer(peer).head.hash for peer in depths})


def test_building_on_every_tip_keeps_forks_open() -> None:
    """Somebody builds on a branch that nobody follows and is not the worse for it: there is no deposit."""
    lab = read("nothing_at_stake")
    tree = lab.peer("cat").branches.tree
    heights = Counter(entry.height for entry in tree.own.values() if entry.header.proposer in ("ann", "bob"))

    assert 1 < max(heights.values())
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "slashed")]


def test_dan_is_voted_out_and_has_no_turn_any_more() -> None:
    """Three of four ballots are more than half."""
    lab = read("clique_drop")
    shares = [fact["shares"] for fact in notes(lab, "ann", "lottery")]

    assert ["ann", "bob", "cat", "dan"] == sorted(shares[0])
    assert ["ann", "bob", "cat"] == sorted(shares[-1])
    assert 1 >= count_proposers(lab, "ann")["dan"]


def test_an_absent_signer_leaves_its_slots_empty() -> None:
    """Round robin waits for nobody: every fourth slot from bob's last one on has no block."""
    lab = read("authority_turns")
    entry, slots = lab.peer("ann").head, {}
    while entry.previous is not None:
        slots[entry.header.time // (5 * SECOND)] = entry.header.proposer
        entry = entry.previous
    empty = [slot for slot in range(max(slots)) if slot not in slots and slot > 0]

    assert empty
    assert {4} == {later - before for before, later in pairwise(empty)}
    assert max(slot for slot, signer in slots.items() if signer == "bob") + 4 == empty[0]


def test_burnt_coins_count_after_a_while() -> None:
    """Dan has no share at the start, and the largest one after his burn has waited."""
    lab = read("burnt_coins")
    shares = [fact["shares"] for fact in notes(lab, "ann", "lottery")]

    assert 0 == shares[0].get("dan", 0)
    assert "dan" == max(shares[-1], key=lambda name: shares[-1][name])
    assert 0 < count_proposers(lab, "ann")["dan"]


def test_a_coin_that_has_won_is_young_again() -> None:
    """Whoever has made a block has no share behind it; nobody else has less than before."""
    lab = read("coin_age")
    shares = {fact["by"]: fact["shares"] for fact in notes(lab, "ann", "lottery")}  # said when they change
    parents = {fact["hash"]: fact["parent"] for fact in notes(lab, "ann", "block accepted")}
    makers = {fact["hash"]: fact["proposer"] for fact in notes(lab, "ann", "block proposed")}
    pairs = [
        (makers[block], shares[parents[block]], shares[block])
        for block in makers
        if block in shares and parents[block] in shares
    ]

    assert 10 < len(pairs)
    for maker, before, now in pairs:
        assert 0 == now[maker]
        assert all(now[name] >= before[name] for name in now if name != maker)


@pytest.mark.parametrize("story", ["work_shares", "plots", "equal_stakes", "many_at_once"])
def test_everybody_with_a_share_makes_blocks_and_all_agree(story: str) -> None:
    """Whatever the resource: who has some has blocks, and the peers end on one branch."""
    lab = read(story)
    (shares,) = [fact["shares"] for fact in notes(lab, lab.names[0], "lottery")]

    assert set(shares) == set(count_proposers(lab, lab.names[0]))
    assert 1 == len({lab.peer(peer).head.hash for peer in lab.names})


def test_leaders_have_their_slots_and_nobody_takes_those_of_an_absent_one() -> None:
    """After dan is off no block of his comes, and no slot is filled twice."""
    lab = read("hash_clock")
    entry, times = lab.peer("ann").head, []
    while entry.previous is not None:
        times.append((entry.header.time, entry.header.proposer))
        entry = entry.previous

    assert len(times) == len({time for time, _ in times})
    assert [] == [time for time, proposer in times if proposer == "dan" and time > 80 * SECOND]
