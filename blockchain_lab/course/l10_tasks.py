"""Lesson 10, the two tasks in the simulator: halves that hold rivals, and a payment that vanishes."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from blockchain_lab.base.actions import SubmitTx
from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.units import SECOND, Microseconds, display_hash
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l10_runs import HALVES, find_holders, find_moves, sign
from blockchain_lab.lab import Lab

BITCOIN: Final = 100_000_000  # satoshi
LEAST: Final = 3  # peers that each of the rivals must reach
Submission = tuple[str, str, int, int]  # at whom, to whom, satoshi, fee rate


def submit(
    submissions: Iterable[Submission], seed: int, *, pause: Microseconds = 0, and_run: bool = True
) -> Lab:
    """A run in which payments of eve's are handed in, one after another."""
    lab = Lab(HALVES, seed=seed)
    lab.goto(at=7 * SECOND)
    for number, (at, to, amount, fee_rate) in enumerate(submissions):
        if number and pause:
            lab.run(until=7 * SECOND + number * pause)
        lab.do(SubmitTx(at, sign(lab, "eve", to, amount, fee_rate)))
    if and_run:
        lab.run()
    return lab


def get_submitted(lab: Lab) -> list[Transaction]:
    """The payments that the learner has handed in, each once, in order."""
    found: dict[Transaction, None] = {}
    for _, action in get_actions(lab):
        if isinstance(action, SubmitTx):
            try:
                found[Transaction.decode(bytes.fromhex(action.raw_hex))] = None
            except (DecodeError, ValueError):
                continue  # nobody has taken it
    return list(found)


def is_only_submitted(lab: Lab) -> bool:
    """Nothing but `SubmitTx`."""
    return all(isinstance(action, SubmitTx) for _, action in get_actions(lab))


def are_rivals(lab: Lab) -> bool:
    """Two different payments that take one coin."""
    txs = get_submitted(lab)
    return len(txs) == 2 and bool(get_taken(txs[0]) & get_taken(txs[1]))


def get_taken(tx: Transaction) -> set[object]:
    """The coins that it spends."""
    return {spending.previous for spending in tx.inputs}


def has_settled(lab: Lab) -> bool:
    """Every peer holds one of them: all have heard."""
    return sum(count_holders(lab)) == len(lab.names)


def find_last_act(lab: Lab) -> int:
    """Behind which event the learner last did something."""
    return max(after for after, _ in get_actions(lab))


def count_holders(lab: Lab) -> list[int]:
    """How many peers hold each of the learner's payments at the end."""
    holders = find_holders(lab)
    return [len(holders.get(display_hash(tx.txid()), ())) for tx in get_submitted(lab)]


# -- two halves ----------------------------------------------------------------------------------------------


