"""Lesson 1: six lists over many seeds, what ann can know, the hub, the swarm, five systems, merging."""

from html.parser import HTMLParser
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.actions import Publish
from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l01_merge as merging
from blockchain_lab.course import l01_runs as runs
from blockchain_lab.course import l01_tasks as tasks
from blockchain_lab.course import l01_theory as theory
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l01_swarm import MOST, SWARM, draw_films, get_side, get_times, give
from blockchain_lab.course.l01_switches import KILL_EACH, RIGHT, knows_of_song, switch_off
from blockchain_lab.course.l01_systems import INDEX, LOSS, find_indexes, find_losses, is_found
from blockchain_lab.course.l01_worlds import count_worlds, draw_worlds, find_most_worlds
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Partition
from blockchain_lab.study.standing import stand_at

SEED = 7


# -- six worlds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(100, 104))
def test_six_peers_have_six_lists_and_one_in_the_end(seed: int) -> None:
    """There is a moment with six lists, none of them empty; later all six hold all six entries."""
    lab = runs.play(runs.FILM, seed)
    end = draw_worlds(lab)
    lab.goto(event=find_most_worlds(lab))
    worlds = draw_worlds(lab)

    assert 6 == worlds.count == count_worlds(lab)
    assert all(held < set(worlds.entries) for held in worlds.lists.values())
    assert [set(end.entries)] * 6 == list(end.lists.values())
    assert 6 == len(end.entries)


@pytest.mark.parametrize("seed", range(100, 104))
def test_records_and_nodes_tell_the_same_number_of_worlds(seed: int) -> None:
    """Folded from the trace, and asked of the six; 4 to 6 at the step of the question."""
    assert runs.count_worlds_at_step(seed) == runs.ask_worlds_at_step(seed)
    assert runs.count_worlds_at_step(seed) in (4, 5, 6)


def test_equal_lists_share_a_letter() -> None:
    """As many letters as lists; in the end there is A alone. Before anybody wrote, all are alike, too."""
    lab = runs.play(runs.FILM, SEED)

    assert {"A"} == {draw_worlds(lab).get_letter(peer) for peer in lab.names}
    lab.goto(event=runs.STEP)
    worlds = draw_worlds(lab)
    assert worlds.count == len({worlds.get_letter(peer) for peer in lab.names})
    lab.goto(event=1)
    assert draw_worlds(lab).count == 1
    assert draw_worlds(lab).entries == ()


class Texts(HTMLParser):
    """Collects what stands in a page."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A tag."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """A text."""
        self.texts.append(data)


def test_an_entry_is_shown_as_text_whatever_it_says() -> None:
    """A learner may publish anything; a picture is not the place to run it."""
    lab = Lab(runs.FILM, seed=SEED)
    lab.goto(at=14 * SECOND)
    lab.do(Publish("ann", "</svg><b>x"))
    page = Texts()
    page.feed(draw_worlds(lab)._repr_html_())

    assert "b" not in page.tags
    assert "</svg><b>x" in page.texts


# -- what ann can know ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(200, 203))
def test_four_facts_are_local_for_everybody(seed: int) -> None:
    """By trial, and by who holds what it takes."""
    facts = runs.sort_facts(seed)

    assert runs.reckon_facts(seed) == facts
    assert 4 == list(facts.values()).count(runs.LOCAL)


# -- disagreement --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(300, 303))
def test_a_cut_lets_two_lists_disagree_and_healing_ends_it(seed: int) -> None:
    """Fourteen seconds of cut; without one they agree within ten."""
    cut, uncut = tasks.write_both(seed), tasks.write_both(seed, group=())

    assert tasks.DISAGREE.judge(cut, seed).is_right
    assert tasks.get_longest_disagreement(cut) > 13 * SECOND
    assert tasks.get_longest_disagreement(uncut) < 10 * SECOND
    assert 1 == draw_worlds(cut).count
    assert 8 == len(draw_worlds(cut).entries)


def test_two_entries_on_one_side_are_no_disagreement() -> None:
    """Both ann and bob write behind the same cut: they soon have both."""
    lab = tasks.write_both(SEED, writers=("ann", "bob"))

    assert Verdict.WRONG == tasks.DISAGREE.judge(lab, SEED).verdict


def test_one_list_that_lags_behind_is_no_disagreement() -> None:
    """First ann writes alone for long; dan's later entry counts only from when it was written."""
    lab = Lab(runs.FILM, seed=SEED)
    lab.goto(at=14 * SECOND)
    lab.do(Partition(("ann", "bob", "cat")))
    lab.do(Publish("ann", "jam"))
    lab.run(until=27 * SECOND)
    lab.do(Publish("dan", "honey"))
    lab.do(Heal())
    lab.run()

    assert Verdict.WRONG == tasks.DISAGREE.judge(lab, SEED).verdict


# -- merging -------------------------------------------------------------------------------------------------

ENTRIES = st.dictionaries(
    st.sampled_from(("milk", "tea", "rice")),
    st.tuples(st.integers(0, 3), st.sampled_from(("ann", "bob", "fay")), st.sampled_from("12")),
)


