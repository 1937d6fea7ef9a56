"""A rollup's contract and the tree under it: what it believes, what one proof undoes, who is paid."""

from dataclasses import replace
from hashlib import sha256

import pytest
from support.settlements import carry, make_books, pass_blocks

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.messages import Message
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_books import Books
from blockchain_lab.layers.rollup_actions import Claim, EnterRollup, PostBatch, Prove
from blockchain_lab.layers.rollup_replay import Replay, count_owed, make_batch, make_proof, replay
from blockchain_lab.layers.rollup_steps import Step
from blockchain_lab.layers.rollup_tree import Account, fold, get_root, make_witness

NAMES = ("ann", "bob", "cat", "sam", "sue")
WINDOW = 4  # blocks
COINS = 500


def open_rollup() -> Books:
    """Five names with 100 coins each; Sam and Sue have put 60 of theirs at stake."""
    rules = {"rollup": {"bonds": {"sam": 60, "sue": 60}, "window": WINDOW}}
    return make_books(rules=rules, **dict.fromkeys(NAMES, 100))


def get_coins(books: Books) -> dict[str, int]:
    """Who has what on the rollup."""
    return {each.name: each.coins for each in replay(books.rollup).accounts if each.coins}


def pay(sender: str, to: str, amount: int, nonce: int = 0) -> Step:
    """A signed payment on the rollup."""
    return Step(sender, to, amount, nonce).sign()


def post(books: Books, *steps: Step, poster: str = "sam") -> Books:
    """An honest batch: deposits, and these."""
    return carry(books, poster, make_batch(books.rollup, replay(books.rollup), steps))


def spoil(books: Books, change, *steps: Step) -> Books:
    """The same, but for what `change` makes of the batch."""
    return carry(books, "sam", change(make_batch(books.rollup, replay(books.rollup), steps)))


def start() -> Books:
    """Ann has entered with 80 and Bob with 50, in batch 0."""
    books = carry(carry(open_rollup(), "ann", EnterRollup(80)), "bob", EnterRollup(50))
    return post(books)


def assert_refused(books: Books, sender: str, action: Message, rule: str) -> None:
    """The call breaks this rule."""
    with pytest.raises(RuleBroken) as found:
        carry(books, sender, action)

    assert rule == found.value.rule


def test_payments_on_the_rollup_move_nothing_on_the_chain() -> None:
    """Only the deposits have; 25 coins go from Ann to Bob and 10 on to Cat in one batch."""
    before = start()
    after = post(before, pay("ann", "bob", 25), pay("bob", "cat", 10))

    assert {"ann": 80, "bob": 50} == get_coins(before)
    assert {"ann": 55, "bob": 65, "cat": 10} == get_coins(after)
    assert before.bank.balances == after.bank.balances
    assert 130 == after.bank.get("rollup") == count_owed(after.rollup, replay(after.rollup))


def test_who_leaves_is_paid_behind_the_window_and_once() -> None:
    """Bob's 40 are his again five blocks after the batch."""
    books = post(start(), pay("bob", "", 40))
    for waited in range(WINDOW):
        assert_refused(pass_blocks(books, waited), "bob", Claim(1, 0), "window")
    final = pass_blocks(books, WINDOW)
    paid = carry(final, "bob", Claim(1, 0))

    assert (50, 90) == (final.bank.get("bob"), paid.bank.get("bob"))
    assert 90 == paid.bank.get("rollup") == count_owed(paid.rollup, replay(paid.rollup))
    assert_refused(paid, "bob", Claim(1, 0), "claimed")
    assert_refused(final, "ann", Claim(1, 0), "no exit")
    assert_refused(final, "ann", Claim(0, 0), "no exit")
    assert_refused(final, "bob", Claim(1, 1), "unknown step")


def forge_signature(batch: PostBatch) -> PostBatch:
    """Sam has signed Ann's payment himself."""
    return replace(batch, steps=(replace(batch.steps[0], signature=bytes(64)), *batch.steps[1:]))


def forge_root(batch: PostBatch) -> PostBatch:
    """The steps are right, the last commitment is not."""
    return replace(batch, roots=(*batch.roots[:-1], bytes(32)))


def invent_deposit(batch: PostBatch) -> PostBatch:
    """Coins for Sam that the contract has never taken."""
    return replace(batch, steps=(Step("", "sam", 99, 2), *batch.steps[1:]))


