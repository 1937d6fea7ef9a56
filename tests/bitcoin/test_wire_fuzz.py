"""Ten thousand mutants of a real node's messages; `benchmarks/fuzz_messages.py` makes a million."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from blockchain_lab.bitcoin.messages import COMMANDS, Ping

SCRIPT = Path(__file__).parent.parent.parent / "benchmarks" / "fuzz_messages.py"
SPEC = spec_from_file_location("fuzz_messages", SCRIPT)
assert SPEC is not None
assert SPEC.loader is not None
fuzz_messages = module_from_spec(SPEC)
SPEC.loader.exec_module(fuzz_messages)


def test_nothing_escapes_from_ten_thousand_mutants() -> None:
    """Each is read, refused or ignored, and every way of ending is among them."""
    outcomes = fuzz_messages.fuzz(10_000)

    assert {"read", "malformed", "fatal", "unknown", "unfinished"} == set(outcomes)
    assert outcomes["read"] > 1_000, "too wild: few mutants reach the fields"
    assert outcomes["malformed"] > 1_000, "too tame: few mutants break anything"


def test_the_corpus_has_every_command() -> None:
    """Nothing is left out of the fuzz."""
    assert {message.wire_name for message in fuzz_messages.load_corpus()} == set(COMMANDS)


def test_the_fuzz_finds_a_planted_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ping that forgets a bit when it is written is found, and the failure says how to see it again."""
    encode = Ping.encode
    monkeypatch.setattr(Ping, "encode", lambda ping: encode(ping)[:-1] + b"\x00" if ping.nonce else b"")

    with pytest.raises(RuntimeError, match=r"mutant \d+ of seed 0"):
        fuzz_messages.fuzz(10_000)