@given(ENTRIES, ENTRIES, ENTRIES)
def test_the_order_of_meetings_does_not_matter(one: dict, two: dict, three: dict) -> None:
    """Commutative, associative, idempotent: all that agreement without a server needs."""
    merge = merging.merge

    assert merge(one, two) == merge(two, one) == merging.merge_by_key(one, two)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, one) == one


@pytest.mark.parametrize("wrong", [merging.take_theirs, merging.keep_mine, merging.forget_ties])
def test_a_wrong_merge_depends_on_who_met_whom(wrong) -> None:
    """Several results of the same three lists; the right one has a single one."""
    assert len(merging.meet_in_every_order(wrong).different) > 1
    assert "different lists" in repr(merging.meet_in_every_order(wrong))


def test_meetings_can_be_shown_whatever_a_function_does() -> None:
    """Nothing, an exception, nonsense, and the right thing."""
    assert "6 orders, one list" in repr(merging.meet_in_every_order(merging.merge))
    for function in (lambda a, b: None, lambda a: a, lambda a, b: 1 / 0, lambda a, b: {1: 2, "x": 3}, None):
        assert repr(merging.meet_in_every_order(function))


# -- star and mesh -------------------------------------------------------------------------------------------


def test_the_star_becomes_a_mesh_ring_by_ring() -> None:
    """9, 18, 27, 36, 45 lines: each round gives each of the nine one more neighbour on either side."""
    lab = runs.play(runs.STAR, SEED)
    counts = []
    for second in (5, 11, 16, 21, 27):
        lab.goto(at=second * SECOND)
        counts.append(sum(len(peer.lines) for peer in stand_at(lab)) // 2)

    assert [9, 18, 27, 36, 45] == counts
    assert 45 == len(list(combinations(lab.names, 2))) == runs.count_links(SEED) == runs.count_lines(SEED)


@pytest.mark.parametrize("seed", range(400, 402))
def test_without_its_hub_a_star_is_nine_islands(seed: int) -> None:
    """No pair in the star, all 36 in the mesh; whoever else goes, 36 stay."""
    assert 0 == tasks.count_least_pairs(tasks.switch_off("hub", seed=seed))
    assert 36 == tasks.count_least_pairs(tasks.switch_off("hub", at=tasks.A_MESH, seed=seed))
    assert 36 == tasks.count_least_pairs(tasks.switch_off("dan", seed=seed))


# -- a server and a swarm ------------------------------------------------------------------------------------


def test_the_sums_are_the_textbooks() -> None:
    """Kurose and Ross: N F / u, and max(F / u, N F / (u + N p)). 8,000 s against 727 s."""
    assert 8_000 == theory.get_server_time(0) == theory.play_server(SEED)
    assert 727.3 == theory.get_swarm_time(0) == theory.pour_swarm(0)


@pytest.mark.parametrize("seed", range(500, 503))
def test_generous_peers_beat_the_server_and_mean_ones_do_not(seed: int) -> None:
    """The server needs a little more than eight copies through its line: 8 × 12,000 / 1,200 = 80 s."""
    generous, mean = give(MOST, seed), give(30, seed)

    assert 80 * SECOND < get_times(generous, "server")[-1] < 90 * SECOND
    assert get_times(generous, "source")[-1] < 75 * SECOND
    assert SWARM.judge(generous, seed).is_right
    assert "The server was done first" in SWARM.judge(mean, seed).message


def test_the_two_curves_are_those_of_the_two_sides() -> None:
    """Eight peers each, and no one on both sides; all of them are on the curve of a generous run."""
    lab = give(MOST, SEED)
    left, right = get_side(lab, "server"), get_side(lab, "source")

    assert (8, 8, 16) == (len(left), len(right), len({*left, *right}))
    assert [8, 8] == [curve[-1][1] for curve in draw_films(lab).curves.values()]
    assert "who has the whole film" in draw_films(lab)._repr_html_()


# -- five systems --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(600, 603))
def test_five_systems_keep_their_index_in_five_ways(seed: int) -> None:
    """What a run shows is what the books say, for everybody."""
    assert INDEX.again(seed) == find_indexes(seed)
    assert 5 == len(set(find_indexes(seed).values()))
    assert LOSS.again(seed) == find_losses(seed)


def test_untouched_all_five_find_the_song_twice() -> None:
    """So what fails after the switches fails because of them."""
    lab = runs.play("five_indexes", SEED)

    assert all(is_found(lab, asker, "song") for asker in ("uli", "nora", "gil", "bill", "kit"))
    assert is_found(lab, "uli", "poem")
    assert is_found(lab, "gil", "poem")


def test_who_keeps_an_index_and_who_does_not() -> None:
    """Three of Kademlia's six, the two servers, all of Usenet, who has the song in Gnutella."""
    lab = switch_off(*RIGHT, seed=SEED)
    keepers = [name for name in lab.names if knows_of_song(lab, name)]

    assert ["una", "ugo", "uli", "ute", "napster", "gina", "gus", "tracker", "kim", "kay", "kurt"] == keepers


def test_two_of_one_system_and_none_of_another_are_not_one_each() -> None:
    """Five switches, but not one in each."""
    lab = switch_off("una", "ute", "napster", "gina", "tracker", seed=SEED)

    assert "One `Kill` in each" in KILL_EACH.judge(lab, SEED).message
