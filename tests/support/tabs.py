"""The tabs of a browser, which are used again: to open one takes longer than most tests that look into it."""

from collections.abc import Callable
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, Page

NEW = "about:blank"


class Tabs:
    """Of one browser; they share its cache."""

    def __init__(self, browser: Browser) -> None:
        """None is open yet."""
        self._context = browser.new_context()
        self._free: list[Page] = []
        self.taken: dict[Page, Callable[[], None]] = {}  # with how its user leaves it

    def take(self, leave: Callable[[], None]) -> Page:
        """A tab as it was made: in front, nothing emulated, the pointer outside of it."""
        page = self._free.pop() if self._free else self._context.new_page()
        if page.url != NEW:
            page.bring_to_front()
            page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
            page.mouse.move(-1, -1)
        self.taken[page] = leave
        return page

    def give_back(self, page: Page, *, is_sound: bool = True) -> None:
        """For the next one, unless it was closed, or nobody knows what state it is in."""
        self.taken.pop(page)()
        if not is_sound:
            page.close()
        elif not page.is_closed():
            self._free.append(page)


TABS: WeakKeyDictionary[Browser, Tabs] = WeakKeyDictionary()


def get_tabs(browser: Browser) -> Tabs:
    """Those of this browser."""
    if browser not in TABS:
        TABS[browser] = Tabs(browser)
    return TABS[browser]
