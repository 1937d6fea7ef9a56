"""Lesson 6, the short functions of the money box: an order is carried out, and then carried out once.

Both are written twice. The wrong ones are in `l06_bank_wrong`, who plays a learner's function in `l06_till`.
"""

from struct import pack, unpack
from typing import Any, Final

from blockchain_lab.course.functions import Function
from blockchain_lab.course.l06_bank_wrong import (
    answer_amount,
    answer_first,
    answer_todays,
    count_again,
    count_only,
    forget_open,
    forget_total,
    read_big,
    stay_silent,
    swap_fields,
    trust_number,
)
from blockchain_lab.course.questions import Mistake


def on_deposit(total: int, payload: bytes) -> tuple[int, bytes]:
    """What is in the box afterwards, and the payload of the answer."""
    number = int.from_bytes(payload[:4], "little")
    amount = int.from_bytes(payload[4:], "little")
    total += amount
    return total, number.to_bytes(4, "little") + total.to_bytes(4, "little")


def on_deposit_by_format(total: int, payload: bytes) -> tuple[int, bytes]:
    """The same with `struct`."""
    number, amount = unpack("<II", payload)
    return total + amount, pack("<II", number, total + amount)


EXECUTE: Final = Function(
    id="L06.q8",
    title="Read it, do it",
    prompt="Write on_deposit: read number and amount out of eight bytes, add the amount to the total, and"
    " write the answer: the same number, and the new total.",
    name="on_deposit",
    cases=(
        (0, bytes.fromhex("0100000005000000")),
        (5, bytes.fromhex("0200000003000000")),
        (1_000, bytes.fromhex("2a000000e8030000")),
        (70_000, bytes.fromhex("0f27000000000100")),
    ),
    passes="the right total and the right eight bytes, in four cases.",
    hints=(
        'Two numbers of four bytes: `int.from_bytes(payload[:4], "little")` is the first one.',
        "Now do what it says: `total = total + amount`. Only then answer.",
        'The answer: `number.to_bytes(4, "little") + total.to_bytes(4, "little")`. Return both, total first.',
    ),
    because="Deserialise, execute, answer: bytes became an effect. Most of a node is functions of this kind.",
    solution="Two numbers out of eight bytes, one addition, two numbers into eight bytes.\n\n{answer}",
    answer=lambda seed: on_deposit,
    again=lambda seed: on_deposit_by_format,
    mistakes=(
        Mistake(read_big, "The numbers are read from the wrong end: the smallest byte comes first."),
        Mistake(swap_fields, "The order's number comes first, the amount behind it."),
        Mistake(forget_total, "The amount is added to nothing: what was in the box before is gone."),
        Mistake(answer_amount, "The answer says what was paid in. Wanted is what is in the box now."),
        Mistake(
            answer_first, "The answer says what was in the box before. Carry the order out, then answer."
        ),
    ),
)


def on_message(
    me: dict[str, Any], sender: str, command: str, number: int, amount: int
) -> tuple[dict[str, Any], list[tuple[str, int, int]]]:
    """What I know afterwards, and the messages to answer with: (command, number, amount)."""
    answers = []
    if command == "deposit":
        if (sender, number) not in me["done"]:
            me["total"] += amount
            me["done"][sender, number] = me["total"]
        answers.append(("balance", number, me["done"][sender, number]))
    if command == "balance" and number in me["open"]:
        me["open"].remove(number)
    return me, answers


def on_message_by_parts(
    me: dict[str, Any], sender: str, command: str, number: int, amount: int
) -> tuple[dict[str, Any], list[tuple[str, int, int]]]:
    """The same without changing what was given."""
    if command == "balance":
        return {**me, "open": [other for other in me["open"] if other != number]}, []
    if command != "deposit":
        return me, []
    known = me["done"].get((sender, number))
    if known is not None:
        return me, [("balance", number, known)]
    total = me["total"] + amount
    done = {**me["done"], (sender, number): total}
    return {"total": total, "done": done, "open": me["open"]}, [("balance", number, total)]


def remember(total: int, done: dict[tuple[str, int], int], *still_open: int) -> dict[str, Any]:
    """What a peer knows."""
    return {"total": total, "done": done, "open": list(still_open)}


ONCE: Final = Function(
    id="L06.q10",
    title="Twice is as good as once",
    prompt="Write on_message, an overlay of two messages: a deposit is carried out once, however often it"
    " comes, and always answered; a balance closes the order of ours that it answers.",
    name="on_message",
    cases=(
        (remember(0, {}), "ann", "deposit", 1, 5),
        (remember(5, {("ann", 1): 5}), "ann", "deposit", 1, 5),
        (remember(5, {("ann", 1): 5}), "cat", "deposit", 1, 3),
        (remember(8, {("ann", 1): 5, ("cat", 1): 8}), "ann", "deposit", 1, 5),
        (remember(8, {("ann", 1): 5, ("cat", 1): 8}), "ann", "deposit", 2, 5),
        (remember(0, {}, 4, 5), "bob", "balance", 4, 20),
        (remember(0, {}, 5), "bob", "balance", 4, 20),
        (remember(7, {}, 5), "bob", "hello", 5, 1),
    ),
    passes="what the peer knows and what it answers, in eight cases: repeated orders, two senders with"
    " the same"
    " number, answers that nobody waits for, an unknown command.",
    hints=(
        "An order is known by who sent it *and* its number: `(sender, number) in me['done']`.",
        "A known order changes nothing, but it is answered all the same, with what was answered before.",
        "`me['done'][sender, number]` holds the answer to give, for old and new orders alike.",
    ),
    because="The handler is idempotent: the network may deliver twice, and nothing is counted twice.",
    solution="Carry out what is not done yet; answer always; close what is answered.\n\n{answer}",
    answer=lambda seed: on_message,
    again=lambda seed: on_message_by_parts,
    mistakes=(
        Mistake(count_again, "A repeated order is counted again: look into `me['done']` before you add."),
        Mistake(
            trust_number,
            "Two senders may both have an order number 1. Remember who sent it, not the number alone.",
        ),
        Mistake(
            stay_silent,
            "A repeated order is not answered. Its sender repeats it because our answer was lost: so"
            " answer again.",
        ),
        Mistake(
            answer_todays,
            "A repeated order is answered with today's total. Give the answer that it had the first time.",
        ),
        Mistake(forget_open, "A balance answers an order of ours: take its number out of `me['open']`."),
        Mistake(
            count_only, "The total is right, but `me['done']` stays empty: the next repetition will count."
        ),
    ),
)