def spend_too_much(batch: PostBatch) -> PostBatch:
    """Ann has 80, and has signed that she pays 81."""
    return replace(batch, steps=(pay("ann", "bob", 81), *batch.steps[1:]))


def repeat_payment(batch: PostBatch) -> PostBatch:
    """A payment that was carried before stands there again."""
    return replace(batch, steps=(batch.steps[0], batch.steps[0]))


def pay_stranger(batch: PostBatch) -> PostBatch:
    """Nobody on the rollup is called so."""
    return replace(batch, steps=(batch.steps[0], pay("bob", "zoe", 1)))


FORGERIES = {
    forge_signature: (0, "signature: not signed by 'ann'"),
    forge_root: (1, "root: found 0000000000000000"),
    invent_deposit: (0, "deposit: found 99 coins for 'sam' as number 2"),
    spend_too_much: (0, "balance: ann has 80, wanted 81"),
    repeat_payment: (1, "nonce: found 0, wanted 1"),
    pay_stranger: (1, "account: nobody on the rollup is called 'zoe'"),
}


@pytest.mark.parametrize("change", FORGERIES, ids=lambda change: change.__name__)
def test_one_step_shown_undoes_a_batch_and_what_stands_on_it(change) -> None:
    """The contract says what was wrong; Sam's bond is halved between Cat and nobody; honest Sue's is not."""
    step, reason = FORGERIES[change]
    books = spoil(start(), change, pay("ann", "bob", 25), pay("bob", "cat", 10))
    found = replay(books.rollup)
    assert (1, step) == found.fault
    on_top = PostBatch(2, (pay("bob", "ann", 1),), (bytes(32),))
    undone = carry(carry(books, "sue", on_top), "cat", make_proof(books.rollup, found))
    (fact,) = undone.facts

    assert 1 == len(undone.rollup.batches)
    assert {"ann": 80, "bob": 50} == get_coins(undone)
    assert ("sam", "cat", 2) == tuple(fact.facts[key] for key in ("poster", "prover", "reverted"))
    assert fact.facts["reason"].startswith(reason)
    assert (130, 30, 60) == tuple(undone.bank.get(name) for name in ("cat", "burnt", "bonds"))
    assert (("sam", 0), ("sue", 60)) == undone.rollup.bonds
    assert COINS == undone.bank.get_sum()


def test_behind_the_window_a_forgery_stays() -> None:
    """The same proof one block too late; and in the last block that counts."""
    books = spoil(start(), forge_signature, pay("ann", "bob", 25))
    proof = make_proof(books.rollup, replay(books.rollup))

    assert 1 == len(carry(pass_blocks(books, WINDOW - 1), "cat", proof).rollup.batches)
    assert_refused(pass_blocks(books, WINDOW), "cat", proof, "window")


def test_an_objection_to_what_is_right_changes_nothing() -> None:
    """And one with somebody else's account, or another branch, is none."""
    books = post(start(), pay("ann", "bob", 25))
    accounts = list(replay(start().rollup).accounts)
    ann = make_witness(accounts, 0)
    accounts[0] = accounts[0].change(-25, 1)
    bob = make_witness(accounts, 1)

    assert_refused(books, "cat", Prove(1, 0, (ann, bob)), "no fraud")
    assert_refused(books, "cat", Prove(1, 0, (ann, ann)), "witness")
    assert_refused(books, "cat", Prove(1, 0, (ann,)), "witness")
    assert_refused(books, "cat", Prove(1, 0, (replace(ann, coins=10), bob)), "witness")
    assert_refused(books, "cat", Prove(1, 0, (replace(ann, branch=ann.branch[:-1]), bob)), "witness")
    assert_refused(books, "cat", Prove(2, 0), "unknown step")
    second = make_proof(books.rollup, replace(make_replay_of_one(), fault=(0, 1)))
    assert_refused(books, "cat", second, "no fraud")  # of two deposits in a batch the later one


def make_replay_of_one() -> Replay:
    """Behind Ann's deposit and before Bob's."""
    ann, *others = (Account(name) for name in NAMES)
    return Replay((ann.change(80), *others), 1)


