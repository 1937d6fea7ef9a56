"""Lesson 1, five systems side by side: where their index is, and what is lost when one who keeps it is off.

The run is that of `l01_switches`.
"""

from typing import Any, Final

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l01_switches import (
    ANSWERED,
    ASKERS,
    KINDS,
    RIGHT,
    SECOND_TIME,
    STORY,
    find_kind,
    get_kills,
    switch_off,
)
from blockchain_lab.course.questions import Mistake
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.course.sorting import Sorting
from blockchain_lab.lab import Lab

FIRST: Final = 14 * SECOND  # one peer of each system looks for the song
FOUND: Final = "query answered"
QUESTIONS: Final = ("seek", "announce", "find-value")


# -- where the index is --------------------------------------------------------------------------------------


def find_indexes(seed: int) -> dict[str, str]:
    """For each system the group it belongs to: read off the first question in a run."""
    lab = Lab(STORY, seed=seed)
    lab.run(until=ANSWERED)
    return {kind: find_index(lab, kind) for kind in KINDS}


def find_index(lab: Lab, kind: str) -> str:
    """By whom was asked: nobody, one, some, or all others."""
    others = [name for name in lab.names if find_kind(lab, name) == kind]
    asked: dict[str, None] = {}
    for record in get_records(lab, Kind.SEND):
        is_question = record.at >= FIRST and record.detail.wire_name in QUESTIONS
        if is_question and lab.names[record.peer] in others:
            asked[lab.names[record.other]] = None
    if not asked:
        return "everywhere"
    if len(asked) == 1:
        return "tracker" if tell_pieces(lab, others) else "server"
    return "own" if len(asked) >= len(others) - 1 else "by key"


def tell_pieces(lab: Lab, peers: list[str]) -> bool:
    """Do these tell each other which pieces they have?"""
    sent = get_records(lab, Kind.SEND)
    return any(r.detail.wire_name == "bitfield" and lab.names[r.peer] in peers for r in sent)


def name_indexes(seed: int) -> dict[str, str]:
    """The same from what is known of the five."""
    return {
        "usenet": "everywhere",
        "napster": "server",
        "gnutella": "own",
        "bittorrent": "tracker",
        "kademlia": "by key",
    }


INDEX: Final = Sorting(
    id="L01.q11",
    title="Where is the index?",
    prompt="Five systems look for a song. Where does each of them keep the knowledge of who has it?",
    items=KINDS,
    groups={
        "everywhere": "nowhere in particular: every host has a copy of everything",
        "server": "on one server, which knows every file of every peer",
        "own": "each peer knows its own files only, and is asked",
        "tracker": "one host knows who wants a file; who has which piece, these tell each other",
        "by key": "spread over the peers: each entry on those whose names are nearest to its key",
    },
    passes="all five systems with the right group.",
    hints=(
        "Go to second 14 and see whom the asker writes to: nobody, one, some, or all of its neighbours?",
        "Two have one host that is asked. In one it knows all files, in the other only who is interested.",
        "Usenet's asker looks on its own disk. Gnutella's question goes on from neighbour to neighbour.",
    ),
    because="One question, five answers: from everywhere to one place, and back to everywhere.",
    solution="Whom the asker writes to shows it. {answer}.",
    answer=find_indexes,
    again=name_indexes,
    mistakes=(
        Mistake(("usenet", "server"), "Its asker writes to nobody: the article came to its own disk before."),
        Mistake(("usenet", "own"), "Who has only its own files must ask others. Here nobody asks anybody."),
        Mistake(("napster", "everywhere"), "All of Napster's questions go to one host. Which one?"),
        Mistake(
            ("napster", "tracker"), "Napster's server knows every file; who has which piece it never hears."
        ),
        Mistake(
            ("gnutella", "server"),
            "Its question goes to all neighbours, and on from there: there is no server.",
        ),
        Mistake(
            ("gnutella", "by key"), "No peer is nearer to a song than another one: all are asked, one by one."
        ),
        Mistake(
            ("bittorrent", "server"), "This host only knows who wants the film; the pieces it never hears of."
        ),
        Mistake(
            ("bittorrent", "own"), "Peers do tell each other their pieces, but who tells them of each other?"
        ),
        Mistake(("kademlia", "everywhere"), "Only a few of the six keep the entry. How are they chosen?"),
        Mistake(
            ("kademlia", "own"), "Who has the song does not keep the entry: it was put where its key belongs."
        ),
    ),
)


