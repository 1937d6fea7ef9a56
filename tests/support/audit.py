"""What keeps people out of a page, as axe-core finds it, on light and dark paper.

axe-core is installed by npm and stands outside the repository; `BLOCKCHAIN_LAB_AXE` names its `axe.min.js`.
"""

import os
from pathlib import Path

from playwright.sync_api import Page

from support.required import require

PAPERS = {"light": ["white", "#eee", "#000"], "dark": ["#111", "#424242", "#fff"]}  # paper, soft, ink
LAY_ON = """([paper, soft, ink]) => {
  const style = document.documentElement.style;
  document.documentElement.lang = 'en';
  style.setProperty('--jp-layout-color0', paper);
  style.setProperty('--jp-layout-color2', soft);
  for (const name of ['--jp-ui-font-color0', '--jp-ui-font-color1']) style.setProperty(name, ink);
}"""
AUDIT = """async parts => (await axe.run(parts ?? document.body, {resultTypes: ['violations']})).violations
  .filter(({impact}) => impact === 'serious' || impact === 'critical')
  .flatMap(({id, nodes}) => nodes.slice(0, 3).map(({html}) => `${id}: ${html.slice(0, 160)}`))"""


def lay_on(page: Page, paper: str) -> None:
    """JupyterLab's colours, "light" or "dark", and a language."""
    page.evaluate(LAY_ON, PAPERS[paper])


def find_faults(page: Page, parts: list[str] | None = None) -> list[str]:
    """What axe calls serious or critical, with the element; in these parts (selectors), or everywhere.

    Skips, or fails in CI, without axe.
    """
    if not page.evaluate("() => 'axe' in window"):
        place = Path(os.environ.get("BLOCKCHAIN_LAB_AXE", "-"))
        require(place.is_file(), "npm install axe-core, and name its axe.min.js in BLOCKCHAIN_LAB_AXE")
        page.evaluate(place.read_text(encoding="utf-8"))
    return page.evaluate(AUDIT, parts)
