"""Stories of gossip: a rumour dies and one lives, whole news and names, a tree mended, sets compared."""

from collections import Counter
from itertools import product

from support.story_runs import count_bytes, messages, notes, read, timed_notes

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.measures_gossip import compute_coverage, find_learning, get_curve
from blockchain_lab.overlay.theory_gossip import count_flood_messages


def get_items(lab: Lab) -> list[str]:
    """The items of a story, in the order of their publication."""
    return list(find_learning(lab.trace))


def count_sent(lab: Lab, start: int, end: int) -> Counter[str]:
    """Messages sent in a span of seconds, by command."""
    return Counter(
        record.detail.wire_name
        for record in lab.trace
        if record.kind == Kind.SEND and start * SECOND <= record.at < end * SECOND
    )


def test_a_rumour_told_to_one_dies_and_told_to_four_lives() -> None:
    """40 peers. Not half of them hear of the dog; of the cat, told to four each, nearly all, and sooner."""
    lab = read("rumours")
    dog, cat = get_items(lab)
    learning = find_learning(lab.trace)

    assert compute_coverage(learning, dog, 40) < 0.5
    assert compute_coverage(learning, cat, 40) > 0.9
    assert get_curve(learning, cat)[14][0] < get_curve(learning, dog)[-1][0]
    assert {"rumour": len(learning[dog])} == count_sent(lab, 0, 12), "everybody who heard told one"
    assert {"rumour": 4 * len(learning[cat])} == count_sent(lab, 12, 20)


def test_names_cost_a_quarter_of_whole_news() -> None:
    """Two equal networks of ten, 30 lines each, three items: on the left 2m - (n - 1) copies of each."""
    lab = read("flood_or_names")
    pairs = product(lab.names[:10], repeat=2)
    left = sum(message.size for pair in pairs for message in messages(lab, *pair))
    sizes = count_bytes(lab, 0, lab.scenario.until)
    right = sizes.total() - left
    learning = find_learning(lab.trace)

    assert left == sizes["rumour"]
    assert 3 * count_flood_messages(10, 30) == count_sent(lab, 0, 12)["rumour"]
    assert 0.2 < right / left < 0.3
    assert {20} == {len(learned) for learned in learning.values()}
    for learned in learning.values():
        times = [[at for peer, at in learned.items() if (peer < 10) == is_left] for is_left in (True, False)]
        assert len(times[0]) == len(times[1]) == 10


def test_a_tree_that_has_lost_a_branch_is_mended_by_names() -> None:
    """Joe dies in silence; two have their news from him. A name comes without its item, so they graft."""
    lab = read("plumtree")
    first, second, third, fourth = (count_sent(lab, *span) for span in ((2, 5), (5, 8), (9, 14), (14, 18)))
    learning = find_learning(lab.trace)
    fed_by_joe = [
        name for name in lab.names if any(m.wire_name == "rumour" for m in get_late(lab, "joe", name))
    ]

    assert count_flood_messages(14, 28) == first["rumour"], "28 lines, all of them eager at first"
    assert (13, 0) == (second["rumour"], second["prune"] + second["graft"])
    assert len(fed_by_joe) == 2
    assert 0 < third["graft"] <= 2 + third["prune"]
    assert 0 == fourth["graft"] + fourth["prune"]
    assert [14, 14, 13, 13] == [len(learned) for learned in learning.values()]
    slow = [
        at
        for name in fed_by_joe
        for at, note in timed_notes(lab, name, "item learned")
        if note["text"] == "three"
    ]
    assert max(slow) > 9 * SECOND + lab.scenario.policy["patience"]
    last = [
        at
        for name in fed_by_joe
        for at, note in timed_notes(lab, name, "item learned")
        if note["text"] == "four"
    ]
    assert max(last) < 14 * SECOND + lab.scenario.policy["patience"]


def get_late(lab: Lab, sender: str, receiver: str) -> list:
    """What one said to another after the tree had grown and before the death."""
    pair = lab.names.index(sender), lab.names.index(receiver)
    return [
        record.detail
        for record in lab.trace
        if record.kind == Kind.SEND
        and (record.peer, record.other) == pair
        and 5 * SECOND <= record.at < 8 * SECOND
    ]


def test_sets_are_compared_and_everybody_hears_everything() -> None:
    """Each new name goes to one neighbour at once; who else lacks it, sketches of a few cells show."""
    lab = read("erlay")
    learning = find_learning(lab.trace)
    compared = [note for name in lab.names for note in notes(lab, name, "sets compared")]
    told = count_sent(lab, 0, 24)

    assert [14] * 10 == [len(learned) for learned in learning.values()]
    assert 100 < len(compared) == told["differ"]
    assert max(note["differing"] for note in compared) <= 4
    lines = len(lab.scenario.topology.edges)
    assert told["have"] < 0.6 * 10 * lines, "flooding their names takes one or two for each line and item"
    assert 10 * 13 == told["item"]


def test_with_three_friends_each_a_network_of_eighty_hears_everything() -> None:
    """Each opens three lines, 240 in all; both news reach everybody, in 2m - (n - 1) messages each."""
    lab = read("how_many_friends")
    learning = find_learning(lab.trace)

    assert [80, 80] == [len(learned) for learned in learning.values()]
    assert {"rumour": 2 * count_flood_messages(80, 240)} == count_sent(lab, 2, 10)
    assert {3} == {
        sum(not line.inbound for line in lab.peer(name).ground.lines.values()) for name in lab.names
    }
