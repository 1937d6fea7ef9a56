"""Two chains and a bridge: there and back, how long one must wait, and what the chains refuse."""

from contextlib import suppress

import pytest
from support.settlements import (
    assert_replays,
    assert_sums_hold,
    carry,
    make_books,
    make_call,
    make_chain_net,
    pass_blocks,
)
from support.story_runs import hang_ups, notes

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.actions_layers import EnterLayer, LeaveLayer, PayOnChain
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Note, Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.lab import Lab
from blockchain_lab.layers.bridge_blocks import ChainBlock
from blockchain_lab.layers.bridge_calls import Transfer
from blockchain_lab.layers.bridge_peg import Arrive, Depart
from blockchain_lab.layers.bridge_view import carry_out
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.scenario import Links, Scenario

NAMES = ("ann", "bob", "gus", "sid", "max", "moe")
COINS = {"ann": 60, "bob": 40, "moe": 20}
TOTAL = 120
RULES = {"bridge": {"operator": "gus"}}
BOTH = ["main", "side"]


def make_net(confirmations: int = 3, seed: int = 1, **values) -> Scenario:
    """Ann, Bob and the operator keep both chains, Sid the side chain, Max and Moe the main chain."""
    policies = {
        **{name: {"chains": BOTH} for name in ("ann", "bob")},
        "gus": {"chains": BOTH, "confirmations": confirmations},
        "sid": {"chains": ["side"], "block_every": 2 * SECOND},
        "max": {},
    }
    return make_chain_net("bridge", NAMES, COINS, policies, rules=RULES, seed=seed, **values)


def get_side(lab: Lab, name: str) -> int:
    """Somebody's coins on the side chain."""
    return lab.peer("sid").views["side"].books.bank.get(name)


def get_main(lab: Lab, name: str) -> int:
    """Somebody's coins on the main chain."""
    return lab.peer("max").views["main"].books.bank.get(name)


def wait(lab: Lab, seconds: int) -> None:
    """Go on."""
    lab.run(until=lab.now + seconds * SECOND)


def test_there_and_back() -> None:
    """Ann locks 50 and has 50 on the side; she pays Bob 20 there, and he takes them home."""
    lab = Lab(make_net())
    wait(lab, 2)
    lab.do(EnterLayer("ann", 50))
    wait(lab, 1)
    lab.do(Mine("max", 2))
    wait(lab, 10)
    assert (10, 50, 0) == (get_main(lab, "ann"), get_main(lab, "vault"), get_side(lab, "ann"))
    lab.do(Mine("max"))  # the third block on top
    wait(lab, 10)
    assert 50 == get_side(lab, "ann")
    lab.do(Pay("ann", "bob", 20))
    wait(lab, 4)
    lab.do(LeaveLayer("bob", 20))
    wait(lab, 12)
    lab.do(Mine("max"))
    wait(lab, 2)

    assert (30, 0) == (get_side(lab, "ann"), get_side(lab, "bob"))
    assert (10, 60, 30) == tuple(get_main(lab, name) for name in ("ann", "bob", "vault"))
    assert [] == [fact for name in NAMES for fact in notes(lab, name, "call failed")]


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("confirmations", [1, 2, 3, 4])
def test_a_bridge_must_wait_for_more_blocks_than_will_be_left(confirmations: int, depth: int) -> None:
    """The lock and what is on it, `depth` blocks, are left for a branch on which Ann's coins are gone."""
    twin = {"moe": {"identity": "ann"}}
    scenario = make_net(confirmations)
    peers = {
        name: type(peer)(peer.kind, policy={**peer.policy, **twin.get(name, {})})
        for name, peer in scenario.peers.items()
    }
    lab = Lab(type(scenario)(**{**vars(scenario), "peers": peers}))
    wait(lab, 2)
    lab.do(act.Partition(["moe"]))
    lab.do(EnterLayer("ann", 50))
    lab.do(PayOnChain("moe", "bob", 60))
    wait(lab, 2)
    lab.do(Mine("max", depth))
    lab.do(Mine("moe", depth + 1))
    wait(lab, 12)
    lab.do(act.Heal())
    wait(lab, 12)

    is_unbacked = confirmations <= depth
    assert 100 == get_main(lab, "bob"), "the longer branch counts"
    assert (50 if is_unbacked else 0) == get_side(lab, "ann")
    assert is_unbacked == bool(notes(lab, "gus", "bridge unbacked"))


