"""The network at the cursor as one HTML file, made by pyvis: to be zoomed, dragged, put on any web page.

From pyvis come the graph, its options and vis-network. Its own template fetches a stylesheet even when all is
to be in line, so the page is ours: one script by its digest, and a policy that forbids every request.
"""

import base64
import hashlib
import html
import importlib.resources
import json
from collections.abc import Iterable, Mapping
from string import Template
from typing import Any, Final

from blockchain_lab.base.units import SECOND
from blockchain_lab_widgets import assets
from blockchain_lab_widgets.elsewhere import describe_state, name_block
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.looks import EDGE, FULL, INK, PAPER, get_shapes
from blockchain_lab_widgets.moment import Moment, get_moment
from blockchain_lab_widgets.packing import Packer
from blockchain_lab_widgets.picture import get_colours
from blockchain_lab_widgets.player import to_inline_json

PAGE: Final = importlib.resources.files("blockchain_lab_widgets") / "graph.html"
POLICY: Final = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
SCRIPT: Final = """
const data = JSON.parse(document.getElementById("data").text);
const { nodes, edges, options } = data;
const graph = new vis.Network(document.getElementById("graph"), { nodes, edges }, options);
graph.once("afterDrawing", () => graph.fit());
"""
OPTIONS: Final[Mapping[str, Any]] = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "keyboard": {"enabled": True}, "tooltipDelay": 100},
    "edges": {"smooth": False, "color": {"color": EDGE, "inherit": False}, "width": 1.5},
    "nodes": {
        "font": {"size": 14, "color": INK, "strokeWidth": 5, "strokeColor": PAPER},
        "size": 14,
        "borderWidth": 1.5,
    },
}
SPREAD: Final = 2  # the layout's unit is meant for a view half as large

Link = tuple[int, int]


def make_graph_page(lab: Any, links: Iterable[Link]) -> str:
    """The page. `links`: the host numbers of who is connected with whom at the cursor. O(records)."""
    head = get_head(lab)
    packer = Packer(lab.codec)
    packer.follow(lab.trace)
    moment = get_moment(packer, head, lab.trace.end_of(lab.cursor))
    where = f"event {lab.cursor:,} of {lab.head:,}, {lab.now / SECOND:.3f} s"
    nodes, edges, options = make_graph(head, moment, links)
    script = assets.get_vis().replace("export default vis;", SCRIPT)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Template(PAGE.read_text("utf-8")).substitute(
        policy=POLICY.format(digest=digest),
        title=html.escape(head["title"]),
        about=html.escape(describe_state(head, moment, where)),
        data=to_inline_json({"nodes": nodes, "edges": edges, "options": options}),
        script=script,
    )


def make_graph(head: Mapping[str, Any], moment: Moment, links: Iterable[Link]) -> tuple[Any, Any, Any]:
    """Nodes, edges and options, as pyvis makes them. Fill = tip, shape = role, dashes = off."""
    from pyvis.network import Network  # noqa: PLC0415  (0.3 s, and not always wanted)

    graph = Network()
    graph.set_options(json.dumps(OPTIONS))
    colours, shapes = get_colours(moment), get_shapes(head["roles"])
    degrees = [0] * len(head["peers"])
    pairs = list(links)
    for one, other in pairs:
        degrees[one] += 1
        degrees[other] += 1
    for host, (name, role) in enumerate(zip(head["peers"], head["roles"], strict=True)):
        tip, is_on = moment.tips[host], moment.is_on[host]
        block = name_block(moment, tip) if is_on else "off"
        told = [name, role, block, f"connected to {degrees[host]:,}"]
        x, y = head["layout"][host]
        graph.add_node(
            host,
            label=f"{name}\n{block}".strip(),
            title="\n".join(filter(None, told)),
            x=x * SPREAD,
            y=y * SPREAD,
            shape=shapes[role],
            color={"background": colours.get(tip, FULL) if is_on else PAPER, "border": EDGE},
            shapeProperties={"borderDashes": False if is_on else [4, 3]},
        )
    for one, other in pairs:
        graph.add_edge(one, other)
    nodes, edges, _, _, _, options = graph.get_network_data()
    return nodes, edges, json.loads(options) if isinstance(options, str) else options
