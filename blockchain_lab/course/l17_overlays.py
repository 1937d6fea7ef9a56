"""Lesson 17, one node on two overlays: what a block costs on each, and what subnets save.

Figures are counted in the learner's run, and reckoned again from who is whose neighbour.
"""

from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.course.l16_votes import play
from blockchain_lab.course.l17_tables import Table, make_table
from blockchain_lab.course.questions import Mistake, Number
from blockchain_lab.course.reading import get_messages
from blockchain_lab.lab import Lab
from blockchain_lab.layers.ledger_committees import get_committee, get_subnet, get_subscriptions
from blockchain_lab.layers.ledger_messages import Overlay
from blockchain_lab.layers.measures_overlays import Costs, find_block, get_costs, is_about, sum_costs

STORY: Final = "two_overlays"
SLOT: Final = 1  # whose block and votes are counted
PEERS: Final = 8
LINES: Final = 16  # pairs of neighbours on the consensus overlay


# -- what a block costs --------------------------------------------------------------------------------------


def count_costs(lab: Lab, height: int) -> Costs:
    """What a block has cost on each overlay so far. UsageError before it is there."""
    block = find_block(lab.trace, height)
    if block is None:
        raise UsageError(f"no block {height} at this point of the run: play on, and ask again")
    return get_costs(lab.trace, block)


def show_costs(lab: Lab, height: int = SLOT) -> Table:
    """The same as a table: overlay, command, messages, bytes."""
    costs = count_costs(lab, height)
    rows = []
    for overlay in (Overlay.EXECUTION, Overlay.CONSENSUS):
        named = [*costs[overlay].items(), ("all", sum_costs(costs[overlay]))]
        rows += [(overlay.name.lower(), name, each.messages, each.size) for name, each in named]
    return make_table("costs", ("overlay", "message", "sent", "bytes"), rows)


def count_block(seed: int) -> int:
    """How often block 1 was sent in the learner's run."""
    sent = count_costs(play(STORY, seed), SLOT)[Overlay.CONSENSUS]
    return sent["proposal"].messages


def reckon_block(seed: int) -> int:
    """The same by the rule of flooding: twice each line, but not back to whom one has it from."""
    return 2 * LINES - (PEERS - 1)


def count_calls(seed: int) -> int:
    """How many messages the transactions of block 1 cost in the learner's run, on the execution overlay."""
    return sum_costs(count_costs(play(STORY, seed), SLOT)[Overlay.EXECUTION]).messages


def reckon_calls(seed: int) -> int:
    """The same by what has arrived at peers who are no neighbours on the consensus overlay."""
    lab = play(STORY, seed)
    block, neighbours = find_block(lab.trace, SLOT), find_neighbours(lab)
    assert block is not None
    names = frozenset(each.name for each in block.transactions)
    return sum(
        is_about(record.detail, block.name, names)
        for record in lab.trace.of_kind(Kind.DELIVER)
        if record.detail is not None and lab.names[record.other] not in neighbours[lab.names[record.peer]]
    )


def count_whole_calls(seed: int) -> int:
    """A mistake: the transactions alone, without what names them and asks for them."""
    return count_costs(play(STORY, seed), SLOT)[Overlay.EXECUTION]["tx"].messages


def count_all(seed: int) -> int:
    """A mistake: both overlays together."""
    return sum(sum_costs(costs).messages for costs in count_costs(play(STORY, seed), SLOT).values())


# -- what subnets save ---------------------------------------------------------------------------------------


def count_votes(lab: Lab, slot: int) -> dict[int, int]:
    """Subnet -> how often votes of a slot were sent on it."""
    counts: dict[int, int] = {}
    for record in get_messages(lab, "attest"):
        if record.detail.slot == slot:
            counts[record.detail.subnet] = counts.get(record.detail.subnet, 0) + 1
    return counts


def find_neighbours(lab: Lab) -> dict[str, tuple[str, ...]]:
    """Who is whose neighbour on the consensus overlay, by what everybody was told to dial."""
    dialled = {name: peer.policy["consensus"] for name, peer in lab.scenario.peers.items()}
    return {
        name: tuple(other for other in dialled if other in dialled[name] or name in dialled[other])
        for name in dialled
    }


def reckon_votes(lab: Lab, slot: int) -> int:
    """How often votes of a slot were sent, from subscriptions, neighbours and who heard what from whom first.

    The voter tells its neighbours that listen; each of these those of its own that listen, but for the one
    whom it has it from.
    """
    rules, neighbours = lab.peer(lab.names[0]).chain.rules, find_neighbours(lab)
    first: dict[tuple[str, str], tuple[int, str]] = {}  # (voter, peer) -> subnet, from whom
    for record in lab.trace.of_kind(Kind.DELIVER):
        vote = record.detail
        if vote is not None and vote.command == "attest" and vote.slot == slot:
            news = (vote.validator, lab.names[record.peer])
            first.setdefault(news, (vote.subnet, lab.names[record.other]))
    for committee in range(rules.ledger.committees):
        for voter in get_committee(rules, slot, committee):
            first[voter, voter] = get_subnet(rules, slot, committee), ""
    return sum(
        subnet in get_subscriptions(rules, other) and other != source
        for (_, name), (subnet, source) in first.items()
        for other in neighbours[name]
    )