def test_a_lock_that_is_carried_again_backs_the_coins_again() -> None:
    """The branch that counts has nothing against Ann's lock: it waits again, and the next block has it."""
    lab = Lab(make_net(confirmations=1))
    wait(lab, 2)
    lab.do(act.Partition(["moe"]))
    lab.do(EnterLayer("ann", 50))
    wait(lab, 1)
    lab.do(Mine("max"))
    lab.do(Mine("moe", 2))
    wait(lab, 12)
    lab.do(act.Heal())
    wait(lab, 12)
    assert (0, 50) == (get_main(lab, "vault"), get_side(lab, "ann"))
    lab.do(Mine("moe"))
    wait(lab, 3)

    assert (50, 50) == (get_main(lab, "vault"), get_side(lab, "ann"))
    assert 1 == len(notes(lab, "gus", "bridge unbacked")) == len(notes(lab, "gus", "bridge backed again"))
    assert 1 == len(notes(lab, "gus", "coins minted")), "never twice"


def assert_refused(books, sender: str, action, rule: str) -> None:
    """The call breaks this rule."""
    with pytest.raises(RuleBroken) as found:
        carry(books, sender, action)

    assert rule == found.value.rule


def test_what_the_contracts_refuse() -> None:
    """Only the operator's word counts, once; on the main chain nothing comes out of an empty vault."""
    main = make_books(rules=RULES, ann=60)
    side = make_books("side", rules=RULES, ann=60)
    name = bytes(32)
    minted = carry(side, "gus", Arrive(name, "ann", 50))

    assert (60, 0) == (main.bank.get_sum(), side.bank.get_sum())
    assert 50 == minted.bank.get("ann")
    assert_refused(minted, "gus", Arrive(name, "ann", 50), "arrived")
    assert_refused(minted, "ann", Arrive(bytes(31) + b"1", "ann", 50), "operator")
    assert_refused(minted, "ann", Depart(51), "balance")
    assert_refused(minted, "ann", Depart(0), "amount")
    assert_refused(main, "gus", Arrive(name, "ann", 50), "balance")
    assert_refused(main, "gus", Arrive(name, "vault", 0), "parcel")
    assert_refused(make_books(ann=60), "ann", Depart(5), "no such contract")
    locked = carry(main, "ann", Depart(50))
    assert (10, 50) == (locked.bank.get("ann"), locked.bank.get("vault"))


def test_calls_have_a_chain_a_sender_and_an_order() -> None:
    """What breaks that may stand in no block; what a contract refuses stands there and has failed."""
    books = make_books(rules=RULES, ann=60, bob=40)
    call = make_call(books, "ann", Transfer("bob", 5))
    unsigned = type(call)(call.chain, "bob", 0, call.action, call.signature)
    other = make_call(make_books("side", rules=RULES), "ann", Transfer("bob", 5))
    after = books.open_block().after(call)
    broke = after.after(make_call(after, "ann", Transfer("bob", 999)))

    for wrong, rule in ((unsigned, "signature"), (other, "chain")):
        with pytest.raises(RuleBroken, match=rule):
            books.after(wrong)
    with pytest.raises(RuleBroken, match="nonce: found 0, wanted 1"):
        after.after(call)
    later = make_call(pass_blocks(after, 1), "ann", Transfer("bob", 1))
    with pytest.raises(RuleBroken, match="nonce ahead: found 1, wanted 0"):
        books.after(later)
    assert (55, 45, 2) == (broke.bank.get("ann"), broke.bank.get("bob"), broke.get_nonce("ann"))
    assert [("coins moved", None), ("call failed", "balance")] == [
        (fact.topic, fact.facts.get("rule")) for fact in broke.facts
    ]


