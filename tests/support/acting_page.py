"""A page that acts on a real lab as a reader does: through menus and the buttons of the view "Act"."""

from typing import Any

from playwright.sync_api import Browser, Locator

from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action
from support.live_page import LivePage

STORY = "fork_and_heal"


class ActingPage(LivePage):
    """The view "Act" of a story, at its opening, or at one of its events when its future was seen."""

    def __init__(
        self, browser: Browser, event: int | None = None, *, story: str = STORY, **options: Any
    ) -> None:
        """`options` go to the view; `name` is another one's. `width` in pixels and `theme` are the page's."""
        looks = {key: options.pop(key) for key in ("theme", "width") if key in options}
        super().__init__(browser, **looks)
        self.lab = Lab(story)
        self.show_live(self.lab, **({"name": "controls", "height": 900} | options))
        if event is not None:
            self.do(f"() => store.goto({event})")
            self.settle()

    def press(self, *names: str) -> None:
        """A button of the view, and whatever it asks then; until Python has answered and it is drawn."""
        self.page.locator(".bl-acting").get_by_role("button", name=names[0], exact=True).click()
        for name in names[1:]:
            self.choose(name)
        self.settle()

    def choose(self, name: str) -> None:
        """A line of the open menu."""
        self.page.get_by_role("menuitem", name=name, exact=True).click()

    def choose_peer(self, name: str) -> Locator:
        """A peer in the list of those one can act on."""
        option = self.page.locator(".bl-act-targets").get_by_role("option", name=name)
        option.click()
        self.wait_for_pictures()
        return option

    def ask_for_menu(self, target: str | None, x: int, y: int) -> None:
        """As a view asks for the menu of what was pointed at."""
        self.page.evaluate(
            """detail => document.querySelector('.blockchain-lab > *').dispatchEvent(
              new CustomEvent('bl-menu', {bubbles: true, detail}))""",
            {"target": target, "x": x, "y": y},
        )

    @property
    def done(self) -> tuple[Action, ...]:
        """All that was done on the branch we are on."""
        return tuple(action for _, action in self.lab.branches[self.lab.branch].actions)

    @property
    def notice(self) -> str:
        """What the reader is told."""
        notice: str = self.page.evaluate("() => store.notice")
        return notice
