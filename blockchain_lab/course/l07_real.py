"""Lesson 7 at real size: news pushed among 600, 6,000 and 18,077 peers, and how many rounds push takes."""

from math import log
from typing import Final

from blockchain_lab.course.questions import Choice, Mistake
from blockchain_lab.course.real_size import make_live_run, spread
from blockchain_lab.scale.countries import REACHABLE
from blockchain_lab.scale.live import LiveRun
from blockchain_lab.scale.plan import Relay
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.thing import RUMOURS

NEWS: Final = 250  # bytes, as of a small payment
FEW: Final = 600  # peers: a thirtieth
NEARLY_ALL: Final = 99  # per cent of them


def spread_news(peers: int, seed: int) -> Propagation:
    """News that everybody pushes on all its lines when it hears it first: 8 that it opened, 8 that came."""
    return spread(seed, peers=peers, relay=Relay.PUSH, compact_size=NEWS, lacks_nothing=True)


def watch_news(peers: int, seed: int) -> LiveRun:
    """Several such news, to be watched: `watch_news(18_077, seed).show()`."""
    return make_live_run(
        seed, peers=peers, relay=Relay.PUSH, compact_size=NEWS, lacks_nothing=True, thing=RUMOURS
    )


def find_thirty_times(seed: int) -> str:
    """How much longer 99 per cent of 18,077 peers take than 99 per cent of 600, as the key of an option."""
    times = []
    for peers in (FEW, REACHABLE):
        reached = spread_news(peers, seed).get_percentiles(NEARLY_ALL).compressed()
        if not len(reached):
            return "d"
        times.append(float(reached.mean()))
    return name_factor(times[1] / times[0])


def reckon_thirty_times(seed: int) -> str:
    """The same by thought: a flood takes as many hops as the logarithm says, and each takes as long."""
    return name_factor(log(REACHABLE) / log(FEW))


def name_factor(factor: float) -> str:
    """About thirty times as long, about five times, less than twice: a, b, c."""
    if factor >= 12:
        return "a"
    return "b" if factor >= 2 else "c"


THIRTY_TIMES = Choice(
    id="L07.q11",
    predicted=True,
    title="Thirty times the peers",
    prompt="News is pushed on all lines of a network with 600 peers, then of one with 18,077. Everybody opens"
    " 8 lines. When do 99 of 100 know it in the large one?",
    options={
        "a": "after about thirty times as long",
        "b": "after about five times as long",
        "c": "after less than twice as long",
        "d": "never: too many of so many peers are missed",
    },
    passes="the letter for what the rows of 600 and of 18,077 peers show, at 99 %.",
    hints=(
        "After one hop some 16 peers know it. After two? How many hops more until thirty times as many know?",
        "Hops grow with the logarithm of the peers: compare log 600 with log 18,077.",
        "Compare two numbers of the table: 99 % of 600, and 99 % of 18,077.",
    ),
    because="One or two hops more: thirty times the peers are told by thirty times the tellers.",
    solution="{answer}. log 18,077 / log 600 is 1.5; where the news began makes more of a difference.",
    answer=find_thirty_times,
    again=reckon_thirty_times,
    mistakes=(
        Mistake(
            "a", "That would be one after another. Those who were told tell others, all at the same time."
        ),
        Mistake(
            "b", "That is the root of thirty. News grows by a factor with each hop, so take a logarithm."
        ),
        Mistake("d", "Who tells two may miss some. Here everybody tells all its friends: nobody is missed."),
    ),
)
