"""What a page's folds hold at some events of a lab: node runs the views' own modules on its packed trace."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blockchain_lab_widgets.head import get_head, get_latency_of
from blockchain_lab_widgets.packing import Packer

from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import get_codec
from support.repository import ROOT
from support.required import require

NODE = shutil.which("node")
FOLDS = ROOT / "tests" / "widgets" / "fold_states.mjs"


def fold_at(lab: Lab, events: list[int], folder: Path, ips: Sequence[str] = (), program: Path = FOLDS) -> Any:
    """For each event, what the page's folds hold: of every peer, of the links between them, of these IPs.

    program: another module beside `fold_states.mjs` that answers the same question for other views.
    """
    require(NODE, "install node (Debian: nodejs) to test the views' modules")
    packer = Packer(get_codec(lab.scenario), get_latency_of(lab))
    packer.follow(lab.trace)
    (folder / "columns.bin").write_bytes(packer.pack(0, 0))
    chunks, start = [], 0
    while start < len(packer.messages):
        count, chunk = packer.messages.pack_chunk(start)
        file = folder / f"messages-{start}.bin"
        file.write_bytes(chunk)
        chunks.append({"from": start, "file": str(file)})
        start += count
    batch = {"epoch": 0, "cut": 0, "from": 0, "count": len(packer), "factsFrom": 0}
    questions = {"head": batch | get_head(lab), "events": events, "chunks": chunks, "ips": list(ips)}
    (folder / "questions.json").write_text(json.dumps(questions), "utf-8")
    command = [str(NODE), str(program), str(folder / "questions.json"), str(folder / "columns.bin")]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)
