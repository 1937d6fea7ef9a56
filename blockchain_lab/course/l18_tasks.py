"""Lesson 18, the six repairs and the whole: the questions that the checker judges.

Each is about one decision, with the other five as they should be, so that they can be solved in any order.
What is right is text of `layers.toy_repairs` and of `l18_others`; what is often wrong, of `l18_slips`.
"""

from functools import partial
from typing import Any, Final

from blockchain_lab.course import l18_slips as slips
from blockchain_lab.course.l18_checking import WORLDS
from blockchain_lab.course.l18_others import write_methods, write_other, write_reference
from blockchain_lab.course.l18_repair import Repair
from blockchain_lab.course.questions import Compute, Mistake
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode

FEW: Final = tuple(range(5))  # worlds: each fault, and each slip that is listed, fails in one of them
PASSES: Final = (
    "with your `{}`, and the other five as they should be, everything holds in the first {} worlds."
)


def slip(node: type[Any], sentence: str) -> Mistake:
    """A wrong repair, by its class."""
    return Mistake(write_methods(node), sentence)


def fixed(method: str) -> dict[str, Any]:
    """What all six have alike."""
    return {
        "method": method,
        "worlds": FEW,
        "passes": PASSES.format(method, len(FEW)),
        "answer": partial(give, write_reference, method),
        "again": partial(give, write_other, method),
    }


def give(write: Any, method: str, seed: int) -> str:
    """A repair's text, whoever asks."""
    text: str = write(*([method] if method else FAULTS))
    return text


SETTLE: Final = Repair(
    id="L18.q5",
    title="Forget what is done",
    prompt="Repair settle: a final block may hold payments that this peer has never heard of.",
    name="Settled",
    **fixed("settle"),
    hints=(
        "`del` raises for a key that is not there. Where may a payment be missing?",
        "A dict's `pop` takes a second argument: what to return when the key is not there.",
        "`self.pending.pop(payment.name, None)` for each payment of the block.",
    ),
    because="Blocks and payments travel by different ways. Who has never heard of one has nothing to forget.",
    solution="Let go of what is there, and of nothing else.\n\n{answer}",
    mistakes=(
        slip(slips.PopAlone, "`pop` with one argument raises for a missing key, just as `del` does."),
        slip(slips.PopBlock, "`self.pending` holds payments, by the names of payments. A block is none."),
        slip(slips.KeepAll, "Nobody falls over any more. But what is final still waits here, and for ever."),
    ),
)

AUTHENTIC: Final = Repair(
    id="L18.q6",
    title="Who says so?",
    prompt="Repair is_authentic: has a message's author really said it?",
    name="Authentic",
    **fixed("is_authentic"),
    hints=(
        "Anybody can write anybody's name into a message. What can only the author write?",
        "Look at `Signed` in `toy_messages`: a message knows whether its signature is its author's.",
        "The whole body is `return message.has_own_signature`.",
    ),
    because="A name is a claim, a signature a proof.",
    solution="Ask for the author's own signature.\n\n{answer}",
    mistakes=(
        slip(
            slips.AnySignature,
            "Every message bears a signature, and names somebody. But whose signature is it?",
        ),
        slip(slips.ValidatorsOnly, "Clients hold no stake, and may pay all the same; the forger still lies."),
        slip(slips.NobodyBelieved, "Now nobody is believed: nothing wrong happens, and nothing else either."),
    ),
)

LEADER: Final = Repair(
    id="L18.q7",
    title="Whose turn is it?",
    prompt="Repair get_leader: all peers must name the same leader for a slot.",
    name="Timed",
    **fixed("get_leader"),
    hints=(
        "Two peers ask about the same slot. What do they know that is the same for both?",
        "The stakes, the seed, and the slot's number. How far its own chain has come is each peer's own.",
        "The whole body is `return draw_leader(self.chain.stakes, self.chain.seed, slot)`.",
    ),
    because="A rule that all must agree on may use only what all know alike.",
    solution="Draw by the slot.\n\n{answer}",
    mistakes=(
        slip(slips.ByTip, "How far a peer has come differs from peer to peer: for a while they disagree."),
        slip(
            slips.InTurn, "All would agree on that, but it is another chain's rule: here stake is the chance."
        ),
    ),
)

