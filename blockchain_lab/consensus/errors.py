"""The one fault of this floor: a block, a vote or an order that breaks a rule.

What a peer sends wrongly ends here and nowhere else; a caller's mistake is a `UsageError`.
"""


class RuleBroken(ValueError):
    """Not valid. `rule` names what was broken, in a few words that stay the same; the text says the rest."""

    def __init__(self, rule: str, detail: str = "") -> None:
        """`detail`: what was found, and what was wanted."""
        super().__init__(f"{rule}: {detail}" if detail else rule)
        self.rule = rule
