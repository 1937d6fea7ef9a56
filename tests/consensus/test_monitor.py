"""The safety monitor: all votes ever sent, every finalised checkpoint, and everybody who could be slashed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.chain.tree import get_ancestor
from blockchain_lab.consensus.block import Block, make_entry, make_genesis
from blockchain_lab.consensus.ffg_global import find_finalised, find_justified, find_links, find_slashable
from blockchain_lab.consensus.ffg_params import LAB
from blockchain_lab.consensus.monitor import Account, SafetyMonitor, Sets, use_one_set
from blockchain_lab.consensus.vote import Vote

PARAMS = replace(LAB, epoch_length=2)
GENESIS = make_genesis("monitor")
NAMES = ("ann", "bob", "cat", "dan")
ONE_EACH = dict.fromkeys(NAMES, 1)
EPOCHS = 5


def make_branch(label, epochs=EPOCHS, start=GENESIS):
    """Blocks of so many epochs; `label` makes them another branch's."""
    branch = [start]
    for _ in range(epochs * PARAMS.epoch_length):
        parent = branch[-1]
        branch.append(make_entry(Block(parent.hash, parent.height + 1, parent.height + 1, label, 1), parent))
    return branch


LEFT, RIGHT = make_branch("left"), make_branch("right")


def get_checkpoint(branch, epoch):
    """A branch's checkpoint."""
    return branch[PARAMS.get_checkpoint_height(epoch)]


def make_vote(name, branch, source, target):
    """From one epoch's checkpoint of a branch to another's."""
    return Vote(
        name, get_checkpoint(branch, source).hash, get_checkpoint(branch, target).hash, source, target
    )


def make_monitor(find_sets=None, params=PARAMS):
    """One that has seen both branches."""
    monitor = SafetyMonitor(GENESIS, params, find_sets or use_one_set(ONE_EACH))
    for entry in (*LEFT, *RIGHT):
        monitor.see_block(entry)
    return monitor


def vote(monitor, names, branch, source, target):
    """Each of them votes for one link."""
    for name in names:
        monitor.see_vote(make_vote(name, branch, source, target))


def get_epochs(monitor, which):
    """The epochs of justified or finalised checkpoints."""
    return [entry.height // PARAMS.epoch_length for entry in getattr(monitor, which).values()]


def test_three_of_four_justify_and_their_next_link_finalises():
    """Two of four are too few; a checkpoint is final once its direct child is justified from it."""
    monitor = make_monitor()
    for _ in range(2):  # heard twice, counted once
        vote(monitor, NAMES[:2], LEFT, 0, 1)
    assert [0] == get_epochs(monitor, "justified")
    vote(monitor, NAMES[2:3], LEFT, 0, 1)
    assert ([0, 1], [0]) == (get_epochs(monitor, "justified"), get_epochs(monitor, "finalised"))
    vote(monitor, NAMES[:3], LEFT, 1, 2)

    assert ([0, 1, 2], [0, 1]) == (get_epochs(monitor, "justified"), get_epochs(monitor, "finalised"))
    assert ({}, []) == (monitor.guilty, monitor.conflicts)


def test_a_link_that_skips_an_epoch_justifies_and_finalises_nothing():
    """From 1 to 3: not the direct child."""
    monitor = make_monitor()
    vote(monitor, NAMES, LEFT, 0, 1)
    vote(monitor, NAMES, LEFT, 1, 3)

    assert [0, 1, 3] == get_epochs(monitor, "justified")
    assert [0] == get_epochs(monitor, "finalised")


def test_votes_count_once_their_source_is_justified():
    """In whatever order they come: the link from 1 waits for the link to 1."""
    monitor = make_monitor()
    vote(monitor, NAMES, LEFT, 1, 2)
    assert [0] == get_epochs(monitor, "justified")
    vote(monitor, NAMES, LEFT, 0, 1)

    assert [0, 1, 2] == get_epochs(monitor, "justified")
    assert [0, 1] == get_epochs(monitor, "finalised")


def test_what_is_final_later_may_be_an_ancestor():
    """Links over epoch 1 make 2 final first; then 1 is final, too. No conflict: it is the same branch."""
    monitor = make_monitor()
    for source, target in ((0, 2), (2, 3), (0, 1), (1, 2)):
        vote(monitor, NAMES, LEFT, source, target)

    assert [0, 2, 1] == get_epochs(monitor, "finalised")
    assert [] == monitor.conflicts


def test_two_final_branches_name_the_third_that_did_it():
    """Ann and bob vote left, dan right, cat both: of six units it has three, and four make two thirds."""
    weights = {"ann": 1, "bob": 1, "cat": 3, "dan": 1}
    monitor = make_monitor(use_one_set(weights))
    for source in (0, 1):
        vote(monitor, ("ann", "bob", "cat"), LEFT, source, source + 1)
        vote(monitor, ("dan", "cat"), RIGHT, source, source + 1)
    (conflict,) = monitor.conflicts

    assert (get_checkpoint(LEFT, 1), get_checkpoint(RIGHT, 1)) == (conflict.first, conflict.second)
    assert {"cat": "double"} == {name: guilt.reason for name, guilt in monitor.guilty.items()}
    assert (Account(3, 6), Account(3, 6)) == monitor.get_accounts(conflict)
    assert monitor.get_account(weights).is_a_third
    assert not Account(3, 10).is_a_third


def test_a_surround_vote_is_found_among_old_votes():
    """Cat has voted from 1 to 2; years later it votes from 0 to 4."""
    monitor = make_monitor()
    for source in (0, 1, 2):
        vote(monitor, ("cat",), LEFT, source, source + 1)
    vote(monitor, ("cat",), RIGHT, 0, 4)
    guilt = monitor.guilty["cat"]

    assert ("surround", make_vote("cat", LEFT, 1, 2)) == guilt[:2]
    assert make_vote("cat", RIGHT, 0, 4) == guilt.second


def test_both_sets_of_a_dynasty_must_agree():
    """Stitching: all of the new set and none of the old one justify nothing."""
    sets = Sets(forward={"cat": 1, "dan": 1}, rear={"ann": 1, "bob": 1})
    monitor = make_monitor(lambda target: sets)
    vote(monitor, ("cat", "dan"), LEFT, 0, 1)
    assert [0] == get_epochs(monitor, "justified")
    vote(monitor, ("ann", "bob"), LEFT, 0, 1)

    assert [0, 1] == get_epochs(monitor, "justified")


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"source_height": 1}, "heights"),
        ({"target_height": 2}, "no link"),
        (
            {
                "source": get_checkpoint(RIGHT, 1).hash,
                "source_height": 1,
                "target": get_checkpoint(LEFT, 2).hash,
                "target_height": 2,
            },
            "no link",
        ),
        ({"target_height": 0}, "heights"),
        ({"target": get_checkpoint(LEFT, 2).hash}, "no link"),
        ({"target": bytes(32)}, "no link"),
        ({"target": LEFT[3].hash}, "no link"),
    ],
)
def test_what_is_no_link_does_not_count(broken, rule):
    """Wrong heights, a source on another branch, a block that nobody made, one that is no checkpoint."""
    monitor = make_monitor()
    for name in NAMES:
        monitor.see_vote(replace(make_vote(name, LEFT, 0, 1), **broken))
        monitor.see_vote(replace(make_vote(name, LEFT, 0, 1), **broken))

    assert [0] == get_epochs(monitor, "justified")
    assert [rule] * 4 == list(monitor.refused.values())