VALID: Final = Repair(
    id="L18.q8",
    title="May this block stand?",
    prompt="Repair is_valid: what a leader may put on its parent, and who the leader is.",
    name="Strict",
    **fixed("is_valid"),
    hints=(
        "Ask four things: the slot, the proposer, the signatures of the payments, the coins.",
        "`parent = self.branches.blocks[block.parent]`, and the ledger behind it is"
        " `self.branches.ledgers[block.parent]`.",
        "`find_bad_payment(ledger, block.payments)` is None when all are covered;"
        " `self.is_authentic(payment)` asks one signature.",
    ),
    because="Nobody else will ask: what two thirds let pass is true for this chain.",
    solution="Later than its parent, the leader's, signed and covered.\n\n{answer}",
    mistakes=(
        Mistake(
            write_methods(FaultyNode, ["is_valid"]),
            "That is the fault itself: a block is fine because somebody has sent it.",
        ),
        slip(
            slips.LeaderOnly, "The forger has turns of its own, and pays then with coins that it has not got."
        ),
        slip(slips.CoinsOnly, "All coins are there. But is it the proposer's turn, and who has signed?"),
    ),
)

EARLY: Final = Repair(
    id="L18.q9",
    title="A vote before its block",
    prompt="Repair on_early_vote: a vote has overtaken its block.",
    name="Patient",
    **fixed("on_early_vote"),
    hints=(
        "The vote will not be sent again. Where could it wait?",
        "`self.branches.keep(vote)` remembers a vote whether its block is known or not.",
        "Keep it, and `return []`: there is nothing to send.",
    ),
    because="Datagrams overtake each other. What comes too early now is needed in a moment.",
    solution="Keep it.\n\n{answer}",
    mistakes=(
        slip(slips.NoList, "Kept, but it returns None. Wanted is a list of effects; with none, `[]`."),
        slip(
            slips.AmongPayments,
            "`self.pending` is for payments, and a leader will try to put your vote in a block.",
        ),
    ),
)

GAP: Final = Repair(
    id="L18.q10",
    title="Who was away",
    prompt="Repair on_gap: a block has come whose parent is not here, or not confirmed here.",
    name="Curious",
    **fixed("on_gap"),
    hints=(
        "Two things are needed: that the block waits, and that what is missing comes.",
        "`self.remember(block)` lets it wait, if its parent is not in `self.branches.blocks`.",
        "`return self.ask(source, now)`: whoever sent it has what comes before.",
    ),
    because="A block without a parent is no fault but a question: what have I missed?",
    solution="Keep the block, and ask its sender.\n\n{answer}",
    mistakes=(
        slip(slips.KeepAlone, "You keep the block, but what is missing comes only to those who ask for it."),
        slip(
            slips.AskOnce,
            "`ask` is silent if it has asked in this slot already: tell it the real time, `now`.",
        ),
    ),
)


def without(fault: str) -> str:
    """Five repairs."""
    return write_reference(*(name for name in FAULTS if name != fault))


ALL: Final[Compute] = partial(give, write_reference, "")
WHOLE: Final = Repair(
    id="L18.q11",
    title="Two hundred worlds",
    prompt="All six repairs in one class: everything must hold in all two hundred worlds.",
    name="Mine",
    worlds=tuple(range(WORLDS)),
    passes=f"all six in one class, and everything holds in all {WORLDS} worlds.",
    hints=(
        "The card names a world. `find_failing(Mine, [0])` makes world 0 small, if that is the one.",
        "Open it: `find_failing(Mine, [0]).open().show()`. Which of the six decisions was made there?",
        "Solve the six questions above first: this class takes over what stands there.",
    ),
    because=f"{WORLDS} of {WORLDS} worlds hold: with loss, cuts, outages and a forger.",
    solution="The six repairs together.\n\n{answer}",
    answer=ALL,
    again=partial(give, write_other, ""),
    mistakes=(
        Mistake(without("settle"), "Five are repaired. `settle` still throws its peer down."),
        Mistake(without("is_authentic"), "Five are repaired. Names are still believed: `is_authentic`."),
        Mistake(without("on_gap"), "Five are repaired. Who was away still never catches up: `on_gap`."),
    ),
)
