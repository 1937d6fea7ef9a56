"""Values, providers and buckets in small networks over hours and days, on the light pump."""

from support.datagram_pump import Pump
from support.kademlia_nets import ask, grow, name_of

from blockchain_lab.base.actions import FindProviders, GetValue, LookUp, Provide, PutValue
from blockchain_lab.base.units import HOUR, SECOND
from blockchain_lab.overlay.kademlia_ids import hash_to_id, id_to_hex, read_target
from blockchain_lab.overlay.kademlia_node import KademliaNode

DAY = 24 * HOUR


def find_keepers(pump: Pump, key: int) -> set[str]:
    """Who keeps a value and is alive."""
    alive = [name for name in pump.nodes if name not in pump.dead]
    return {name for name in alive if key in pump.nodes[name].keeping.storage.values}


def test_a_value_is_found_by_all_and_cached_on_the_way() -> None:
    """60 nodes, k = 4: four keep it, then one more, the closest who had been asked in vain."""
    pump = grow(60, k=4)
    put = ask(pump, PutValue("n3", "song", "la la"))
    pump.run(pump.now + SECOND)
    key = read_target("song")
    keepers = find_keepers(pump, key)
    closest = sorted(pump.nodes, key=lambda name: pump.nodes[name].own.id ^ key)[:4]
    assert [set(closest), "publish"] == [keepers, put["purpose"]]

    for name in ("n7", "n21", "n50"):
        assert "la la" == ask(pump, GetValue(name, "song"))["value"]
    pump.run(pump.now + SECOND)
    more = find_keepers(pump, key) - keepers
    assert 1 <= len(more) <= 3
    lives = {name: pump.nodes[name].keeping.storage.values[key].expires_at for name in (*closest, *more)}
    assert all(lives[name] < lives[closest[0]] for name in more), "a copy far from its key does not live long"


def test_nobody_finds_what_nobody_has_stored() -> None:
    """The lookup ends all the same."""
    facts = ask(grow(30, k=4), GetValue("n3", "nothing"))

    assert [None, None] == [facts["value"], facts["holder"]]
    assert 4 == len(facts["closest"])


def test_providers_are_found() -> None:
    """Two have the file, and say so."""
    pump = grow(40, k=5)
    for name in ("n4", "n9"):
        ask(pump, Provide(name, "file"))
    facts = ask(pump, FindProviders("n30", "file"))

    found = {each["id"] for each in facts["providers"]}
    assert {id_to_hex(hash_to_id(name)) for name in ("n4", "n9")} == found


def test_a_newcomer_closer_to_a_key_is_given_its_value() -> None:
    """By the closest of those who keep it; it has not asked for anything (§2.5)."""
    pump, key = grow(30, k=4), read_target("song")
    ask(pump, PutValue("n3", "song", "la"))
    pump.run(pump.now + SECOND)
    pump.add("late", KademliaNode, {"k": 4, "bootstrap": ["n1"], "id": id_to_hex(key ^ 1)})
    pump.start("late")
    pump.run(pump.now + 5 * SECOND)

    assert b"la" == pump.nodes["late"].keeping.storage.values[key].value


def test_replication_keeps_a_value_alive_while_its_keepers_leave() -> None:
    """Every two hours one of the four keepers goes; after twelve none of the first ones is left."""
    pump, key = grow(40, k=4, stale_after=1, caches=False, refresh_after=9 * DAY), read_target("song")
    ask(pump, PutValue("n3", "song", "la"))
    pump.run(pump.now + SECOND)
    first = find_keepers(pump, key)
    pump.kill(["n3"])
    for leaving in sorted(first):
        pump.kill([leaving])
        pump.run(pump.now + 2 * HOUR)

    asker = next(name for name in pump.nodes if name not in pump.dead)
    assert "la" == ask(pump, GetValue(asker, "song"))["value"]
    pump.run(pump.now + DAY)
    assert not any(
        key in pump.nodes[name].keeping.storage.values for name in pump.nodes if name not in pump.dead
    )


def test_its_owner_publishes_a_value_again_every_day() -> None:
    """So it outlives the day that its copies live."""
    pump, key = grow(20, k=4, refresh_after=9 * DAY), read_target("song")
    ask(pump, PutValue("n3", "song", "la"))
    pump.run(pump.now + 2 * DAY + HOUR)

    assert "la" == ask(pump, GetValue("n11", "song"))["value"]
    kept = [
        node.keeping.storage.values[key] for node in pump.nodes.values() if key in node.keeping.storage.values
    ]
    assert max(value.published_at for value in kept) > 2 * DAY


def test_idle_buckets_are_refreshed_every_hour_and_busy_ones_are_not() -> None:
    """After an hour in which nothing is looked up, each node looks something up in each of its buckets."""
    pump = grow(30, k=4)
    pump.notes = {"n5": []}
    pump.run(pump.now + HOUR + SECOND)
    refreshed = [
        f for topic, f in pump.notes["n5"] if topic == "lookup started" and f["purpose"] == "refresh"
    ]

    assert len(pump.nodes["n5"].table.buckets) == len(refreshed)
    assert all(pump.now - bucket.touched_at <= HOUR for bucket in pump.nodes["n5"].table.buckets)


def test_who_joins_late_is_known_and_found() -> None:
    """The last of forty is the result of everybody's lookup for it."""
    pump = grow(40, k=8)
    last = pump.nodes[name_of(39)].own.id

    assert all(
        ask(pump, LookUp(name_of(number), id_to_hex(last)))["closest"][0] == id_to_hex(last)
        for number in range(39)
    )