def test_what_shows_at_once_is_not_kept() -> None:
    """Who has no bond, a number that is not the next, a root too few; and who may not enter."""
    books = start()
    step = pay("ann", "bob", 25)

    assert_refused(books, "cat", PostBatch(1, (step,), (bytes(32),)), "bond")
    assert_refused(books, "sam", PostBatch(0, (step,), (bytes(32),)), "number")
    assert_refused(books, "sam", PostBatch(1, (step,), ()), "shape")
    assert_refused(books, "sam", PostBatch(1, (), ()), "shape")
    assert_refused(books, "ann", EnterRollup(0), "amount")
    assert_refused(books, "ann", EnterRollup(21), "balance")
    assert_refused(make_books(ann=100), "ann", EnterRollup(21), "no such contract")


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_a_branch_and_an_account_make_the_root(count: int) -> None:
    """Against Merkle's tree written down once more, top down; with the account changed, the changed root."""
    accounts = [Account(f"peer {place}", place * 7, place) for place in range(count)]

    def look(low: int, high: int) -> bytes:
        if high - low == 1:
            return accounts[low].get_hash() if low < count else sha256(b"\0").digest()
        middle = (low + high) // 2
        return sha256(b"\1" + look(low, middle) + look(middle, high)).digest()

    width = 2
    while width < count:
        width *= 2
    assert look(0, width) == get_root(accounts)
    for place, account in enumerate(accounts):
        witness = make_witness(accounts, place)
        assert get_root(accounts) == fold(account, place, witness.branch)
        changed = [*accounts[:place], account.change(5, 1), *accounts[place + 1 :]]
        assert get_root(changed) == fold(account.change(5, 1), place, witness.branch) != get_root(accounts)


def make_random_batch(luck: CounterRandom, books: Books) -> PostBatch:
    """Eight payments, most of them possible; then perhaps one byte, number or name that is wrong."""
    steps: list[Step] = []
    accounts = {each.name: each for each in replay(books.rollup).accounts}
    while len(steps) < 8:
        sender, to = luck.sample(NAMES, 2)
        coins = min(accounts[sender].coins, 1 + luck.below(30))
        if coins and luck.below(9) == 0:
            steps.append(pay(sender, "", coins, accounts[sender].nonce))
        elif coins:
            steps.append(pay(sender, to, coins, accounts[sender].nonce))
            accounts[to] = accounts[to].change(coins)
        accounts[sender] = accounts[sender].change(-coins, 1 if coins else 0)
    batch = make_batch(books.rollup, replay(books.rollup), steps)
    at = luck.below(len(batch.steps))
    step = batch.steps[at]
    wrong = [
        *[step] * 5,
        replace(step, signature=bytes(64)),
        replace(step, amount=step.amount + 1).sign(step.sender or "sam"),
        replace(step, nonce=step.nonce + 1).sign(step.sender or "sam"),
        replace(step, to="sam" if step.to != "sam" else "sue").sign(step.sender or "sam"),
    ]
    roots = list(batch.roots)
    if luck.below(4) == 0:
        roots[at] = sha256(roots[at]).digest()
    return replace(
        batch, steps=(*batch.steps[:at], luck.choice(wrong), *batch.steps[at + 1 :]), roots=tuple(roots)
    )


def find_and_undo(luck: CounterRandom, books: Books) -> tuple[Books, int]:
    """Object to each step of a random batch up to the first wrong one. The state behind, and faults found."""
    batch = make_random_batch(luck, books)
    posted = carry(books, "sue", batch)
    found = replay(posted.rollup)
    honest = len(batch.steps) if found.fault is None else found.fault[1]
    for at in range(honest):
        cut = PostBatch(batch.number, batch.steps[:at], batch.roots[:at])
        before = replay(carry(books, "sue", cut).rollup if at else books.rollup)
        proof = make_proof(posted.rollup, replace(before, fault=(batch.number, at)))
        assert_refused(posted, "cat", proof, "no fraud")
    if found.fault is None:
        return posted, 0
    undone = carry(posted, "cat", make_proof(posted.rollup, found))

    assert books.rollup.batches == undone.rollup.batches
    assert COINS == undone.bank.get_sum()
    assert undone.bank.get("rollup") == count_owed(undone.rollup, replay(undone.rollup))
    return books, 1


def test_the_contract_finds_what_a_replay_of_everything_finds_and_no_more() -> None:
    """Two accounts are enough to judge a step as all of them do: eighty random batches, right and wrong."""
    faults = 0
    for seed in range(20):
        luck, books = CounterRandom(get_key(seed, "batches")), start()
        for _ in range(4):
            books, fault = find_and_undo(luck, books)
            faults += fault

    assert 20 < faults < 60
