"""What may be asked of a peer of the layers, beside `base.actions`: plain data, saved under the class's name.

Each topic enters its commands in `LAYER_COMMANDS`; `sim.actions` takes them all.
"""

from typing import Final

from blockchain_lab.base.actions import Command

LAYER_COMMANDS: Final[tuple[type[Command], ...]] = ()
