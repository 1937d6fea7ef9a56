"""What this machine's counters show: a source of readings for metrics, for nodes on real networks only.

It needs psutil (`pip install blockchain-lab[metrics]`), which is imported when somebody asks and not before.
Where a machine keeps no counters of a kind, as some containers, they stay 0.

Pyrsia adds up what each process has read and written since it began. Such a sum goes back whenever a process
ends, so it has no rate; here it is what the disks have moved since the machine was switched on.
"""

from importlib import import_module

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
