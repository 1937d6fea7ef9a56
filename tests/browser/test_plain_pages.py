"""The plain pages that views are tested on: nothing that goes wrong is missed, and a used tab is as new."""

import pytest
from playwright.sync_api import Browser, Error
from support.tabs import get_tabs
from support.views_page import ORIGIN, ViewsPage

STATE = """() => [matchMedia('(prefers-reduced-motion: reduce)').matches, innerWidth, scrollY, typeof store,
  document.querySelectorAll('#host > *').length, document.querySelectorAll(':hover').length]"""
NEW = [False, 934, 0, "undefined", 0, 0]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("() => console.error('so not')", "so not"),
        ("() => { setTimeout(() => { throw new Error('oh dear'); }); }", "oh dear"),
        ("() => { new Image().src = 'http://example.org/spy.png'; }", "http://example.org/spy.png"),
        ("() => { fetch('https://192.0.2.1/').catch(() => null); }", "https://192.0.2.1/"),
        ("() => { import('http://views.test/widgets/none.js').catch(() => null); }", "404"),
    ],
)
def test_what_goes_wrong_is_written_down(browser: Browser, wrong: str, word: str) -> None:
    """An error, an exception, a file that is not there, and whatever is wanted from another host."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90)
    assert [] == view.complaints

    view.page.evaluate(wrong)
    for _ in range(100):
        if view.complaints:
            break
        view.wait_for_pictures()

    assert any(word in complaint for complaint in view.complaints), view.complaints


def test_a_tab_that_is_used_again_is_as_new(browser: Browser) -> None:
    """Nothing is left of the view before: no size, no pointer, no wish, no picture; each has its errors."""
    first = ViewsPage(browser, width=467)
    assert [False, 467, 0, "undefined", 0, 0] == first.page.evaluate(STATE)
    first.show_story("joinLate", event=90)
    first.page.emulate_media(reduced_motion="reduce")
    first.page.set_viewport_size({"width": 467, "height": 200})
    first.page.mouse.move(60, 60)
    first.page.mouse.wheel(0, 80)
    first.page.wait_for_function("() => scrollY > 0")
    used = first.page.evaluate(STATE)
    assert all(one != other for one, other in zip(NEW, used, strict=True))
    get_tabs(browser).give_back(first.page)

    second = ViewsPage(browser)
    assert second.page is first.page
    assert NEW == second.page.evaluate(STATE)
    second.page.evaluate("() => console.error('mine')")
    assert ([], ["mine"]) == (first.complaints, second.complaints)


def test_pictures_are_waited_for_until_none_is_due(browser: Browser) -> None:
    """A frame that asks for the next one five times, and an observer that asks for a frame; not for ever."""
    view = ViewsPage(browser)
    view.do("""() => {
      window.seen = 0;
      window.left = 5;
      const draw = () => { if (--left) requestAnimationFrame(draw); };
      requestAnimationFrame(draw);
      new IntersectionObserver(() => requestAnimationFrame(() => { seen += 1; })).observe(document.body);
    }""")
    assert [0, 1] == view.page.evaluate("() => [left, seen]")

    with pytest.raises(Error, match="it draws without end"):
        view.do("() => { const draw = () => requestAnimationFrame(draw); draw(); }")


def test_nothing_is_ever_seen_empty(browser: Browser) -> None:
    """A view is drawn in its first frame, and a table in the one behind the click; far below nothing is."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90, name="events")
    after_one_frame = "await new Promise(done => requestAnimationFrame(() => setTimeout(done)));"
    drawn = view.page.evaluate(f"""async () => {{
      window.unmount();
      const {{mount}} = await import("{ORIGIN}/widgets/blockchain_lab_widgets/js/views.js");
      const show = () => {{ window.unmount = mount(host, store, {{name: "tree", bar: false}}); }};
      const count = () => document.querySelectorAll("[data-drawn]").length;
      const counts = [];
      show();
      {after_one_frame}
      counts.push(count());
      document.querySelector(".bl-table-button").click();
      {after_one_frame}
      counts.push(count(), document.querySelectorAll(".bl-table tbody tr").length > 0);
      window.unmount();
      host.style.marginTop = "9000px";
      show();
      {after_one_frame}
      return [...counts, count()];
    }}""")

    assert [1, 2, True, 0] == drawn
    view.page.evaluate("() => host.scrollIntoView()")
    view.wait_for_pictures()
    assert 2 == view.page.locator("[data-drawn]").count()  # the table, too, whichever of both comes first
    assert [] == view.complaints
