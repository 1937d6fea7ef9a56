"""What a page may ask of the lab: to act, to switch branches, to begin anew.

A request that cannot be met is answered with the reason, in the words that a cell would have shown.
"""

from collections.abc import Callable
from typing import Any, Final

from blockchain_lab.base.errors import UsageError

Message = dict[str, Any]
STALE: Final = "the run has changed meanwhile: look again, then act"


def act(lab: Any, message: Message, epoch: int) -> None:
    """Let something happen behind the event at which the reader stands. UsageError, ScenarioError."""
    if message["epoch"] != epoch:
        raise UsageError(STALE)
    action = lab.read_action(message["action"])
    before = lab.cursor
    lab.saw(message["furthest"])
    lab.goto(event=message["cursor"])
    try:
        lab.do(action)
    except Exception:
        lab.goto(event=before)
        raise


def switch(lab: Any, message: Message, epoch: int) -> None:
    """Go to another branch, to where the reader would look first: just behind the fork."""
    lab.switch(message["branch"])
    branch = lab.branches[lab.branch]
    lab.goto(event=min(branch.fork_event + 1, branch.head))


def reset(lab: Any, message: Message, epoch: int) -> None:
    """Begin anew, and open as a new lab opens."""
    seed = message["seed"]
    if seed is not None and not str(seed).isdecimal():
        raise UsageError(f"seed: found {seed!r}, wanted a whole number")
    lab.reset(None if seed is None else int(seed))
    lab.look_ahead()
    lab.goto(event=min(lab.scenario.poster, lab.head))


REQUESTS: Final[dict[str, Callable[[Any, Message, int], None]]] = {
    "act": act,
    "switch": switch,
    "reset": reset,
}


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
