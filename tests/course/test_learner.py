"""A name is a seed: the same for everybody who writes it, another one for another name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.learner import FILE, GUEST, SEEDS, find_learner, find_seed, i_am, make_learner
from blockchain_lab.course.progress import FOLDER


@pytest.fixture(autouse=True)
def lessons_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of lessons of its own, in which the notebook stands."""
    (tmp_path / FOLDER).mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_who_says_nothing_is_a_guest() -> None:
    """Seed 7, whose runs have the golden digests."""
    assert (GUEST, 7) == (find_learner(), find_seed())


def test_a_name_stays_until_another_one_is_given() -> None:
    """It is kept beside the progress, so every lesson of the folder knows it."""
    i_am("Ada Lovelace")
    ada = find_seed()
    i_am("Bob")

    assert ada == make_learner("Ada Lovelace").seed
    assert "Bob" == find_learner().name
    assert ada != find_seed()


def test_how_a_name_is_typed_makes_no_difference() -> None:
    """Capitals, spaces, and letters that Unicode knows in two forms."""
    seeds = {make_learner(name).seed for name in ("Zoë Brontë", "  zoë   BRONTË ", "Zoe\u0308 Bronte\u0308")}

    assert 1 == len(seeds)


@pytest.mark.parametrize("who", [4_711, "4711", " 4711 "])
def test_a_number_is_the_seed_itself(who: object) -> None:
    """So a class can be given its numbers."""
    assert 4_711 == make_learner(who).seed


@pytest.mark.parametrize("who", ["", "   ", "x" * 101, "a\nb\x00", None, True, -1, 2**64, 1.5, ["Ada"]])
def test_what_is_no_name_is_refused(who: object) -> None:
    """And whoever was known before still is."""
    i_am("Ada")

    with pytest.raises(UsageError, match="wanted a name"):
        i_am(who)
    assert "Ada" == find_learner().name


@pytest.mark.parametrize("text", ["", "{", '{"who": null}', '{"who": [1]}', "[]", '{"name": "Ada"}', "\x00"])
def test_a_file_that_somebody_broke_means_a_guest(text: str, lessons_folder: Path) -> None:
    """A lesson never stops because of it."""
    (lessons_folder / FOLDER / FILE).write_text(text)

    assert GUEST == find_learner()


@given(st.text(min_size=1, max_size=40).filter(lambda name: name.strip() and name.isprintable()))
def test_every_name_has_a_seed(name: str) -> None:
    """Below a thousand million, unless it is a number: that is the seed."""
    learner = make_learner(name)

    assert 0 <= learner.seed < SEEDS or str(learner.seed) == learner.name
    assert learner == make_learner(learner.name)
