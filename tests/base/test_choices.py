"""What a scenario may choose for a node of the overlays: right values are taken, wrong ones named."""

import pytest

from blockchain_lab.base.choices import check_keys, read_flag, read_names, read_number, read_word
from blockchain_lab.base.errors import UsageError


def test_what_is_absent_has_its_default() -> None:
    """An empty policy is a whole one."""
    assert "push" == read_word({}, "protocol", ("push", "pull"), "push")
    assert not read_flag({}, "hairpin", default=False)
    assert 8 == read_number({}, "k", 8, least=1)
    assert () == read_names({}, "servers", ["ann"])


def test_what_is_there_is_taken() -> None:
    """The ends of a range belong to it."""
    assert "pull" == read_word({"protocol": "pull"}, "protocol", ("push", "pull"), "push")
    assert read_flag({"hairpin": True}, "hairpin", default=False)
    assert [1, 20] == [read_number({"k": k}, "k", 8, least=1, most=20) for k in (1, 20)]
    assert ("ann",) == read_names({"servers": ["ann"]}, "servers", ["ann", "bob"])


@pytest.mark.parametrize("value", [0, 21, True, 1.0, "8", None])
def test_a_number_out_of_range_or_of_another_type_is_refused(value: object) -> None:
    """`True` is an int in Python; in a scenario it is not."""
    with pytest.raises(UsageError, match=r"policy\.k: found .*, accepted: a whole number from 1 to 20"):
        read_number({"k": value}, "k", 8, least=1, most=20)


def test_other_wrong_choices_say_what_would_be_right() -> None:
    """The key, what was found, what is accepted."""
    with pytest.raises(UsageError, match=r"policy\.kk: unknown key, accepted: k, alpha"):
        check_keys({"kk": 1}, ("k", "alpha"))
    with pytest.raises(UsageError, match=r"policy\.protocol: found 'shout', accepted: push, pull"):
        read_word({"protocol": "shout"}, "protocol", ("push", "pull"), "push")
    with pytest.raises(UsageError, match=r"policy\.hairpin: found 1, accepted: true, false"):
        read_flag({"hairpin": 1}, "hairpin", default=False)
    with pytest.raises(UsageError, match=r"policy\.servers: no peer is called 'eve'"):
        read_names({"servers": ["eve"]}, "servers", ["ann"])
    with pytest.raises(UsageError, match=r"policy\.servers: found 'ann', accepted: a list"):
        read_names({"servers": "ann"}, "servers", ["ann"])