def test_what_breaks_a_block() -> None:
    """Its height, its time, a call that stands there twice: each rule has a name."""
    lab = Lab(make_net())
    wait(lab, 2)
    view = lab.peer("max").views["main"]
    twice = make_call(view.books, "ann", Transfer("bob", 5))
    parent = view.head

    def judge(height: int, time: int, *calls) -> str:
        block = ChainBlock("main", parent.hash, height, time, "max", calls)
        result = carry_out(view.books, parent, block)
        return result.rule if isinstance(result, RuleBroken) else ""

    assert "" == judge(1, 0, twice)
    assert "nonce" == judge(1, 0, twice, twice)
    assert "height" == judge(2, 0)
    late = ChainBlock("main", parent.hash, 1, 9, "max")
    entry = view.add(late)
    behind = carry_out(view.books, entry, ChainBlock("main", entry.hash, 2, 8, "max"))
    assert "time" == behind.rule


def test_unreadable_bytes_cost_the_line_and_the_block_comes_by_another_one() -> None:
    """Max's block is spoilt on its way to Ann; she hangs up on him, and Gus has it for her."""
    lab = Lab(make_net())
    wait(lab, 2)
    lab.do(Mine("max"))
    ann = lab.names.index("ann")
    flying = [lab.trace[entry[6]] for entry in lab.timeline.world().transport.get_flights()]
    number = next(
        each.id for each in flying if each.other == ann and getattr(each.detail, "chain", "") == "main"
    )
    lab.do(act.EditMessage(number, ((60, 255),)))
    wait(lab, 3)

    (fault,) = notes(lab, "ann", "peer misbehaved")
    assert "max" == fault["from"]
    assert fault["reason"].startswith("checksum: wanted the first 4 bytes")
    assert [("ann", "max", fault["reason"])] == hang_ups(lab)
    assert 1 == lab.peer("ann").views["main"].head.height


def test_a_block_that_breaks_a_rule_is_noted_and_not_passed_on() -> None:
    """Moe says that his block is the ninth. Ann takes it from nobody, nor what is behind it."""
    lab = Lab(make_net())
    wait(lab, 2)
    ann = lab.peer("ann")
    line = ann.desk.find_line("moe")
    bad = ChainBlock("main", ann.views["main"].head.hash, 9, 0, "moe")
    child = ChainBlock("main", bad.name, 10, 0, "moe")
    effects = [*ann.on_message(line, child, 0), *ann.on_message(line, bad, 0)]
    told = [(each.topic, each.facts.get("reason")) for each in effects if isinstance(each, Note)]

    reason = "height: found 9, wanted 1"
    behind = "parent: it builds on an invalid block"
    assert [
        ("orphan block", None),
        ("peer misbehaved", reason),
        *(("block invalid", r) for r in (reason, behind)),
    ] == told
    assert ["settle-want"] == [each.message.command for each in effects if isinstance(each, Send)]
    assert [] == ann.on_message(line, bad, 0) == ann.on_message(line, child, 0)


def test_a_call_that_a_block_has_brought_already_is_old_news() -> None:
    """The block was quicker than the gossip: nothing is refused, kept or passed on. A rival is refused."""
    lab = Lab(make_net())
    wait(lab, 2)
    ann, books = lab.peer("ann"), lab.peer("ann").views["main"].books
    call, rival = (make_call(books, "bob", Transfer(to, 5)) for to in ("ann", "moe"))
    parent = ann.views["main"].head.hash
    ann.on_message(ann.desk.find_line("max"), ChainBlock("main", parent, 1, 0, "max", (call,)), lab.now)

    assert [] == ann.on_message(ann.desk.find_line("bob"), call, lab.now)
    (refused,) = ann.on_message(ann.desk.find_line("bob"), rival, lab.now)
    assert ("call refused", "nonce") == (refused.topic, refused.facts["rule"])


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (EnterLayer("ann", 61), "balance: ann has 60, wanted 61"),
        (EnterLayer("sid", 5), "sid does not keep the chain 'main'"),
        (LeaveLayer("ann", 1), "balance: ann has 0, wanted 1"),
        (LeaveLayer("max", 1), "max does not keep the chain 'side'"),
        (Pay("ann", "bob", 1), "balance: ann has 0, wanted 1"),
        (Pay("ann", "bob", 0), "wanted at least 1 coin, found 0"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(command, words: str) -> None:
    """Before it is an event: the run is as it was."""
    lab = Lab(make_net())
    wait(lab, 2)
    before = lab.head, lab.state_digest()
    with pytest.raises(UsageError, match=words):
        lab.do(command)

    assert before == (lab.head, lab.state_digest())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"chain": {"settlement": {"balances": {}}}},
            "peers.ann: policy.chains: found \\['main', 'side'\\], accepted: a list of main,",
        ),
        ({"chain": {"settlement": {"balances": {}, "bridge": {"operator": ""}}}}, "operator: found ''"),
        (
            {"chain": {"settlement": {"balances": {}, "bridge": {"keeper": "gus"}}}},
            "bridge.keeper: unknown key",
        ),
        (
            {"chain": {"settlement": {"balances": {}, "bridge": {"operator": "max"}}}},
            "the operator keeps main and",
        ),
        ({"confirmations": 0}, "policy.confirmations: found 0, accepted: a whole number from 1"),
    ],
)
def test_what_cannot_be_is_refused(values, words: str) -> None:
    """With the key and what is accepted."""
    with pytest.raises(UsageError, match=words):
        Lab(make_net(**values))


