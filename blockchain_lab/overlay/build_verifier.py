"""A node that builds sources anew, says what came of it, and counts what others say.

    Publish     ask all builders to build this source
    build-ask   first time: build, which takes a while, then tell all; later: tell the asker once more
    build-vote  the first word of an authorised builder counts; at two thirds it is decided (`build_vote`)

Whoever is asked to judge counts for itself: nobody tells it the result. Lost words are asked for again, a few
times; then the build stays undecided. `build` says what sort of builder a node is:

    honest      the same source gives the same artifact
    clock       it builds the hour into it, as many compilers do: no two artifacts are the same
    tampered    it adds something; all who do so add the same, so they can agree
    two-faced   it tells every second builder that it has made the tampered one
    silent      it never says anything
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Final

from blockchain_lab.base.actions import Command, Publish
from blockchain_lab.base.choices import check_keys, read_names, read_number, read_word
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.overlay.build_messages import MOST_SOURCE, BuildAsk, BuildVote, get_build
from blockchain_lab.overlay.build_vote import ACCEPTED, OPEN, count_votes
from blockchain_lab.overlay.kademlia_notes import misbehaved

HONEST, CLOCK, TAMPERED, TWO_FACED, SILENT = "honest", "clock", "tampered", "two-faced", "silent"
BUILDS: Final = (HONEST, CLOCK, TAMPERED, TWO_FACED, SILENT)
KEYS: Final = ("builders", "build", "build_time", "ask_every", "most_asks")
BUILD, ASK = "build", "ask"
MOST_BUILDS: Final = 1_000  # ours: a stranger's sources must not fill a memory
COMMANDS: Final = (BuildAsk.command, BuildVote.command)


@dataclass(slots=True)
class Build:
    """What is known of one build."""

    source: str | None = None  # None: others vote already, nobody has asked us
    artifact: bytes | None = None  # what we have made
    votes: dict[str, bytes] = field(default_factory=dict)  # by builder
    askers: dict[Address, None] = field(default_factory=dict)  # whom we tell besides all builders
    asks: int = 0  # how often we have asked for votes
    is_decided: bool = False


class BuildVerifier(Node):
    """Policy: `builders`, the names of those who may vote; `build`; times in microseconds."""

    obeys: ClassVar[tuple[type[Command], ...]] = (Publish,)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        check_keys(setup.policy, KEYS)
        self.setup, policy = setup, setup.policy
        names = read_names(policy, "builders", setup.contacts)
        self.builders = {setup.contacts[name]: name for name in names}
        if not self.builders:
            raise UsageError("policy.builders: found none, accepted: names of peers, at least one")
        self.kind = read_word(policy, "build", BUILDS, HONEST)
        self.build_time = read_number(policy, "build_time", 2 * SECOND, least=0)
        self.ask_every = read_number(policy, "ask_every", 5 * SECOND, least=1)
        self.most_asks = read_number(policy, "most_asks", 4, least=1)
        self.builds: dict[bytes, Build] = {}

    # -- asking -------------------------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Ask all builders, ourselves too if we are one."""
        if not isinstance(command, Publish):
            return []
        name = get_build(command.text)
        build = self.builds.setdefault(name, Build())
        asked = Note("build asked", {"build": name.hex(), "source": command.text})
        return [asked, *self._learn_source(name, build, command.text), *self._ask(name, build)]

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """A source that no datagram holds; a second time; one build too many."""
        if not isinstance(command, Publish):
            return None
        if len(command.text.encode()) > MOST_SOURCE:
            return f"a source of {len(command.text.encode())} bytes is over {MOST_SOURCE}"
        build = self.builds.get(get_build(command.text))
        if build is not None and build.asks:
            return "it has asked for this build already"
        return "it knows too many builds" if build is None and len(self.builds) >= MOST_BUILDS else None

    def _ask(self, name: bytes, build: Build) -> list[Effect]:
        """Ask those who have not voted yet, and look again later."""
        assert build.source is not None
        build.asks += 1
        others = (each for each in self.builders if each != self.setup.address)
        silent = [each for each in others if self.builders[each] not in build.votes]
        asks: list[Effect] = [SendTo(each, BuildAsk(build.source)) for each in silent]
        return [*asks, SetTimer(TimerName(ASK, about=name.hex()), self.ask_every)]

    # -- building -----------------------------------------------------------------------------------------

    def _learn_source(self, name: bytes, build: Build, source: str) -> list[Effect]:
        """Now we can build, if we are a builder: once."""
        if build.source is not None:
            return []
        build.source = source
        if self.setup.address not in self.builders or self.kind == SILENT:
            return []
        return [SetTimer(TimerName(BUILD, about=name.hex()), self.build_time)]

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A build is ready: tell all. Or votes are missing: ask again, or give it up."""
        build_name = bytes.fromhex(str(name.about))
        build = self.builds[build_name]
        if name.topic == BUILD:
            assert build.source is not None
            salt = str(now) if self.kind == CLOCK else TAMPERED if self.kind == TAMPERED else ""
            build.artifact = make_artifact(build.source, salt)
            told = dict.fromkeys([*self.builders, *build.askers])
            made = Note("build made", {"build": build_name.hex(), "artifact": build.artifact.hex()})
            votes = self._tell((each for each in told if each != self.setup.address), build_name, build)
            own = self._count(self.setup.name, build.artifact, build_name, build)
            return [made, *votes, *own]
        if build.asks < self.most_asks:
            return self._ask(build_name, build)
        missing = [each for each in self.builders.values() if each not in build.votes]
        return [Note("build undecided", {"build": build_name.hex(), "missing": missing})]

    def _tell(self, to: Iterable[Address], name: bytes, build: Build) -> list[Effect]:
        """What we have made; or what we want them to believe."""
        assert build.source is not None and build.artifact is not None
        effects: list[Effect] = []
        for address in to:
            place = list(self.builders).index(address) if address in self.builders else 0
            is_lie = self.kind == TWO_FACED and place % 2 == 1
            said = make_artifact(build.source, TAMPERED) if is_lie else build.artifact
            effects.append(SendTo(address, BuildVote(name, said)))
        return effects

    # -- datagrams ----------------------------------------------------------------------------------------

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """A question or a vote. Of strangers only questions are heard."""
        match message:
            case BuildAsk():
                return self._on_ask(source, message)
            case BuildVote() if source in self.builders:
                return self._on_vote(source, message)
            case BuildVote():
                return [misbehaved(source, "votes, and is no builder")]
            case Malformed(name=name, reason=reason) if name in COMMANDS:
                return [misbehaved(source, f"malformed {name}: {reason}")]
        return []

    def _on_ask(self, source: Address, ask: BuildAsk) -> list[Effect]:
        build = self._get(ask.build)
        if build is None:
            return [misbehaved(source, "asks for too many builds")]
        if build.artifact is not None:
            return self._tell([source], ask.build, build)
        if len(build.askers) < MOST_BUILDS:
            build.askers[source] = None
        return self._learn_source(ask.build, build, ask.source)

    def _on_vote(self, source: Address, vote: BuildVote) -> list[Effect]:
        build = self._get(vote.build)
        if build is None:
            return [misbehaved(source, "votes on too many builds")]
        return self._count(self.builders[source], vote.artifact, vote.build, build)

    def _get(self, name: bytes) -> Build | None:
        """What is known of a build, also when it is new; None when there are too many."""
        if name not in self.builds and len(self.builds) >= MOST_BUILDS:
            return None
        return self.builds.setdefault(name, Build())

    def _count(self, voter: str, artifact: bytes, name: bytes, build: Build) -> list[Effect]:
        """The first word of a builder counts; another one later is noted."""
        known = build.votes.setdefault(voter, artifact)
        if known != artifact:
            return [Note("builder contradicts itself", {"build": name.hex(), "builder": voter})]
        verdict = count_votes(build.votes, len(self.builders))
        if build.is_decided or verdict.state == OPEN:
            return []
        build.is_decided = True
        facts = {"build": name.hex(), "artifact": verdict.hash.hex(), "votes": verdict.votes}
        other = sorted(each for each, voted in build.votes.items() if voted != verdict.hash)
        topic = "build accepted" if verdict.state == ACCEPTED else "build rejected"
        over = CancelTimer(TimerName(ASK, about=name.hex()))
        return [over, Note(topic, {**facts, "of": len(self.builders), "others": other})]


def make_artifact(source: str, salt: str) -> bytes:
    """The hash of what a source builds to."""
    return sha256(f"{source}\n{salt}".encode()).digest()
