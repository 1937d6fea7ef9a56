"""The syllabus: what the lecture and the articles it leans on treat, and where the course asks about it.

    python -m blockchain_lab.teach.syllabus > docs/syllabus.md

A lecturer who prepares a topic finds the lesson and the questions here. A test writes the page anew and
finds topics without a question and questions without a topic. Who adds a lesson adds its questions below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from blockchain_lab.course.registry import LESSONS, Lesson, get_questions

LECTURE: Final = "Lecture"
ARTICLES: Final = "Articles"
LEAD: Final = """# Syllabus

Written by `python -m blockchain_lab.teach.syllabus`; a test keeps it true. Left the topics of the lecture and
of the articles it leans on; right where the course treats them, and which questions ask about them.
"""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading of one of the texts. `lessons`: numbers of lessons. `questions`: ids, such as "L03.q4"."""

    text: str
    heading: str
    lessons: tuple[int, ...]
    questions: tuple[str, ...] = ()


def ask(text: str, heading: str, **questions: Sequence[int]) -> Topic:
    """A topic by lesson and numbers of questions: `ask(LECTURE, "NAT", L03=[1, 4])`."""
    ids = tuple(f"{lesson}.q{number}" for lesson, numbers in questions.items() for number in numbers)
    return Topic(text, heading, tuple(int(lesson[1:]) for lesson in questions), ids)


TOPICS: Final = (
    ask(LECTURE, "Architectures: client and server, peer to peer", L01=[6, 7, 8, 9]),
    ask(
        LECTURE,
        "Collaboration and its evolution: Usenet, Napster, Gnutella, BitTorrent",
        L01=[10, 11, 12, 13],
    ),
    ask(LECTURE, "Local state and global state", L01=[1, 2, 3, 4, 5], L00=[3]),
    ask(LECTURE, "The stack of Web3: Layers 0, 1 and 2", L00=[8], L17=[14]),
    ask(LECTURE, "The five questions about Layer 0", L00=[8], L04=[1], L08=[12]),
    ask(
        LECTURE,
        "NAT: kinds of boxes, STUN, relay, hole punching, UPnP",
        L03=[1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 13],
    ),
    ask(LECTURE, "Firewalls", L03=[5]),
    ask(LECTURE, "Bootstrap: DNS seeds, fixed seeds, addresses", L02=[1, 2, 4, 5, 6, 7, 8, 11]),
    ask(LECTURE, "The handshake", L02=[3, 10]),
    ask(LECTURE, "The Bitcoin network in numbers", L02=[12, 13]),
    ask(LECTURE, "Connection policies: 8 of 125, 20 of 30", L04=[2, 3, 8, 9, 10, 11]),
    ask(LECTURE, "Sparse and dense networks", L04=[1, 4, 5, 6, 7, 12, 13]),
    ask(LECTURE, "UDP or TCP", L05=[2, 3, 4, 5, 6]),
    ask(LECTURE, "Keep-alive", L05=[1, 8, 9, 10], L03=[9]),
    ask(LECTURE, "Churn, and peers that are gone", L05=[7, 11, 12, 13], L02=[9]),
    ask(LECTURE, "Messages, and their four classes", L06=[1, 2, 3, 4, 5, 6, 7]),
    ask(LECTURE, "Messages of IPv8", L06=[11, 12]),
    ask(LECTURE, "Messages of one's own", L06=[8, 9, 10]),
    ask(LECTURE, "Gossip: push, pull, fan-out, time to live", L07=range(1, 12)),
    ask(LECTURE, "Overlays: unstructured and structured", L08=[1, 2, 3, 4, 5]),
    ask(LECTURE, "Properties of overlays", L08=[6, 7, 8, 9, 10, 11, 12]),
    ask(LECTURE, "Which systems use which overlay?", L08=[13]),
    ask(LECTURE, "Demonstration: a toy blockchain", L18=range(1, 12)),
    ask(ARTICLES, "Requester, peer, neighbouring node", L09=[2]),
    ask(ARTICLES, "Q(x): the quality of a peer", L09=[3, 4, 5, 6]),
    ask(ARTICLES, "Limits of requests, and load", L09=[1, 7, 8, 9]),
    ask(ARTICLES, "Trust in what was built", L09=[10, 11, 12]),
    ask(ARTICLES, "A shared, immutable ledger", L10=[1, 2], L11=[1, 2]),
    ask(ARTICLES, "Transactions and the memory pool", L10=[3, 4, 5, 7, 8, 9, 10, 11, 12]),
    ask(ARTICLES, "Initial download: blocks first", L14=[5, 6]),
    ask(ARTICLES, "Initial download: headers first", L14=[1, 2, 3, 4, 7, 8, 10, 11, 12]),
    ask(ARTICLES, "Relay of transactions", L10=[6], L12=[7]),
    ask(
        ARTICLES,
        "Relay of blocks: standard, unsolicited, headers, compact",
        L12=[1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12],
    ),
    ask(ARTICLES, "Proof of work", L11=[3, 4, 5, 6, 7, 8, 9, 10]),
    ask(ARTICLES, "Difficulty and reward", L11=[11, 12, 13]),
    ask(ARTICLES, "A list, and a tree", L13=[1, 2]),
    ask(ARTICLES, "Stale and orphan blocks", L13=[3, 15], L14=[9]),
    ask(ARTICLES, "The strongest branch", L13=[4, 5, 6]),
    ask(ARTICLES, "The 51 % attack", L13=[7, 8, 9, 10], L15=[1, 2]),
    ask(ARTICLES, "Selfish mining and eclipse", L13=[11, 12, 13, 14]),
    ask(ARTICLES, "Proof of stake, coin age", L15=[3, 4, 5, 6]),
    ask(ARTICLES, "Nothing at stake, grinding", L15=[7, 8]),
    ask(ARTICLES, "Authority, burn, capacity, history", L15=[9, 10, 11, 12, 13, 14, 15]),
    ask(ARTICLES, "Casper: checkpoints, votes, two thirds", L16=[1, 3, 4, 12]),
    ask(ARTICLES, "How validators are chosen", L16=[2]),
    ask(ARTICLES, "Deposits, dynasties, joining and leaving", L16=[6, 7, 8]),
    ask(ARTICLES, "Casper's fork rule", L16=[5]),
    ask(ARTICLES, "Slashing, leak, two final branches", L16=[9, 10, 11, 13]),
    ask(ARTICLES, "A call of a contract, and its longer road", L17=[1, 2, 3, 4, 5, 6, 7]),
    ask(ARTICLES, "Two overlays at one node, subnets", L17=[8, 9, 10]),
    ask(ARTICLES, "Other networks: channels, rollups, side chains, bridges", L17=[11, 12, 13]),
)


def link(lesson: Lesson) -> str:
    """To its notebook, once there is one."""
    name = f"{lesson.number:02} {lesson.title}"
    return f"[{name}](../lessons/{lesson.name}.ipynb)" if lesson.is_written else f"{name} (not written yet)"


def write_syllabus() -> str:
    """The page, in Markdown."""
    lines, titles = [LEAD], get_questions()
    for text in (LECTURE, ARTICLES):
        lines += [f"## {text}", "", "| topic | lesson | questions |", "| --- | --- | --- |"]
        for topic in TOPICS:
            if topic.text == text:
                places = "<br>".join(link(LESSONS[number]) for number in topic.lessons)
                asked = "; ".join(f"{name} {titles[name].title}" for name in topic.questions)
                lines.append(f"| {topic.heading} | {places} | {asked} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(write_syllabus(), end="")
