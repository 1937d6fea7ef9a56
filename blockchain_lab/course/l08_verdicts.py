"""Lesson 8, its last four questions: whom one must believe, what the attack lived on, and who uses which.

The lecture's seven properties are measured in `l08_table`, the others' answers found in `l08_trust`.
"""

from blockchain_lab.course import l08_table as table
from blockchain_lab.course import l08_trust as trust
from blockchain_lab.course.questions import Choice, Mistake
from blockchain_lab.course.sorting import Sorting

TRUSTLESS = Choice(
    id="L08.q10",
    title="What a liar cannot forge",
    prompt="A fifth of the peers lie. Which answer can the one who asked check for itself?",
    options={
        "a": "the value of the key hash(“song”)",
        "b": "the value whose own hash is the key",
        "c": "the peers that somebody says are closest to the key",
        "d": "none: somebody has to be trusted",
    },
    passes="the letter of what can be checked without trusting anybody.",
    hints=(
        "What does who asks already have in its hands? The key.",
        "From a value it can compute the value's hash. When does that help?",
        "If the key is the hash of the value itself, a forged value has another hash.",
    ),
    because="What is named by its own hash proves itself. So Bitcoin asks for blocks by their hash.",
    solution="{answer}. A name proves nothing about what is stored under it.",
    answer=trust.find_what_proves_itself,
    again=trust.forge_each,
    mistakes=(
        Mistake(
            "a", "The name is hashed, not the value: any value could lie under it, and none can be checked."
        ),
        Mistake("c", "They may all be the liar's friends. Nothing in the list says that nobody is closer."),
        Mistake("d", "One of these comes with its own proof: compare what you got with what you asked for."),
    ),
)

IDENTITY = Choice(
    id="L08.q11",
    title="What the attack lived on",
    prompt="Three peers owned a key in your run. What did the attack need most?",
    options={
        "a": "many peers, wherever they are",
        "b": "ids of one's own choice",
        "c": "fast lines",
        "d": "the consent of the others",
    },
    passes="the letter of what made the difference between the three that work and three that do not.",
    hints=(
        "Three others of the nine did nothing at all. What is different about them?",
        "What if an id had to be the hash of the peer's address?",
        "Then one address in seventeen would be close enough, by luck: the ids would no longer be chosen.",
    ),
    because="Ids that can be chosen put an attacker where it wants to be. BEP 42 ties them to addresses.",
    solution="{answer}. With ids that are hashes of addresses three of them take some fifty addresses.",
    answer=trust.find_what_attack_needs,
    again=trust.reckon_what_attack_needs,
    mistakes=(
        Mistake("a", "Three were enough, and three others were not: their number did not decide."),
        Mistake("c", "All nine have the same lines. Their ids differ."),
        Mistake("d", "Nobody asked for consent: anybody may join."),
    ),
)

PROPERTIES = Sorting(
    id="L08.q12",
    title="The lecture's seven properties",
    prompt="Who has more of each property: the hash table, the random graph, or both alike?",
    items=tuple(table.get_better(0)),
    groups={
        "table": "the hash table has more of it",
        "graph": "the random graph has more of it",
        "both": "both alike, as far as we can say",
    },
    passes="all seven as your own table shows them; where it has no number, both are alike.",
    hints=(
        "The star in your table marks the better one. No star: both alike.",
        "Minimal overhead and scalable are about messages: fewer is better.",
        "Robust: who still found the song with three bought? Serendipity: who noticed a search at all?",
    ),
    because="There is no best overlay. What finds cheaply is easily surrounded; what reaches all costs all.",
    solution="As measured: {answer}.",
    answer=table.get_better,
    again=table.measure_better,
    mistakes=(
        Mistake(
            ("open join and leave", "table"), "One known peer was enough in both: the last to join found it."
        ),
        Mistake(("minimal overhead", "graph"), "A flood needs hundreds of messages for one search."),
        Mistake(
            ("robust to attacks and failures", "table"), "Three bought peers made the song vanish there."
        ),
        Mistake(("scalable", "graph"), "Four times the peers cost a flood four times the messages."),
        Mistake(("serendipity", "table"), "In a hash table only a handful ever notice what you look for."),
        Mistake(
            ("trustless", "table"),
            "A value under a name can be forged there. What has its own hash, nowhere.",
        ),
        Mistake(("permissionless", "graph"), "Nobody is asked in a hash table either."),
    ),
)

SYSTEMS = Sorting(
    id="L08.q13",
    title="Who uses which",
    prompt="How does each of these systems find peers, files or news: hash table, random graph, or centre?",
    items=tuple(trust.SYSTEMS),
    groups={
        "table": "structured: ids decide who keeps what",
        "graph": "unstructured: neighbours at random pass everything on",
        "centre": "one place knows all",
    },
    passes="all of them as in the table of sources below the question.",
    hints=(
        "Names help: DHT stands for distributed hash table.",
        "Does everybody hear of everything? A random graph. Is there one company's server? A centre.",
        "Two of them use Kademlia without saying so in their name: IPFS, and Ethereum's search for peers.",
    ),
    because="What few want, tables find. What all want, as in Bitcoin, graphs bring to all.",
    solution="From the systems' own documents: {answer}.",
    answer=trust.get_systems,
    again=trust.read_systems,
    mistakes=(
        Mistake(
            ("Bitcoin", "table"), "Every node wants every block: nobody looks one up by who is closest to it."
        ),
        Mistake(
            ("Gnutella 0.4", "centre"), "It was the answer to a centre that was switched off: see lesson 1."
        ),
        Mistake(
            ("Napster", "graph"), "Files went from peer to peer, but one company's server knew who had them."
        ),
        Mistake(("BitTorrent's DHT", "graph"), "BEP 5 is Kademlia: ids decide who keeps a torrent's peers."),
        Mistake(
            ("Ethereum, finding peers", "graph"), "Its discovery protocol keeps k-buckets as Kademlia does."
        ),
    ),
)
