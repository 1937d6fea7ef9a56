"""The kind of question that is answered by sorting: every item into one of some groups.

answer = {"inv": "announce", "tx": "deliver", ...}
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, is_blank
from blockchain_lab.course.questions import GUEST_SEED, Question


@dataclass(frozen=True, kw_only=True)
class Sorting(Question):
    """Every one of the `items` put into one of the `groups` (key -> what it means).

    The answer of a mistake is a pair, (item, the group where it does not belong): its sentence is said
    whenever that item is found there. With several wrong items the first in the order of `items` is named.
    """

    items: tuple[str, ...]
    groups: dict[str, str]
    kind: ClassVar[str] = "sorting"

    def judge(self, answer: Any, seed: int = GUEST_SEED) -> Judgement:
        """As for all; a table in which nothing is filled in yet is not answered."""
        if isinstance(answer, dict) and all(is_blank(group) for group in answer.values()):
            return NOT_ANSWERED
        return super().judge(answer, seed)

    def read(self, answer: Any) -> dict[str, str]:
        """Item -> group, in the order of `items`; capitals and spaces around a group do not matter."""
        if not isinstance(answer, dict):
            raise ValueError(f'A table {{"{self.items[0]}": group, ...}} is wanted here.')
        unknown = [item for item in answer if not isinstance(item, str) or item not in self.items]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of {', '.join(self.items)}.")
        missing = [item for item in self.items if is_blank(answer.get(item))]
        if missing:
            raise ValueError(f"Not sorted yet: {', '.join(missing)}.")
        return {item: self._read_group(item, answer[item]) for item in self.items}

    def _read_group(self, item: str, group: Any) -> str:
        key = group.strip().lower() if isinstance(group, str) else group
        if not isinstance(key, str) or key not in self.groups:
            keys = ", ".join(f'"{key}"' for key in self.groups)
            raise ValueError(f"`{item}`: put it into one of {keys}, in quotes.")
        return key

    def explain(self, answer: Any, seed: int) -> str:
        """The sentence for the first item that is in a wrong group, and how many are."""
        right = self.get_answer(seed)
        wrong = [item for item in self.items if answer[item] != right[item]]
        first = (wrong[0], answer[wrong[0]])
        listed = {mistake.get_answer(seed): mistake.sentence for mistake in self.mistakes}
        sentence = listed.get(first, f'`{first[0]}` does not belong to "{first[1]}".')
        return sentence if len(wrong) == 1 else f"{sentence} ({len(wrong)} of {len(right)} are wrong.)"

    def get_wrong_answers(self, seed: int) -> Iterator[tuple[Any, str]]:
        """The right table with one item in a wrong group, for each listed mistake."""
        for mistake in self.mistakes:
            item, group = mistake.get_answer(seed)
            yield {**self.get_answer(seed), item: group}, mistake.sentence

    def show(self, answer: Any) -> str:
        """Group by group."""
        groups = ((key, [item for item in self.items if answer[item] == key]) for key in self.groups)
        return "; ".join(f"{key}: {', '.join(items) or 'none'}" for key, items in groups)

    def write_answer(self, seed: int) -> str:
        """One item a line."""
        rows = (f"    {quote(item)}: {quote(group)},\n" for item, group in self.answer(seed).items())
        return f"{{\n{''.join(rows)}}}"


def quote(text: str) -> str:
    """As Python writes a text between double quotes, whatever quotes are in it."""
    return json.dumps(text, ensure_ascii=False)
