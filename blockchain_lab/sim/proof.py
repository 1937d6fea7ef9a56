"""What a saved run must come to: digests of its records, and of its world at the end and at the cursor.

A run is a pure function of scenario, seed and actions, so whoever plays the file back must find the same
digests. Where he does not, somebody has edited the file, or the program is another one.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.sim.digest import digest_trace
from blockchain_lab.sim.timeline import Timeline

SHOWN: Final = 12  # hexadecimal digits of a digest that a sentence quotes
WORDS: Final = {
    "trace": "digest of the records",
    "head": "digest of the world at the end",
    "cursor": "digest of the world at the cursor",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Three digests; None for what has none: records that are not all kept, nodes that hold a float."""

    trace: str | None = None
    head: str | None = None
    cursor: str | None = None


UNPROVEN: Final = Proof()  # of a file from before there were digests


def make_proof(timeline: Timeline) -> Proof:
    """The digests of a branch, up to its head, and at the cursor. O(records)."""
    branch, options = timeline.branch, timeline.options
    is_whole = options.level == "full" and options.keep is None
    return Proof(
        trace=try_digest(lambda: digest_trace(branch.trace, branch.head)) if is_whole else None,
        head=try_digest(lambda: timeline.world(branch.head).state_digest()),
        cursor=try_digest(lambda: timeline.world().state_digest()),
    )


def try_digest(make: Callable[[], str]) -> str | None:
    """A digest; None where a learner's node holds what has no plain form."""
    try:
        return make()
    except UsageError:
        return None


def find_faults(wanted: Proof, found: Proof) -> list[str]:
    """What has come out otherwise, in words. What either side does not know is not compared."""
    pairs = [(name, getattr(wanted, name), getattr(found, name)) for name in WORDS]
    return [
        f"{WORDS[name]}: found {ours[:SHOWN]}…, wanted {theirs[:SHOWN]}…"
        for name, theirs, ours in pairs
        if theirs and ours and theirs != ours
    ]


def proof_to_json(proof: Proof, rest: Mapping[str, Any]) -> dict[str, Any]:
    """The digests, and one of the file itself: of these and of all else that is in it."""
    plain = asdict(proof)
    return {**plain, "file": digest_json({**rest, "digests": plain})}


def digest_json(value: Any) -> str:
    """A hash of a JSON value; the order of keys counts, as that of peers does."""
    return sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()


def find_edit(value: Mapping[str, Any]) -> str:
    """How a file's own digest differs from what is written in it; "" when it is as it was saved."""
    digests = dict(value["digests"])
    wanted, found = digests.pop("file"), digest_json({**value, "digests": digests})
    if wanted == found:
        return ""
    return f"digest of the file: found {found[:SHOWN]}…, wanted {wanted[:SHOWN]}…"
