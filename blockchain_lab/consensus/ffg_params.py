"""The numbers and the choices of a chain that Casper FFG finalises, and the presets that sources give.

    paper                    Buterin, Griffith, "Casper the Friendly Finality Gadget", arXiv 1710.09437v4
    eip1011                  EIP-1011, "Hybrid Casper FFG" (2018): what Ethereum meant to run
    contract-tests           the settings of the Casper contract's own tests (ethereum/casper, conftest.py)
    lab                      short epochs for a screen; the rules of the paper
    as-the-blog-words-it     for drawing only: see `ffg_misreadings`

Amounts are units, a coin so many of them as `rewards.coin` says. Delays of membership are dynasties, those of
withdrawal epochs, a warm-up blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Final

from blockchain_lab.base.choices import check_keys, read_flag, read_number, read_word
from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.penalties import POLICIES
from blockchain_lab.consensus.rewards import LEAKS, RewardRules
from blockchain_lab.consensus.slashing import RULE_SETS, RuleSet

GWEI: Final = 10**9  # units that make one ETH in the presets of Ethereum
SILENT: Final = RewardRules(base_interest=0, base_penalty=0, leak="none")  # the paper gives no numbers


@dataclass(frozen=True, slots=True)
class Params:
    """What all peers of a chain must agree on."""

    name: str
    epoch_length: int  # blocks, the same for all epochs
    checkpoint_offset: int = 0  # 0: block e * length is the checkpoint of epoch e; -1: the block before it
    minimum_deposit: int = 1  # units
    join_delay: int = 2  # dynasties from the deposit's to the first one of membership
    exit_delay: int = 2  # dynasties from the request to the end dynasty
    withdrawal_delay: int = 8  # epochs
    withdrawal_after: int = 0  # the delay counts from the start of the end dynasty, or of so many later
    may_return: bool = False  # may a name deposit again, once it has its money back?
    dynasty_begins: str = "block"  # behind the block that finalises, or at the next "epoch" only
    stitching: bool = True  # does a link need two thirds of the rear set, too?
    rules: RuleSet = "paper"  # of `slashing`
    slashing: str = "full"  # of `penalties`
    rewards: RewardRules = field(default=SILENT)
    deposit_floor: int = 0  # units in both sets below which a fork choice ignores a checkpoint
    warm_up: int = 0  # blocks in which no vote counts
    is_drawn_only: bool = False  # a picture, not rules

    def __post_init__(self) -> None:
        if (
            self.epoch_length < 2
            or self.checkpoint_offset not in (0, -1)
            or self.withdrawal_after not in (0, 1)
        ):
            found = (self.epoch_length, self.checkpoint_offset, self.withdrawal_after)
            raise UsageError(
                f"epoch_length, checkpoint_offset, withdrawal_after: found {found}, "
                "wanted 2 or more, 0 or -1, 0 or 1"
            )

    def get_epoch(self, height: int) -> int:
        """The number of the epoch that a block of this height belongs to."""
        return height // self.epoch_length

    def get_checkpoint_height(self, epoch: int) -> int:
        """Which block of a branch is the checkpoint of this epoch. The genesis is that of epoch 0."""
        return max(0, epoch * self.epoch_length + self.checkpoint_offset)

    @property
    def vote_depth(self) -> int:
        """Blocks above a checkpoint before an honest validator votes for it: a quarter of an epoch.

        L/4 in ethereum/casper, VALIDATOR_GUIDE.md; rounded up.
        """
        return -(-self.epoch_length // 4)


PRESETS: Final[Mapping[str, Params]] = MappingProxyType(
    {
        "paper": Params(
            name="paper",
            epoch_length=100,  # blocks: "every 100th"
            withdrawal_delay=7_500,  # epochs: "four months" of blocks every 14 s
        ),
        "eip1011": Params(
            name="eip1011",
            epoch_length=50,  # EPOCH_LENGTH
            checkpoint_offset=-1,  # "the last block of the previous epoch"
            minimum_deposit=1_500 * GWEI,  # MIN_DEPOSIT_SIZE
            exit_delay=700,  # DYNASTY_LOGOUT_DELAY
            withdrawal_delay=15_000,  # WITHDRAWAL_DELAY, epochs
            withdrawal_after=1,  # contract, `withdraw`: dynasty_start_epoch[end_dynasty + 1]
            may_return=True,  # contract, `delete_validator`
            dynasty_begins="epoch",  # contract, `increment_dynasty`
            rules="contract",
            slashing="proportional3",
            rewards=RewardRules(base_interest=7_000_000, base_penalty=200, coin=GWEI),  # BIF 7e-3, BPF 2e-7
            deposit_floor=GWEI,  # NON_REVERT_MIN_DEPOSIT is the client's choice; pyethereum took 1 ETH
            warm_up=180_000,  # WARM_UP_PERIOD, blocks
        ),
        "contract-tests": Params(
            name="contract-tests",
            epoch_length=10,
            checkpoint_offset=-1,
            minimum_deposit=1_000 * GWEI,
            exit_delay=5,
            withdrawal_delay=8,
            withdrawal_after=1,
            may_return=True,
            dynasty_begins="epoch",
            rules="contract",
            slashing="proportional3",
            rewards=RewardRules(base_interest=20_000_000, base_penalty=2_000_000, coin=GWEI),
            warm_up=20,
        ),
        "lab": Params(
            name="lab",
            epoch_length=5,
            rewards=RewardRules(base_interest=20_000_000, base_penalty=2_000_000),  # as the contract's tests
        ),
        "as-the-blog-words-it": Params(
            name="as-the-blog-words-it", epoch_length=5, minimum_deposit=32, is_drawn_only=True
        ),
    }
)
LAB: Final = PRESETS["lab"]
NUMBERS: Final = {  # what a scenario may set: the least value
    "epoch_length": 2,
    "minimum_deposit": 1,
    "join_delay": 2,  # the next set must be chosen one dynasty ahead (Hirai 2017): less is not safe
    "exit_delay": 2,
    "withdrawal_delay": 0,
    "deposit_floor": 0,
    "warm_up": 0,
}
REWARDS: Final = ("base_interest", "base_penalty", "coin", "leak")
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "dynasty_begins": ("block", "epoch"),
    "rules": RULE_SETS,
    "slashing": POLICIES,
}
FLAGS: Final = ("stitching", "may_return")


def read_params(plain: Mapping[str, Any]) -> Params:
    """From a scenario: {"preset": "lab", "epoch_length": 10, "leak": "none"}. UsageError."""
    check_keys(plain, ("preset", "checkpoint_offset", "withdrawal_after", *NUMBERS, *WORDS, *FLAGS, *REWARDS))
    preset = PRESETS[read_word(plain, "preset", tuple(PRESETS), "lab")]
    defaults = {each.name: getattr(preset, each.name) for each in fields(preset)}
    changes: dict[str, Any] = {
        key: read_number(plain, key, defaults[key], least=least) for key, least in NUMBERS.items()
    }
    changes |= {key: read_word(plain, key, words, defaults[key]) for key, words in WORDS.items()}
    changes |= {key: read_flag(plain, key, default=defaults[key]) for key in FLAGS}
    for key, least in (("checkpoint_offset", -1), ("withdrawal_after", 0)):
        changes[key] = read_number(plain, key, defaults[key], least=least, most=least + 1)
    return replace(preset, **changes, rewards=read_rewards(plain, preset.rewards))


def read_rewards(plain: Mapping[str, Any], default: RewardRules) -> RewardRules:
    """The part of `read_params` that `rewards` needs. UsageError."""
    return RewardRules(
        base_interest=read_number(plain, "base_interest", default.base_interest, least=0),
        base_penalty=read_number(plain, "base_penalty", default.base_penalty, least=0, most=10**9 - 1),
        coin=read_number(plain, "coin", default.coin, least=1),
        leak=read_word(plain, "leak", LEAKS, default.leak),
    )
