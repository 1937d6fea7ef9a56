"""What this machine's counters show: a source of readings for metrics, for nodes on real networks only.

It needs psutil (`pip install blockchain-lab[metrics]`), which is imported when somebody asks and not before.
Where a machine keeps no counters of a kind, as some containers, they stay 0.

Pyrsia adds up what each process has read and written since it began. Such a sum goes back whenever a process
ends, so it has no rate; here it is what the disks have moved since the machine was switched on. Pyrsia's
sum is there to be looked at, as `read_as_pyrsia`.
"""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds
from blockchain_lab.overlay.metric import THOUSAND, Reading


class MachineSource:
    """Reads this machine: an `overlay.metric_sources.Source`."""

    def __init__(self) -> None:
        """UsageError without psutil."""
        try:
            self._psutil = import_module("psutil")  # only who asks for real counters needs it
        except ImportError:
            missing = "this machine's counters need psutil: pip install blockchain-lab[metrics]"
            raise UsageError(missing) from None

    def read(self, now: Microseconds) -> Reading:
        """What the counters show at this moment, which the caller knows."""
        load, _, _ = self._psutil.getloadavg()
        net, disk = self._psutil.net_io_counters(), self._psutil.disk_io_counters()
        return Reading(
            at=now,
            load=round(load * THOUSAND),
            cores=self._psutil.cpu_count() or 1,
            sent=net.bytes_sent if net else 0,
            received=net.bytes_recv if net else 0,
            read=disk.read_bytes if disk else 0,
            written=disk.write_bytes if disk else 0,
        )

    def read_as_pyrsia(self, now: Microseconds) -> Reading:
        """The same with Pyrsia's disk: all processes' bytes, each since it began; of those we may look at."""
        counters = list(self._get_process_counters())
        read, written = (
            sum(getattr(each, name) for each in counters) for name in ("read_bytes", "write_bytes")
        )
        return replace(self.read(now), read=read, written=written)

    def _get_process_counters(self) -> Iterator[Any]:
        if not hasattr(self._psutil.Process, "io_counters"):  # macOS
            return
        for process in self._psutil.process_iter(["io_counters"]):
            if process.info["io_counters"] is not None:
                yield process.info["io_counters"]