# -- what is lost --------------------------------------------------------------------------------------------


def find_losses(seed: int) -> dict[str, str]:
    """For each system the group it belongs to: read off the run in which one is switched off in each."""
    lab = switch_off(*RIGHT, seed=seed)
    return {kind: find_loss(lab, kind) for kind in KINDS}


def find_loss(lab: Lab, kind: str) -> str:
    """Who still finds the song, who goes on with what was begun, and what only the lost one had."""
    off = get_kills(lab)[0].at
    asker = next(name for name in ASKERS if find_kind(lab, name) == kind)
    if not is_found(lab, asker, "song"):
        late = [note for note, _ in get_notes(lab, "file received") if off < note.at < SECOND_TIME]
        goes_on = any(find_kind(lab, lab.names[note.peer]) == kind for note in late)
        return "newcomers" if goes_on else "search"
    asked_for_poem = any(facts["file"] == "poem" for _, facts in get_notes(lab, "query sent", asker))
    return "its own" if asked_for_poem and not is_found(lab, asker, "poem") else "nothing"


def is_found(lab: Lab, asker: str, what: str) -> bool:
    """Was the asker told where it is, or what it is, the second time?"""
    answers: list[tuple[Record, dict[str, Any]]] = [
        *((note, facts) for note, facts in get_notes(lab, FOUND, asker) if facts["file"] == what),
        *((note, facts) for note, facts in get_notes(lab, "lookup finished", asker) if facts["value"]),
    ]
    return any(note.at >= SECOND_TIME for note, _ in answers)


def name_losses(seed: int) -> dict[str, str]:
    """The same by thought: how many keep the same entry, and is it needed once a fetch has begun?"""
    keepers = {"usenet": 4, "napster": 1, "gnutella": 1, "bittorrent": 1, "kademlia": 3}
    is_asked_again = {"napster": "search", "bittorrent": "newcomers", "gnutella": "its own"}
    return {kind: "nothing" if keepers[kind] > 1 else is_asked_again[kind] for kind in KINDS}


LOSS: Final = Sorting(
    id="L01.q13",
    title="What dies with its host?",
    prompt="One who keeps the index is switched off. What is lost in each of the five systems?",
    items=KINDS,
    groups={
        "search": "nobody finds anything any more, though all files are still there",
        "newcomers": "who comes now finds nobody; those who have found each other go on",
        "its own": "only what this one host had, and nobody else",
        "nothing": "nothing: others keep the same",
    },
    passes="all five systems with the right group.",
    hints=(
        "Play your run to its end and read the list of events from second 36 on: whose question failed?",
        "Two questions fail. In which of the two was somebody still fetching when the host went off?",
        "gil asks for the song and for the poem. Both were on gina; the song had been fetched by gus before.",
    ),
    because="Whoever keeps the only index holds the system. Spread it, or keep copies, and one may go.",
    solution="{answer}. The run shows it: who found, who failed, who went on.",
    answer=find_losses,
    again=name_losses,
    mistakes=(
        Mistake(("usenet", "its own"), "Every article of una had gone to all others long before."),
        Mistake(
            ("usenet", "search"), "Who looks for an article looks on its own disk. It found it, didn't it?"
        ),
        Mistake(("napster", "nothing"), "All songs are there still, but look at nora's question."),
        Mistake(
            ("napster", "newcomers"),
            "Not only newcomers: nora was there from the beginning, and asks in vain.",
        ),
        Mistake(("gnutella", "search"), "gil found the song: gus has it, too. What did he not find?"),
        Mistake(("gnutella", "nothing"), "The song was found, but the poem was nowhere else."),
        Mistake(
            ("bittorrent", "search"), "ben had found bea before, and gets his last pieces without a tracker."
        ),
        Mistake(("bittorrent", "nothing"), "ben goes on, but bill, who comes later, is told of nobody."),
        Mistake(("kademlia", "search"), "kit found it: three keep each entry here, and two of them are on."),
        Mistake(("kademlia", "its own"), "What kurt kept two others keep as well."),
    ),
)