def live(lab: Lab, seed: int, cuts: bool) -> None:
    """Thirty whims on bad lines: coins go to and fro; then peace."""
    luck = CounterRandom(get_key(seed, "whims"))
    for _ in range(30):
        lab.run(until=lab.now + luck.below(4 * SECOND))
        one, other = luck.sample(("ann", "bob", "moe"), 2)
        whims = [
            *[EnterLayer(one, 1 + luck.below(30)), LeaveLayer(one, 1 + luck.below(20))] * 2,
            Pay(one, other, 1 + luck.below(20)),
            PayOnChain(one, other, 1 + luck.below(9)),
            *[Mine(luck.choice(("max", "moe"))) for _ in range(5)],
            act.Kill(one, luck.choice(act.SEEN_AS)),
            *[act.Revive(name) for name in (one, other)],
            *([act.Partition([other, "moe"]), act.Heal(), act.Heal()] if cuts else []),
        ]
        with suppress(UsageError):  # it is off, or has no coins there
            lab.do(luck.choice(whims))
    lab.do(act.Heal())
    for name in lab.names:
        with suppress(UsageError):
            lab.do(act.Revive(name))
    for _ in range(4):
        wait(lab, 8)
        lab.do(Mine("max"))
    wait(lab, 12)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_on_the_side_is_in_the_vault_or_on_its_way(seed: int) -> None:
    """Without reorganisations. On the main chain no coin is made or lost; the world can be rebuilt."""
    lab = Lab(make_net(3, seed, links=Links(latency=(10_000, 900_000), loss=100_000, keep_alive=8 * SECOND)))
    live(lab, seed, cuts=False)
    main, side = (lab.peer("gus").views[name].books for name in BOTH)
    on_the_way = -side.peg.get_balance() - main.peg.get_balance()

    assert 8 < assert_sums_hold(lab, TOTAL)
    assert side.bank.get_sum() == side.peg.get_balance()
    assert main.bank.get("vault") == -main.peg.get_balance() == side.bank.get_sum() + on_the_way
    assert [] == notes(lab, "gus", "bridge unbacked")
    assert on_the_way >= 0
    assert_replays(lab)


@pytest.mark.parametrize("seed", range(4))
def test_cuts_make_and_lose_no_coin_on_either_chain(seed: int) -> None:
    """What a reorganisation breaks is what the bridge promised, never the sum on a branch."""
    lab = Lab(make_net(1, seed, links=Links(latency=(10_000, 400_000), keep_alive=8 * SECOND)))
    live(lab, seed, cuts=True)

    assert 8 < assert_sums_hold(lab, TOTAL)
    for name in ("ann", "bob", "gus", "sid"):
        view = lab.peer(name).views["side"]
        for entry in view.tree.own.values():
            books = view.get_books(entry)
            assert books.bank.get_sum() == books.peg.get_balance(), name
    assert_replays(lab)


def test_bytes_on_the_wire_tell_the_same_story_as_objects() -> None:
    """Every message survives its encoding, cut at odd places."""
    labs = [Lab(make_net(1, 3), wire=wire) for wire in (False, True)]
    for lab in labs:
        live(lab, 3, cuts=True)

    assert 1 == len({(lab.digest(), lab.state_digest()) for lab in labs})
