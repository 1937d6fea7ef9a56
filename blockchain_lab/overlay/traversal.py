"""How a host behind a NAT reaches another one: a ladder of ways, the cheapest first.

    local     straight to its address inside: we may stand behind the same box
    direct    straight to its address outside: its box, if there is one, may let everybody in
    punch     a server tells both to write to each other at once: each one's packet opens its own box
    predict   the same at ports that are guessed (`prediction`): not in the ladder unless it is asked for
    relay     the server carries every packet: this always works

Before, whoever may asks its box for a port of its own (policy `map_port`): then `direct` works. Each step has
three tries and two seconds. What was tried is kept: print an `Attempt`.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.actions import Command, Connect
from blockchain_lab.base.choices import check_keys, read_flag, read_number, read_word
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.reader import UNSIGNED_16, UNSIGNED_64
from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.overlay.nat_messages import GRANTED, MapPort, PortMapped
from blockchain_lab.overlay.prediction import choose_targets, predict_port
from blockchain_lab.overlay.rendezvous import note_nonsense
from blockchain_lab.overlay.rendezvous_messages import (
    NOWHERE,
    Find,
    Found,
    Introduce,
    Meet,
    NotKnown,
    Probe,
    ProbeAnswer,
    Puncture,
    Register,
    Registered,
    Relayed,
    RelayTo,
)

LADDER: Final = ("local", "direct", "punch", "relay")
STEPS: Final = ("local", "direct", "punch", "predict", "relay")  # all that there are
TRIES: Final = 3  # of one step; the first one may come before the other box has opened
TRY_AGAIN: Final = 2 * SECOND // TRIES  # ours
REGISTER_EVERY: Final = 25 * SECOND  # as IPv8's DHT pings: many boxes forget after 30 s
LEASE_SECONDS: Final = 7_200  # RFC 6886 §3.3 recommends two hours
KEYS: Final = ("server", "ladder", "map_port", "register_every")
QUESTION, ANSWER = b"?", b"!"  # what is relayed while we only try: one of these, and the nonce
GUESS, COUNTER = b"<", b">"  # or one of these, and the port that we shall have next: 2 bytes
MOST_MET: Final = 1_000  # whom the server has introduced, and we remember; ours


@dataclass(slots=True)
class Attempt:
    """One peer that we want to reach."""

    name: str
    nonce: int
    outside: Address | None = None  # of the other one, as the server sees it; None while we do not know
    local: Address | None = None
    step: str = "find"
    tries_left: int = TRIES
    tried: list[str] = field(default_factory=list)  # steps that came to nothing
    reached_by: str = ""  # the step that worked


class TraversalNode(Node):
    """One host. `attempts`: by name; `outside`: as the server sees us; `opened`: where all are let in."""

    obeys = (Connect,)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        policy = setup.policy
        check_keys(policy, KEYS)
        self.setup, self.random = setup, setup.random
        self.server = setup.contacts[read_word(policy, "server", tuple(setup.contacts), "")]
        self.ladder = tuple(policy.get("ladder", LADDER))
        if not self.ladder or any(step not in STEPS for step in self.ladder):
            raise UsageError(f"policy.ladder: found {self.ladder!r}, accepted: some of {', '.join(STEPS)}")
        self.map_port = read_flag(policy, "map_port", default=False)
        self.register_every = read_number(policy, "register_every", REGISTER_EVERY, least=1)
        self.outside: Address | None = None
        self.opened = NOWHERE
        self.attempts: dict[str, Attempt] = {}
        self.met: dict[str, Address] = {}  # where the server says they are
        self.remotes: dict[Address, None] = {}  # to whom we have written, besides the server and our box

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Open a port if our box lets us, and tell the server that we are here."""
        asked: list[Effect] = []
        if self.map_port and self.setup.gateway is not None:
            asked = [SendTo(self.setup.gateway, MapPort(self.setup.address.port, LEASE_SECONDS))]
        return [*asked, *self._register()]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Reach a peer: first ask the server where it is."""
        assert isinstance(command, Connect)
        attempt = self.attempts[command.to] = Attempt(command.to, self.random.bits())
        return self._try(attempt)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Say again that we are here; or try once more, or the next step."""
        if name.topic == "register":
            return self._register()
        attempt = self.attempts[str(name.about)]
        return self._count(self._try(attempt) if attempt.tries_left else self._climb(attempt))

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """What our box, the server and the others say; all that nobody asked for is noted and ignored."""
        return self._count(self._hear(source, message))

    def _count(self, effects: list[Effect]) -> list[Effect]:
        """Remember to whom we write: a symmetric box gives each of them a port."""
        to = (effect.address for effect in effects if isinstance(effect, SendTo))
        self.remotes |= dict.fromkeys(each for each in to if each not in (self.server, self.setup.gateway))
        return effects

    def _hear(self, source: Address, message: Message) -> list[Effect]:
        if source == self.server:
            return self._hear_server(message)
        if isinstance(message, PortMapped) and source == self.setup.gateway:
            if message.result != GRANTED:
                return [Note("port refused", {"result": message.result})]
            self.opened = message.outside
            return [Note("port granted", {"outside": list(message.outside)}), *self._register()]
        return self._hear_peer(source, message)

    def _hear_peer(self, source: Address, message: Message) -> list[Effect]:
        match message:
            case ProbeAnswer(name=name, nonce=nonce):
                attempt = self.attempts.get(name)
                if attempt is not None and attempt.nonce == nonce:
                    return self._arrive(attempt, source)
            case Probe(nonce=nonce):
                return [SendTo(source, ProbeAnswer(self.setup.name, nonce))]
            case Puncture(name=name):
                attempt = self.attempts.get(name)
                if attempt is None or attempt.reached_by:
                    return []  # it has opened its own box, and that was all
                return [SendTo(source, Probe(self.setup.name, attempt.nonce))]
        return [note_nonsense(source, f"{message.wire_name}: nobody asked for it")]

    def _hear_server(self, message: Message) -> list[Effect]:
        match message:
            case Registered(observed=observed):
                is_news, self.outside = observed != self.outside, observed
                return [Note("outside address", {"address": list(observed)})] if is_news else []
            case Meet(name=name, outside=outside):
                return self._meet(name, outside)
            case Found(name=name, outside=outside, local=local) if name in self.attempts:
                attempt = self.attempts[name]
                attempt.outside, attempt.local = outside, local
                return self._climb(attempt) if attempt.step == "find" else []
            case NotKnown(name=name) if name in self.attempts:
                return self._give_up(self.attempts[name], "the server does not know it")
            case Relayed(name=name, content=content):
                return self._hear_relayed(name, content)
        return [note_nonsense(self.server, f"{message.wire_name}: nobody asked for it")]

    def _meet(self, name: str, outside: Address) -> list[Effect]:
        """The server tells both at once: write to each other."""
        attempt = self.attempts.get(name)
        if name not in self.met and len(self.met) >= MOST_MET:
            del self.met[next(iter(self.met))]
        self.met[name] = outside
        if attempt is None or attempt.reached_by or attempt.step not in ("punch", "predict"):
            return [SendTo(outside, Puncture(self.setup.name))]
        probe = self._count([SendTo(outside, Probe(self.setup.name, attempt.nonce))])
        return [*probe, self._guess(name, GUESS)] if attempt.step == "predict" else probe

    def _guess(self, name: str, kind: bytes) -> Effect:
        """Say which port we shall have next."""
        port = predict_port(self.outside or NOWHERE, len(self.remotes))
        return SendTo(self.server, RelayTo(name, kind + port.to_bytes(UNSIGNED_16, "little")))

    def _hear_guess(self, name: str, content: bytes) -> list[Effect]:
        """The other one says which port it will have next. We answer with ours, and both write there."""
        attempt, seen = self.attempts.get(name), self.met.get(name)
        is_answer = content[:1] == COUNTER
        if seen is None or (is_answer and (attempt is None or attempt.step != "predict")):
            return [note_nonsense(self.server, "relayed: a guess that nobody asked for")]
        targets = choose_targets(seen, int.from_bytes(content[1:], "little"))
        if is_answer and attempt is not None:
            return [SendTo(each, Probe(self.setup.name, attempt.nonce)) for each in targets]
        told = self._guess(name, COUNTER)
        return [told, *(SendTo(each, Puncture(self.setup.name)) for each in targets)]

    def _hear_relayed(self, name: str, content: bytes) -> list[Effect]:
        attempt = self.attempts.get(name)
        if content[:1] in (GUESS, COUNTER) and len(content) == 1 + UNSIGNED_16:
            return self._hear_guess(name, content)
        if content[:1] == QUESTION:
            return [SendTo(self.server, RelayTo(name, ANSWER + content[1:]))]
        if attempt is not None and content == ANSWER + attempt.nonce.to_bytes(UNSIGNED_64, "little"):
            return self._arrive(attempt, self.server)
        return [note_nonsense(self.server, "relayed: nobody asked for it")]

    # --- The ladder ------------------------------------------------------------------------------------

    def _try(self, attempt: Attempt) -> list[Effect]:
        """One try of the step where we are, and some patience."""
        attempt.tries_left -= 1
        wait = SetTimer(TimerName("try", about=attempt.name), TRY_AGAIN)
        match attempt.step:
            case "find":
                return [SendTo(self.server, Find(attempt.name)), wait]
            case "punch" | "predict":
                return [SendTo(self.server, Introduce(attempt.name)), wait]
            case "relay":
                content = QUESTION + attempt.nonce.to_bytes(UNSIGNED_64, "little")
                return [SendTo(self.server, RelayTo(attempt.name, content)), wait]
        target = attempt.local if attempt.step == "local" else attempt.outside
        assert target is not None  # both came with the answer to "find"
        return [SendTo(target, Probe(self.setup.name, attempt.nonce)), wait]

    def _climb(self, attempt: Attempt) -> list[Effect]:
        """The step has come to nothing, or found what it sought: on to the next, if there is one."""
        if attempt.outside is None:
            return self._give_up(attempt, "the server does not answer")
        if attempt.step != "find":
            attempt.tried.append(attempt.step)
        if len(attempt.tried) == len(self.ladder):
            return self._give_up(attempt, "the ladder ends here")
        attempt.step, attempt.tries_left = self.ladder[len(attempt.tried)], TRIES
        return self._try(attempt)

    def _arrive(self, attempt: Attempt, source: Address) -> list[Effect]:
        if attempt.reached_by:
            return []
        attempt.reached_by = attempt.step
        facts = {"name": attempt.name, "by": attempt.step, "at": list(source), "tried": list(attempt.tried)}
        return [CancelTimer(TimerName("try", about=attempt.name)), Note("peer reached", facts)]

    def _give_up(self, attempt: Attempt, reason: str) -> list[Effect]:
        facts = {"name": attempt.name, "tried": list(attempt.tried), "reason": reason}
        return [CancelTimer(TimerName("try", about=attempt.name)), Note("peer not reached", facts)]

    def _register(self) -> list[Effect]:
        """Say that we are here, again and again: it also keeps our box open (RFC 4787 §4.3)."""
        register = Register(self.setup.name, self.setup.address, self.opened)
        return [SendTo(self.server, register), SetTimer(TimerName("register"), self.register_every)]
