"""Throws mutated messages at the wire code and watches that nothing escapes: `fuzz_messages.py 1000000`.

Starts from the recorded words of a real node. A mutant goes through the stream splitter, most often in a
new and correct envelope, so that its payload is read. Then it must hold that

- nothing was raised;
- a payload that was read is written again as the same bytes (one message has one encoding);
- what is malformed is framed and split again as the same fault;
- no more than one message is kept as rest.

The tests run the same code with fewer mutants. Draws are keyed: a failure names the number that repeats it.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.envelope import HEADER_SIZE, MAX_PAYLOAD
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import (
    COMMANDS,
    Addr,
    AddressV2,
    AddrV2,
    Alert,
    BlockTransactions,
    CheckOrder,
    CompactBlock,
    FeeFilter,
    FilterAdd,
    FilterClear,
    FilterLoad,
    GetBlockTransactions,
    Headers,
    Inv,
    MerkleBlock,
    NetworkAddress,
    Reject,
    Reply,
    SendAddrV2,
    SubmitOrder,
    TimedAddress,
    Transaction,
    WtxidRelay,
    decode,
)
from blockchain_lab.bitcoin.messages_alert import AlertNotice
from blockchain_lab.bitcoin.messages_compact import Prefilled
from blockchain_lab.bitcoin.messages_orders import LinkedTransaction, WalletTransaction
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.partial_merkle import build_partial_tree
from blockchain_lab.bitcoin.tx import OutPoint, TxInput, TxOutput

CAPTURE = Path(__file__).parent.parent / "tests" / "data" / "bcoin_capture.jsonl"
CODEC = BitcoinCodec(MAGIC["regtest"])
TELLING_BYTES = (0x00, 0x01, 0x02, 0x7F, 0x80, 0xFC, 0xFD, 0xFE, 0xFF)  # ends of ranges, CompactSize markers
SPENT = TxInput(OutPoint(b"\x11" * 32, 1), b"")
SPENDING = Transaction(2, (SPENT, SPENT), (TxOutput(5, b"\x51"),), ((b"signature", b"key"), ()), 9)
MOST_PER_LIST = 3  # long lists are cut: their items are all alike, and short messages mutate faster


def load_corpus() -> list[Message]:
    """The recorded messages, lists cut short, and those that bcoin had no reason to send."""
    with CAPTURE.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    recorded = [decode(record["command"], bytes.fromhex(record["payload"])) for record in records]
    host = NetworkAddress(services=9, ip="10.0.0.1", port=8333)
    return [
        *map(shorten, recorded),
        Addr((TimedAddress(1_700_000_000, host), TimedAddress(0, host._replace(ip="2001:db8::1")))),
        Reject("tx", 0x10, "bad-txns-inputs-missingorspent", b"\x22" * 32),
        SPENDING,
        *make_rare_messages(),
    ]


def make_rare_messages() -> list[Message]:
    """Messages that bcoin does not send to a peer like us, and those that nobody sends any more."""
    header, name = NETWORKS["regtest"].genesis.header, b"\x33" * 32
    hosts = [(1, b"\x0a\0\0\1"), (4, name), (6, b"\xfc" + bytes(15)), (99, b"new")]
    tree = build_partial_tree([name, b"\x44" * 32, b"\x55" * 32], [False, True, False])
    notice = AlertNotice(1, 9, 9, 7, 6, (3, 4), 0, 70012, ("/Satoshi:0.9.0/",), 5, "", "URGENT: upgrade", "")
    linked = LinkedTransaction(Transaction(1, (), (SPENDING.outputs[0],)), name, (name,), -1)
    order = WalletTransaction(linked, (linked,), (("to", "10.0.0.1"),), (), 1, 1_231_731_025, 1, 0)
    return [
        *(WtxidRelay(), SendAddrV2(), FilterClear(), FeeFilter(1_000), FilterAdd(name)),
        AddrV2(tuple(AddressV2(1_700_000_000, 1 << 40, *host, 8333) for host in hosts)),
        CompactBlock(header, 7, (1, 2, 3), (Prefilled(0, SPENDING), Prefilled(3, SPENDING))),
        GetBlockTransactions(name, (1, 2, 300)),
        BlockTransactions(name, (SPENDING,)),
        FilterLoad(b"\x0f\xf0", 11, 1 << 31, 1),
        MerkleBlock(header, tree),
        Alert(notice.encode(), b"signature"),
        *(CheckOrder(name, order), SubmitOrder(name, order), Reply(name, 0, b"\x51")),
    ]


def shorten(message: Message) -> Message:
    """The same with at most three items."""
    if isinstance(message, Headers):
        return Headers(message.headers[:MOST_PER_LIST])
    return Inv(message.items[:MOST_PER_LIST]) if isinstance(message, Inv) else message


def mutate(random: CounterRandom, data: bytes, others: Sequence[bytes]) -> bytes:
    """One change, of six kinds."""
    start = random.below(len(data) + 1)
    end = min(len(data), start + 1 + random.below(9))
    old = data[start:end]
    kind = random.below(6)
    if kind == 0:  # flip one bit
        new = bytes([old[0] ^ 1 << random.below(8)]) + old[1:] if old else b"\x00"
    elif kind == 1:  # one byte from the ends of ranges
        new = bytes([random.choice(TELLING_BYTES)]) + old[1:]
    elif kind == 2:  # leave some out
        new = b""
    elif kind == 3:  # put some in, meaningless
        new = old + random.bits().to_bytes(8, "little")[: 1 + random.below(8)]
    elif kind == 4:  # say some twice
        new = old + old
    else:  # go on as another message does
        return data[:start] + random.choice(others)[start:]
    return data[:start] + new + data[end:]


def make_mutant(random: CounterRandom, corpus: Sequence[Message]) -> bytes:
    """A stream with one mutated message: seven of eight in a correct envelope, under a known command."""
    message = random.choice(corpus)
    others = [other.encoding for other in corpus]
    if random.below(8) == 0:
        return mutate(random, CODEC.frame(message), others)
    payload = message.encoding
    for _ in range(1 + random.below(3)):
        payload = mutate(random, payload, others)
    command = random.choice(sorted(COMMANDS)) if random.below(8) == 0 else message.wire_name
    return CODEC.frame(Unknown(command, payload))


def check_mutant(stream: bytes) -> list[str]:
    """What became of it, one word per message. AssertionError, or whatever escaped."""
    messages, rest = CODEC.split(stream)
    outcomes = []
    for message in messages:
        framed = CODEC.frame(message)
        if isinstance(message, Malformed):
            assert CODEC.split(framed) == ([message], b""), "another fault on the next hop"
            outcomes.append("fatal" if message.fatal else "malformed")
        else:
            assert framed in stream, "read, but written otherwise"
            outcomes.append("unknown" if isinstance(message, Unknown) else "read")
    assert len(rest) < HEADER_SIZE + MAX_PAYLOAD
    return outcomes or ["unfinished"]


def fuzz(count: int, seed: int = 0) -> Counter[str]:
    """So many mutants; how many came to what. RuntimeError that names the first bad one."""
    corpus = load_corpus()
    outcomes: Counter[str] = Counter()
    for number in range(count):
        stream = make_mutant(CounterRandom(get_key("fuzz", seed, number)), corpus)
        try:
            outcomes.update(check_mutant(stream))
        except Exception as fault:
            raise RuntimeError(f"mutant {number} of seed {seed}: {stream.hex()}") from fault
    return outcomes


def main() -> None:
    """Run and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, nargs="?", default=1_000_000, help="number of mutants")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    start = perf_counter()
    outcomes = fuzz(arguments.count, arguments.seed)
    seconds = perf_counter() - start

    print(f"{arguments.count:,} mutants in {seconds:.0f} s, seed {arguments.seed}: nothing escaped")
    for outcome, times in outcomes.most_common():
        print(f"{outcome:>12} {times:>10,}")


if __name__ == "__main__":
    main()