def test_votes_that_are_no_links_break_commandments_all_the_same():
    """A vote for a block that nobody has seen is signed, too."""
    monitor = make_monitor()
    monitor.see_vote(make_vote("ann", LEFT, 0, 1))
    monitor.see_vote(replace(make_vote("ann", LEFT, 0, 1), target=bytes(32)))

    assert "double" == monitor.guilty["ann"].reason


def test_a_checkpoint_may_be_the_block_before_its_epoch():
    """EIP-1011's offset: block 3 is the checkpoint of epoch 2, and its child is that of epoch 3."""
    params = replace(PARAMS, checkpoint_offset=-1)
    monitor = make_monitor(params=params)
    heights = [params.get_checkpoint_height(epoch) for epoch in range(4)]
    for source in range(3):
        names = get_ancestor(LEFT[-1], heights[source]), get_ancestor(LEFT[-1], heights[source + 1])
        for name in NAMES:
            monitor.see_vote(Vote(name, names[0].hash, names[1].hash, source, source + 1))

    assert [0, 1, 3, 5] == [entry.height for entry in monitor.justified.values()]
    assert [0, 1, 3] == [entry.height for entry in monitor.finalised.values()]


def make_random_votes():
    """Groups of the four vote on two branches, honest or not."""
    group = st.tuples(
        st.sets(st.sampled_from(NAMES), min_size=1),
        st.sampled_from([LEFT, RIGHT]),
        st.integers(0, 2),
        st.sampled_from([1, 1, 1, 2]),  # epochs that a link spans
    )
    return st.lists(group, max_size=14).map(
        lambda groups: [
            make_vote(name, branch, source, source + span)
            for names, branch, source, span in groups
            for name in sorted(names)
        ]
    )


PARENTS = {
    get_checkpoint(branch, epoch).hash: get_checkpoint(branch, epoch - 1).hash
    for branch in (LEFT, RIGHT)
    for epoch in range(1, EPOCHS + 1)
}


@settings(deadline=None)
@given(make_random_votes(), st.lists(st.integers(1, 4), min_size=4, max_size=4))
def test_the_monitor_is_as_the_slow_model_and_safety_is_accountable(votes, units):
    """Any votes, any weights: equal to `ffg_global`; two final branches cost a third of all deposits."""
    weights = dict(zip(NAMES, units, strict=True))
    monitor = make_monitor(use_one_set(weights))
    for each in votes:
        monitor.see_vote(each)

    assert find_justified(find_links(votes, weights), GENESIS.hash).keys() == monitor.justified.keys()
    assert find_finalised(votes, weights, PARENTS, GENESIS.hash).keys() == monitor.finalised.keys()
    assert find_slashable(votes).keys() == monitor.guilty.keys()
    if monitor.conflicts:
        assert monitor.get_account(weights).is_a_third


@settings(deadline=None)
@given(st.permutations([make_vote(name, LEFT, s, s + 1) for name in NAMES for s in range(3)]))
def test_the_order_of_votes_does_not_matter(votes):
    """The same checkpoints are final; honest votes heard in any order break no commandment."""
    monitor = make_monitor()
    for each in votes:
        monitor.see_vote(each)

    assert [0, 1, 2] == sorted(get_epochs(monitor, "finalised"))
    assert {} == monitor.guilty
