"""Lesson 11, the task with the chain: change block 2, and seal again what that has broken.

The answer is the chain itself, or its texts and nonces. It is judged by hashing, with four zeros whatever the
learner has chosen in the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, ClassVar, Final

from blockchain_lab.bitcoin.nonce_search import NONCES
from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement
from blockchain_lab.course.l11_chain import TEXTS, ZEROS, Chain, make_chain
from blockchain_lab.course.questions import GUEST_SEED, Mistake, Question

Plain = list[list[Any]]  # [text, nonce] of each block
CHANGED: Final = 2
NOT_CHANGED: Final = "Block 2 still says what it said. Write something else into it."
OTHERS: Final = (
    "Another block than 2 has a new text. Change nothing but block 2: run the cell with make_chain() again to"
    " begin anew."
)


def say_broken(number: int) -> str:
    """The sentence for a chain whose first broken block is this one."""
    if number < CHANGED:
        why = "it was mined for fewer zeros"
    else:
        why = "it was changed" if number == CHANGED else f"it holds the hash of block {number - 1}"
    return (
        f"Block {number} is broken at {ZEROS} zeros: {why}. Choose {ZEROS} zeros, press its Mine, then go on"
        " to the right."
    )


def find_first_broken(plain: Plain) -> int | None:
    """The number of the first block whose hash lacks zeros."""
    chain = Chain([text for text, _ in plain], [nonce for _, nonce in plain])
    broken = (number for number in range(1, len(plain) + 1) if not chain.is_sealed(number))
    return next(broken, None)


@dataclass(frozen=True, kw_only=True)
class Reseal(Question):
    """A chain, changed in one place and whole again."""

    kind: ClassVar[str] = "chain"

    def judge(self, answer: Any, seed: int = GUEST_SEED) -> Judgement:
        """As for all; the chain as the lesson made it is not answered."""
        if isinstance(answer, Chain) and answer.to_plain() == make_chain().to_plain():
            return NOT_ANSWERED
        return super().judge(answer, seed)

    def read(self, answer: Any) -> Plain:
        """Text and nonce of four blocks."""
        plain = answer.to_plain() if isinstance(answer, Chain) else answer
        if not isinstance(plain, list) or len(plain) != len(TEXTS) or not all(map(is_block, plain)):
            raise ValueError("The chain itself is wanted here: `answer = chain`.")
        return [list(block) for block in plain]

    def is_same(self, left: Any, right: Any) -> bool:
        """Any chain without a fault is as good as another."""
        return find_fault(left) == find_fault(right) == ""

    def explain(self, answer: Any, seed: int) -> str:
        """What is wrong with it."""
        return find_fault(answer)

    def show(self, answer: Any) -> str:
        """Its texts."""
        return ", ".join(f"{text} ({nonce})" for text, nonce in answer)


def is_block(block: Any) -> bool:
    """A text and a nonce?"""
    if not isinstance(block, list | tuple) or len(block) != 2:
        return False
    text, nonce = block
    return isinstance(text, str) and type(nonce) is int and 0 <= nonce < NONCES


def find_fault(plain: Plain) -> str:
    """The first thing that a chain lacks, as a sentence; "" for none."""
    texts = [text for text, _ in plain]
    place = CHANGED - 1
    if texts[:place] != list(TEXTS[:place]) or texts[place + 1 :] != list(TEXTS[place + 1 :]):
        return OTHERS
    if texts[place] == TEXTS[place]:
        return NOT_CHANGED
    broken = find_first_broken(plain)
    return "" if broken is None else say_broken(broken)


# -- two ways to do it, and slips ----------------------------------------------------------------------------


@lru_cache(maxsize=8)
def forge(text: str = "bob pays eve 3", number: int = CHANGED, mined: Sequence[int] = (2, 3, 4)) -> Chain:
    """The lesson's chain with another text in one block, and some blocks mined, in this order."""
    chain = make_chain()
    chain.write(number, text)
    for each in mined:
        for _ in chain.mine(each):
            pass
    return chain


def reseal(seed: int) -> Plain:
    """By the engine's miner."""
    return forge().to_plain()


@lru_cache(maxsize=1)
def forge_by_hand() -> tuple[tuple[str, int], ...]:
    """The same with nothing but two hashes in a loop, from another nonce on, and another text."""
    chain = make_chain()
    chain.write(CHANGED, "bob pays bob 3")
    for number in range(CHANGED, len(TEXTS) + 1):
        head, nonce = chain.blocks[number - 1].header.encode()[:76], 1 << 24
        while not is_low(head + nonce.to_bytes(4, "little")):
            nonce += 1
        chain.nonces[number - 1] = nonce
    return tuple(zip(chain.texts, chain.nonces, strict=True))


def is_low(header: bytes) -> bool:
    """Does the hash, written as people do, begin with four zeros?"""
    return sha256(sha256(header).digest()).hexdigest()[-ZEROS:] == "0" * ZEROS


def reseal_by_hand(seed: int) -> Plain:
    """By the loop."""
    return [list(block) for block in forge_by_hand()]


TAMPER: Final = Reseal(
    id="L11.q2",
    title="Change the past",
    prompt="Change the text of block 2, and make the chain whole again.",
    passes="block 2 has another text, the others have theirs, and all four hashes begin with four zeros.",
    hints=(
        "Write into block 2 in the picture. Three blocks break. Whole again means: four ticks at 4 zeros.",
        "A block is sealed again by its Mine. That gives it a new hash, so begin with the left one.",
        'Or in code: `chain.write(2, "bob pays eve 3")`, then `chain.mine_from(2)`.',
    ),
    because="It can be done, and costs all the work from there on: block 2, 3 and 4, in this order.",
    solution="Write, then mine 2, 3 and 4. Texts and nonces of a chain that is whole: {answer}.",
    answer=reseal,
    again=reseal_by_hand,
    mistakes=(
        Mistake(lambda seed: make_chain().to_plain(), NOT_CHANGED),
        Mistake(lambda seed: forge("cat pays eve 2", 3, (3, 4)).to_plain(), OTHERS),
        Mistake(lambda seed: forge(mined=()).to_plain(), say_broken(2)),
        Mistake(lambda seed: forge(mined=(2,)).to_plain(), say_broken(3)),
        Mistake(lambda seed: forge(mined=(2, 4, 3)).to_plain(), say_broken(4)),
    ),
)
