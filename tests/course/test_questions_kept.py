"""What a question computes is computed once: most answers are read off a run, and a run takes its time."""

from collections import Counter

from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.questions import Mistake, Number, Order, compute_once

WORDS = {
    "id": "L99.q1",
    "title": "A question",
    "prompt": "What is it?",
    "passes": "the right answer",
    "hints": ("first", "second", "third"),
    "because": "It is so.",
    "solution": "It is {answer}.",
}


def test_no_run_is_played_twice_for_one_seed() -> None:
    """However often somebody tries; another learner has another run."""
    played: Counter[tuple[str, int]] = Counter()

    def count(name: str, value: int) -> int:
        played[name, value] += 1
        return value

    question = Number(
        **WORDS,
        unit="bytes",
        answer=lambda seed: count("right", seed),
        again=lambda seed: seed,
        mistakes=(Mistake(lambda seed: count("wrong", seed + 1) + 1, "One too many."),),
        look_at=lambda seed: count("event", seed),
    )
    for answer in (5, 5, 7, 12, 5):
        question.judge(answer, seed=5)
    question.judge(6, seed=6)

    assert {("right", 5): 1, ("wrong", 6): 1, ("event", 5): 1, ("right", 6): 1} == played
    assert ("It is 5 bytes.", "5") == (question.get_solution(5), question.write_answer(5))
    assert 1 == played["right", 5]


def test_what_is_kept_cannot_be_changed_by_who_gets_it() -> None:
    """Each gets a list of its own."""
    question = Order(
        **WORDS,
        answer=lambda seed: ["version", "verack"],
        again=lambda seed: ["version", "verack"],
        mistakes=(),
        items=("verack", "version"),
    )
    compute_once(question.answer, 7).clear()
    question.get_answer(7).clear()

    assert Verdict.RIGHT == question.judge(["version", "verack"]).verdict