def split_network(halves: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    halves.goto(at=7 * SECOND)
    one = sign(halves, "eve", to="ann", amount=20 * BITCOIN)
    other = sign(halves, "eve", to="eve", amount=20 * BITCOIN)
    halves.do(SubmitTx("ann", one))
    halves.do(SubmitTx("dan", other))
    halves.run()


def make_split(seed: int) -> Lab:
    """The run that `split_network` makes."""
    lab = Lab(HALVES, seed=seed)
    split_network(lab)
    return lab


def do_one_partition(seed: int) -> Lab:
    """A mistake: the cable is cut, too."""
    lab = Lab(HALVES, seed=seed)
    lab.goto(at=7 * SECOND)
    lab.do(lab.read_action({"do": "Partition", "group": ["ann", "bob", "cat"]}))
    lab.do(SubmitTx("ann", sign(lab, "eve", "ann", BITCOIN)))
    lab.do(SubmitTx("dan", sign(lab, "eve", "eve", BITCOIN)))
    lab.run()
    return lab


SPLIT: Final = Do(
    id="L10.q9",
    title="Two truths",
    prompt="Eve has one coin. Let at least three peers wait with one payment of hers, and at least three with"
    " another one that spends the same coin.",
    scenario=HALVES,
    run="halves",
    acts=split_network,
    passes="two payments handed in with `SubmitTx`, and nothing else done; both spend the same coin; the run"
    " played until every peer holds one of them; each waits in at least three mempools then.",
    hints=(
        "A peer keeps the one that it hears first. So both must set out together, far from each other.",
        "ann, bob and cat are one half, dan, fay and gus the other. Hand one in on either side.",
        'With the two payments of the cell: `halves.do(SubmitTx("ann", one))`, the same with "dan" and'
        " `other`, then `halves.run()`.",
    ),
    because="Both are well signed, and each half is right: it holds the first that it heard of. There is no"
    " “the” mempool.",
    solution="Both at the same moment, one in either half:\n\n{answer}",
    answer=make_split,
    again=partial(submit, (("bob", "fay", BITCOIN, 10_000), ("fay", "eve", 2 * BITCOIN, 10_000))),
    mistakes=(),
    demands=(
        Demand(
            is_only_submitted,
            "Only payments may be handed in here: cables and miners stay as they are.",
            do_one_partition,
        ),
        Demand(
            are_rivals,
            "Two different payments are wanted that take the same coin: sign twice, to different payees.",
            partial(submit, (("ann", "bob", BITCOIN, 10_000),)),
            find_last_act,
        ),
        Demand(
            has_settled,
            "The news has not got around yet. Let the run go on: `halves.run()`.",
            partial(
                submit, (("ann", "ann", BITCOIN, 10_000), ("dan", "eve", BITCOIN, 10_000)), and_run=False
            ),
            find_last_act,
        ),
        Demand(
            lambda lab: min(count_holders(lab)) >= LEAST,
            "One of the two has reached fewer than three peers. Do both set out at the same time, one in"
            " either half?",
            partial(submit, (("ann", "ann", BITCOIN, 10_000), ("bob", "eve", BITCOIN, 10_000))),
            find_last_act,
        ),
    ),
)


# -- a payment that vanishes ---------------------------------------------------------------------------------


def take_it_back(vanish: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    vanish.goto(at=7 * SECOND)
    vanish.do(SubmitTx("eve", sign(vanish, "eve", to="bob", amount=20 * BITCOIN, fee_rate=1_000)))
    vanish.run(until=11 * SECOND)
    vanish.do(SubmitTx("eve", sign(vanish, "eve", to="eve", amount=20 * BITCOIN, fee_rate=20_000)))
    vanish.run()


def make_vanish(seed: int) -> Lab:
    """The run that `take_it_back` makes."""
    lab = Lab(HALVES, seed=seed)
    take_it_back(lab)
    return lab


def find_most_holders(lab: Lab) -> int:
    """How many peers held the learner's first payment when it was held by most."""
    first = display_hash(get_submitted(lab)[0].txid())
    now, most = 0, 0
    for _, txid, comes in find_moves(lab):
        if txid == first:
            now += 1 if comes else -1
            most = max(most, now)
    return most


def is_gone(lab: Lab) -> bool:
    """Nobody holds the first one at the end, and everybody the second one."""
    return count_holders(lab) == [0, len(lab.names)]


VANISH: Final = Do(
    id="L10.q12",
    title="Paid, and not paid",
    prompt="Let all seven peers hold a payment of Eve's to bob. Then make it vanish from all mempools,"
    " without a block and without cutting a cable.",
    scenario=HALVES,
    run="vanish",
    acts=take_it_back,
    passes="two payments handed in with `SubmitTx`, both spend the same coin, nothing else done; all seven"
    " held the first one; at the end nobody does, and all seven hold the second.",
    hints=(
        "A mempool keeps one of two rivals. What would make it prefer the one that came later?",
        "The later one must pay a higher fee, for each byte and in all (BIP 125). `fee_rate` sets it.",
        "First with fee_rate=1_000, run until second 11, then another to eve with fee_rate=20_000, then run.",
    ),
    because="What waits may be replaced by who pays more. A shop that waits for no block has nothing yet.",
    solution="A cheap one first, and when all have it a dearer one:\n\n{answer}",
    answer=make_vanish,
    again=partial(
        submit, (("ann", "bob", BITCOIN, 2_000), ("gus", "cat", BITCOIN, 30_000)), pause=5 * SECOND
    ),
    mistakes=(),
    demands=(
        Demand(
            is_only_submitted,
            "No miner and no cutter: payments are all that you may use.",
            do_one_partition,
        ),
        Demand(
            are_rivals,
            "Two payments of Eve's are wanted that take the same coin, the one to bob first.",
            partial(submit, (("eve", "bob", BITCOIN, 1_000),)),
            find_last_act,
        ),
        Demand(
            lambda lab: find_most_holders(lab) == len(lab.names),
            "The first payment never was in all seven mempools. Let it get around before you send the other.",
            partial(submit, (("eve", "bob", BITCOIN, 1_000), ("eve", "eve", BITCOIN, 20_000))),
            find_last_act,
        ),
        Demand(
            is_gone,
            "The first payment still waits somewhere. Has the second one got around? `vanish.run()`",
            partial(
                submit,
                (("eve", "bob", BITCOIN, 1_000), ("eve", "eve", BITCOIN, 20_000)),
                pause=4 * SECOND,
                and_run=False,
            ),
            find_last_act,
        ),
    ),
)