def count_voters(lab: Lab, slot: int) -> int:
    """How many validators vote in a slot."""
    rules = lab.peer(lab.names[0]).chain.rules
    return sum(len(get_committee(rules, slot, each)) for each in range(rules.ledger.committees))


def count_saved(seed: int) -> int:
    """Messages that subnets saved in slot 1 of the learner's run, against votes that go to everybody."""
    lab = play(STORY, seed)
    return count_voters(lab, SLOT) * count_block(seed) - sum(count_votes(lab, SLOT).values())


def reckon_saved(seed: int) -> int:
    """The same, no sending counted: half of all vote in a slot; and the rule of flooding."""
    lab = play(STORY, seed)
    voters = PEERS // int(lab.scenario.chain["ledger"]["epoch"])
    return voters * reckon_block(seed) - reckon_votes(lab, SLOT)


def count_sent_votes(seed: int) -> int:
    """A mistake: what was sent, instead of what was saved."""
    return sum(count_votes(play(STORY, seed), SLOT).values())


def show_subnets(lab: Lab, slot: int = SLOT) -> Table:
    """Who votes, who listens, and how often votes were sent so far."""
    rules, sent = lab.peer(lab.names[0]).chain.rules, count_votes(lab, slot)
    rows = []
    for committee in range(rules.ledger.committees):
        subnet = get_subnet(rules, slot, committee)
        listeners = tuple(name for name in lab.names if subnet in get_subscriptions(rules, name))
        voters = tuple(get_committee(rules, slot, committee))
        rows.append((subnet, voters, listeners, sent.get(subnet, 0)))
    return make_table("subnets", ("subnet", f"votes in slot {slot}", "listens", "votes sent"), rows)


def find_first_vote(seed: int) -> int:
    """The event at which the first vote is sent."""
    lab = play(STORY, seed)
    return next(
        record.event
        for record in lab.trace.of_kind(Kind.SEND)
        if record.detail is not None and record.detail.command == "attest"
    )


SENT_BLOCKS: Final = Number(
    id="L17.q8",
    title="One block on sixteen lines",
    prompt="Eight peers, sixteen lines: how often is a block sent until all have it?",
    unit="messages",
    passes="the messages `proposal` about block 1 in your run.",
    hints=(
        "Everybody passes it on to all neighbours, but for the one whom it came from.",
        "Twice on each line, if nobody left anybody out. How many times is somebody left out?",
        "2 × 16 - 7: everybody but the first leaves one out.",
    ),
    because="2 m - (n - 1) with m lines and n peers: the same on every network, in whatever order it comes.",
    solution="2 × 16 - (8 - 1) = {answer}.",
    answer=count_block,
    again=reckon_block,
    mistakes=(
        Mistake(7, "That would be enough, if all knew who has it already. They do not."),
        Mistake(32, "Nobody sends it back to whom it came from: seven peers leave out one each."),
        Mistake(16, "Once on each line? Most lines carry it both ways, or would."),
        Mistake(24, "The first one, who made it, leaves out nobody: 7 leave out one, not 8."),
    ),
)

SENT_CALLS: Final = Number(
    id="L17.q9",
    varies=True,
    title="The same block on the other overlay",
    prompt="How many messages did block 1, that is the transactions in it, cost on the execution overlay?",
    unit="messages",
    run="both",
    passes="the messages on the execution overlay about the transactions of block 1 in your run.",
    hints=(
        "Each of the three transactions goes by itself, before there is a block.",
        "Count whole transactions, names of them, and requests: the table has a row for each.",
        "The row `all` of execution. The rows of consensus are the block and its votes.",
    ),
    because="Three transactions take nearly three times the messages of the block that carries them, for each"
    " is passed on by itself. Names keep that cheap: most are told, few are sent whole.",
    solution="{answer}: transactions, names and requests.",
    answer=count_calls,
    again=reckon_calls,
    mistakes=(
        Mistake(count_whole_calls, "Those are the whole transactions. Names and requests were sent, too."),
        Mistake(count_all, "That is both overlays together."),
        Mistake(25, "So often the block was sent, on the consensus overlay."),
    ),
)

SAVED: Final = Number(
    id="L17.q10",
    varies=True,
    title="What subnets save",
    prompt="If every vote went to everybody, each would cost as much as the block. How many messages did"
    " subnets save with the four votes of slot 1?",
    unit="messages",
    run="both",
    passes="four floods less the votes that were sent on both subnets in your run.",
    hints=(
        "A vote that goes to everybody is sent as often as a block: take the answer of the question before.",
        "Four votes to everybody: 4 × 25. The table says what was really sent.",
        "100 less the sum of the last column.",
    ),
    because="A vote is checked by those who listen. All others hear the sum, in an aggregate: once for each"
    " committee.",
    solution="4 × 25, less what both subnets carried: {answer}.",
    answer=count_saved,
    again=reckon_saved,
    mistakes=(
        Mistake(count_sent_votes, "That was sent. How many messages were not?"),
        Mistake(100, "That is what it would have cost without subnets."),
    ),
    look_at=find_first_vote,
)
