"""One file goes to the lecturer: the notebooks, the saved runs, the progress, the name; and nothing else."""

import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import check, i_am
from blockchain_lab.course.hand_in import LARGEST_FILE, MOST_FILES, hand_in, read_handed
from blockchain_lab.lab import Lab
from blockchain_lab.lessons_folder import copy_lessons, find_lessons


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder of lessons."""
    copy_lessons(find_lessons(), tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_handed_in_is_what_was_done(notebook_folder: Path) -> None:
    """Ada answers a question, saves a run, leaves a secret lying about, and hands in."""
    i_am("Ada Lovelace")
    check("L14.q4", 425)
    Lab("headers_first").save("mine.json")
    (notebook_folder / "diary.txt").write_text("secret")
    card = hand_in()
    files = read_handed(notebook_folder / "Ada-Lovelace.lab.zip").files

    assert "Ada-Lovelace.lab.zip" in repr(card)
    assert {"14-joining-late.ipynb", "mine.json", ".blockchain-lab/progress.jsonl"} <= set(files)
    assert b'"Ada Lovelace"' in files[".blockchain-lab/learner.json"]
    assert "diary.txt" not in files


def test_the_same_work_is_the_same_file(notebook_folder: Path) -> None:
    """Byte for byte: a lecturer sees at once that nothing has changed."""
    i_am("Ada")
    hand_in()
    first = (notebook_folder / "Ada.lab.zip").read_bytes()
    hand_in()

    assert first == (notebook_folder / "Ada.lab.zip").read_bytes()


def test_a_guest_is_told_to_say_who_it_is() -> None:
    """And what is too large is left out by name."""
    Path("huge.json").write_bytes(b" " * (LARGEST_FILE + 1))
    card = repr(hand_in())

    assert "i_am" in card
    assert "huge.json" in card


@pytest.mark.parametrize("name", ["../../etc/passwd", "/", "Ünïcödé 名前", "a/b\\c:d", "..."])
def test_no_name_leads_out_of_the_folder(name: str, notebook_folder: Path) -> None:
    """Letters and digits of any script stay, the rest becomes a dash."""
    i_am(name)
    hand_in()

    assert 1 == len(list(notebook_folder.glob("*.lab.zip")))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """Half a gigabyte of nothing in half a megabyte; ten thousand files; an archive that is cut off."""
    bomb = tmp_path / "bomb.lab.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("big.ipynb", b"\0" * (LARGEST_FILE * 4))
    many = tmp_path / "many.lab.zip"
    with ZipFile(many, "w") as archive:
        for number in range(MOST_FILES + 1):
            archive.writestr(f"{number}.json", b"")
    cut = tmp_path / "cut.lab.zip"
    cut.write_bytes(bomb.read_bytes()[:100])

    for path, words in ((bomb, "too large"), (many, "at most"), (cut, "cannot be read")):
        with pytest.raises(UsageError, match=words):
            read_handed(path)


def test_a_broken_packing_is_refused(tmp_path: Path) -> None:
    """A byte of the packed text flipped: its own checks find it, and no error of theirs gets out."""
    path = tmp_path / "x.lab.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.json", zlib.compress(bytes(range(256)) * 20))
    raw = bytearray(path.read_bytes())
    for place in range(40, 80):
        raw[place] ^= 0xFF
    path.write_bytes(raw)

    with pytest.raises(UsageError, match="cannot be read"):
        read_handed(path)
