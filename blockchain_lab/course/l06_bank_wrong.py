"""Lesson 6, the money box: handlers as people write them, each with one mistake."""

from typing import Any

Answer = tuple[dict[str, Any], list[tuple[str, int, int]]]


def write(number: int, total: int) -> bytes:
    """The payload of an answer."""
    return number.to_bytes(4, "little") + total.to_bytes(4, "little")


def read(payload: bytes) -> tuple[int, int]:
    """Number and amount."""
    return int.from_bytes(payload[:4], "little"), int.from_bytes(payload[4:], "little")


def read_big(total: int, payload: bytes) -> tuple[int, bytes]:
    """The other order of bytes, in and out."""
    number, amount = int.from_bytes(payload[:4], "big"), int.from_bytes(payload[4:], "big")
    return total + amount, number.to_bytes(4, "big") + (total + amount).to_bytes(8, "big")[-4:]


def swap_fields(total: int, payload: bytes) -> tuple[int, bytes]:
    """The amount first."""
    amount, number = read(payload)
    return total + amount, write(number, total + amount)


def forget_total(total: int, payload: bytes) -> tuple[int, bytes]:
    """What was there is forgotten."""
    number, amount = read(payload)
    return amount, write(number, amount)


def answer_amount(total: int, payload: bytes) -> tuple[int, bytes]:
    """The order comes back as it came."""
    _, amount = read(payload)
    return total + amount, payload


def answer_first(total: int, payload: bytes) -> tuple[int, bytes]:
    """Answered before it is done."""
    number, amount = read(payload)
    return total + amount, write(number, total)


def close(me: dict[str, Any], command: str, number: int) -> None:
    """What all of the following do right: an answer closes an order."""
    if command == "balance" and number in me["open"]:
        me["open"].remove(number)


def count_again(me: dict[str, Any], sender: str, command: str, number: int, amount: int) -> Answer:
    """Every order counts, whenever it comes."""
    close(me, command, number)
    if command != "deposit":
        return me, []
    me["total"] += amount
    me["done"][sender, number] = me["total"]
    return me, [("balance", number, me["total"])]


def trust_number(me: dict[str, Any], sender: str, command: str, number: int, amount: int) -> Answer:
    """The number alone, whoever sent it."""
    close(me, command, number)
    if command != "deposit":
        return me, []
    known = [total for (_, other), total in me["done"].items() if other == number]
    if not known:
        me["total"] += amount
        me["done"][sender, number] = me["total"]
    return me, [("balance", number, known[0] if known else me["total"])]


def stay_silent(me: dict[str, Any], sender: str, command: str, number: int, amount: int) -> Answer:
    """What is done is ignored."""
    close(me, command, number)
    if command != "deposit" or (sender, number) in me["done"]:
        return me, []
    return count_again(me, sender, command, number, amount)


def answer_todays(me: dict[str, Any], sender: str, command: str, number: int, amount: int) -> Answer:
    """The first answer is not kept."""
    close(me, command, number)
    if command != "deposit":
        return me, []
    if (sender, number) in me["done"]:
        return me, [("balance", number, me["total"])]
    return count_again(me, sender, command, number, amount)


def forget_open(me: dict[str, Any], sender: str, command: str, number: int, amount: int) -> Answer:
    """Answers are not read."""
    if command != "deposit":
        return me, []
    if (sender, number) in me["done"]:
        return me, [("balance", number, me["done"][sender, number])]
    return count_again(me, sender, command, number, amount)


def count_only(me: dict[str, Any], sender: str, command: str, number: int, amount: int) -> Answer:
    """It looks, and never writes down."""
    close(me, command, number)
    if command != "deposit":
        return me, []
    if (sender, number) not in me["done"]:
        me["total"] += amount
    return me, [("balance", number, me["done"].get((sender, number), me["total"]))]
