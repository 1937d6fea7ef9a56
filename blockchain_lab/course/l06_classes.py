"""Lesson 6, the sixteen commands of the lecture's list, sorted: our reading, twice.

The list is that of Bitcoin's first years. The lecture sorts messages into four classes; which command
stands where is our reading of it, and those that Bitcoin Core no longer knows are put aside as history.
"""

from typing import Final

from blockchain_lab.bitcoin.messages import COMMANDS
from blockchain_lab.course.questions import Mistake
from blockchain_lab.course.sorting import Sorting

LIST: Final = (
    *("version", "verack", "addr", "inv", "getdata", "getblocks", "getheaders", "tx"),
    *("block", "headers", "getaddr", "submitorder", "checkorder", "reply", "alert", "ping"),
)
HISTORY: Final = "history"
ROOMS: Final = {  # of the code: which messages are written where
    "messages_connection": "connection",
    "messages_addresses": "addresses",
    "messages_announce": "announce",
    "messages_data": "data",
    "block": "data",
    "tx": "data",
    "messages_alert": HISTORY,
    "messages_orders": HISTORY,
}


def ask_messages(seed: int) -> dict[str, str]:
    """What each message says of itself: its class, and whether today's program still knows it."""
    kinds = {command: COMMANDS[command] for command in LIST}
    return {
        command: HISTORY if kind.versions.last is not None else kind.lecture_class
        for command, kind in kinds.items()
    }


def ask_rooms(seed: int) -> dict[str, str]:
    """The same from where each message is written."""
    return {command: ROOMS[COMMANDS[command].__module__.rsplit(".", 1)[1]] for command in LIST}


SORT: Final = Sorting(
    id="L06.q7",
    title="Sixteen commands",
    prompt="Sort the sixteen commands of the lecture's list: into the four classes, or into history.",
    items=LIST,
    groups={
        "connection": "two peers and the line between them",
        "addresses": "who else is there",
        "announce": "what I have, what I want: names and questions only",
        "data": "the things themselves",
        HISTORY: "gone: Bitcoin Core of today does not know it any more",
    },
    passes="all sixteen in the right group (our reading), four of them in history.",
    hints=(
        "Ask of each: does it carry the thing itself, or only its name or a question? The thing is `data`.",
        "Four are gone: three belong to one story, paying to an IP address, the fourth was a loudspeaker.",
        "connection: 3, addresses: 2, announce: 4, data: 3, history: 4.",
    ),
    because="Few commands carry much, most carry names and questions. That is how news travels cheaply.",
    solution="{answer}",
    answer=ask_messages,
    again=ask_rooms,
    mistakes=(
        Mistake(
            ("ping", HISTORY), "The old list says that `ping` does nothing. Since 2012 a `pong` answers it."
        ),
        Mistake(("alert", "connection"), "`alert` was switched off in 2016 and is known no more: history."),
        Mistake(
            ("alert", "announce"), "`alert` told everybody something, true. But since 2016 it is history."
        ),
        Mistake(
            ("reply", "connection"), "`reply` answered a payment to an IP address. Nobody pays so any more."
        ),
        Mistake(
            ("checkorder", "announce"), "`checkorder` asked to pay to an IP address: gone with the others."
        ),
        Mistake(("submitorder", "data"), "`submitorder` carried a payment to an IP address. Gone for long."),
        Mistake(
            ("getaddr", "announce"), "`getaddr` asks, but for addresses: it belongs to who else is there."
        ),
        Mistake(("getdata", "data"), "`getdata` carries no data, it asks for some: a list of names."),
        Mistake(("getheaders", "data"), "`getheaders` is the question. The headers come in `headers`."),
        Mistake(("getblocks", "data"), "`getblocks` is a question, and its answer is only names: an `inv`."),
        Mistake(
            ("inv", "data"), "`inv` holds names: I have these. The things themselves come when asked for."
        ),
        Mistake(("headers", "announce"), "A header of 80 bytes is a thing itself: the block's first part."),
        Mistake(
            ("version", "addresses"), "`version` holds two addresses, yes, but it is there to open a line."
        ),
        Mistake(
            ("verack", "announce"), "`verack` says: I have read your version. It concerns this line alone."
        ),
    ),
)
