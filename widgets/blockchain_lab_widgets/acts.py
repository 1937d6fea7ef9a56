"""What a page may ask of the lab: to act, to switch branches, to begin anew, to play a figure.

A request that cannot be met is answered with the reason, in the words that a cell would have shown.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab_widgets.desk import ask_again, check_unsealed, commit
from blockchain_lab_widgets.files import make_file
from blockchain_lab_widgets.page_messages import Message, quote

STALE: Final = "the run has changed meanwhile: look again, then act"
LONGEST_SEED: Final = 20  # digits of 2**64 - 1
AFTERMATH: Final = (
    120 * SECOND
)  # what an action brings about is shown for so long, beyond the story's end too


def act(lab: Any, message: Message, epoch: int) -> None:
    """Let something happen behind the event at which the reader stands. UsageError, ScenarioError."""
    if message["epoch"] != epoch:
        raise UsageError(STALE)
    check_unsealed(lab)
    action = lab.read_action(message["action"])
    if message["cursor"] > lab.head:
        raise UsageError(f"event {message['cursor']} has not happened: the run ends at event {lab.head}")
    before = lab.cursor
    lab.saw(message["furthest"])
    lab.goto(event=message["cursor"])
    try:
        lab.do(action)
    except Exception:
        lab.goto(event=before)
        raise


def switch(lab: Any, message: Message, epoch: int) -> None:
    """Go to another branch, to the same moment: so two futures are compared by switching to and fro.

    Where nothing differs yet, go on to the first event that does.
    """
    target = message["branch"]
    if not 0 <= target < len(lab.branches):
        lab.switch(target)  # raises, and says which there are
    branch = lab.branches[target]
    parting = get_parting(lab.branches, lab.branch, target)
    lab.switch(target, event=min(branch.head, max(branch.trace.last_at(lab.now), parting + 1)))


def get_parting(branches: Sequence[Any], one: int, other: int) -> int:
    """The last event that two branches share. O(depth).

    A parent always has the lower number, so the higher of the two is followed down until both are the same.
    """
    last = min(branches[one].head, branches[other].head)
    while one != other:
        one, other = min(one, other), max(one, other)
        last, other = min(last, branches[other].fork_event), branches[other].parent
    return last


def reset(lab: Any, message: Message, epoch: int) -> None:
    """Begin anew, and open as a new lab opens."""
    seed = message["seed"]
    if seed is not None and not (seed.isascii() and seed.isdecimal() and len(seed) <= LONGEST_SEED):
        raise UsageError(f"seed: found {quote(seed)}, wanted a whole number from 0 to 2**64 - 1")
    lab.reset(None if seed is None else int(seed))
    lab.goto(event=lab.scenario.poster)


def choose(lab: Any, message: Message, epoch: int) -> None:
    """Play the figure of a claim. Only a claim card's lab has figures."""
    if not hasattr(lab, "claims"):
        raise UsageError("this lab plays no claims: its scenario is its own")
    lab.choose(message["claim"], message["era"])


REQUESTS: Final[dict[str, Callable[[Any, Message, int], bytes | None]]] = {  # some are answered with a file
    "act": act,
    "switch": switch,
    "reset": reset,
    "file": make_file,
    "commit": commit,
    "ask again": ask_again,
    "choose": choose,
}


def get_horizon(lab: Any) -> Microseconds:
    """How far the page gets the run: to the story's end, and to where the last action's traces are over."""
    actions = lab.branches[lab.branch].actions
    last = lab.trace.time_of(actions[-1][0]) + AFTERMATH if actions else 0
    return max(lab.scenario.until, last)


def describe_branches(lab: Any) -> list[dict[str, Any]]:
    """All futures of the lab, for the strip under the bar; nothing while there is only one."""
    if len(lab.branches) == 1:
        return []
    return [
        {
            "parent": branch.parent,
            "fork": branch.fork_event,
            "head": branch.head,
            "label": describe_beginning(branch),
        }
        for branch in lab.branches
    ]


def describe_beginning(branch: Any) -> str:
    """The action with which a branch left its parent; "" for the first branch."""
    if branch.parent is None:
        return ""
    own = [action for after, action in branch.actions if after >= branch.fork_event]
    if not own:
        return ""
    who = getattr(own[0], "peer", "")
    return f"{type(own[0]).__name__} {who}".strip()
