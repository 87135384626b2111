"""Two people at one customer in two real browsers: what each sees of the other, and how they agree."""

import re

import pytest

from tests.browsing import enter

# Which sides of the city are drawn as chosen: filled with the colour of the mark that stands in a chosen box.
FILLED = """() => [...document.querySelectorAll('input[name=_choice_city]')].map((one) => {
    const probe = document.createElement('input');
    Object.assign(probe, {type: 'radio', className: 'form-check-input', checked: true});
    one.after(probe);
    const same = getComputedStyle(one).backgroundColor === getComputedStyle(probe).backgroundColor;
    probe.remove();
    return same;
})"""


@pytest.fixture(scope="module")
def colleague(live_guanxi):
    """A second person."""
    return live_guanxi.json("user", "create", "ben", "--role", "owner")


def new_customer(page, name):
    """Enter an organisation; its address."""
    page.goto("/customers/new?kind=organisation")
    page.fill("input[name=name]", name)
    page.fill("input[name=city]", "Turku")
    page.click(".form-actions button[type=submit]")
    page.wait_for_url(re.compile(r"/customers/cus_\w+/"))
    return page.url.partition("?")[0]


def second(open_page, server, colleague, **how):
    """The colleague's browser."""
    page = open_page(server, sign_in=False, **how)
    enter(page, server, colleague)
    return page


def save(page):
    """Send the page's form."""
    page.click(".form-actions button[type=submit]")


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("en-GB", 1280, False), pytest.param("zh-CN", 390, True, marks=pytest.mark.full)]
)
def test_two_in_one_form(live_guanxi, open_page, colleague, language, width, dark):
    mine = open_page(live_guanxi, "/customers/", language=language, width=width, dark=dark)
    address = new_customer(mine, f"Harbour {width} Ltd")
    theirs = second(open_page, live_guanxi, colleague, language=language, width=width, dark=dark)
    for page in (mine, theirs):
        page.goto(address + "edit")
        page.wait_for_timeout(1200)  # the stream opens when the page is at rest
    mine.fill("input[name=city]", "Oulu")
    mine.fill("textarea[name=note]", "an hour of work")
    theirs.fill("input[name=city]", "Vaasa")
    theirs.fill("input[name=country]", "Finland")
    save(theirs)
    theirs.wait_for_url(re.compile(r"/customers/cus_\w+/(\?.*)?$"))
    # What I left alone follows, what I changed too is marked; neither is lost.
    mine.wait_for_selector("[data-field=country] .field-news", timeout=8_000)
    assert mine.input_value("input[name=country]") == "Finland"
    assert "Vaasa" in mine.text_content("[data-field=city] .field-news.is-clash")
    assert mine.input_value("input[name=city]") == "Oulu"
    save(mine)
    mine.wait_for_selector(".clash")
    mine.watch.forget("409")
    assert mine.evaluate("document.documentElement.scrollWidth") <= width
    # Nothing is chosen yet, and nothing looks as if it were.
    assert mine.evaluate(FILLED) == [False, False]
    assert mine.input_value("textarea[name=note]") == "an hour of work"
    # By keyboard: the first choice has the focus, an arrow takes the other one, Enter saves.
    mine.wait_for_function("() => document.activeElement.name === '_choice_city'")
    mine.keyboard.press("Space")
    mine.keyboard.press("ArrowDown")
    assert mine.is_checked("input[name=_choice_city][value=mine]")
    assert mine.evaluate(FILLED) == [False, True]
    mine.keyboard.press("Enter")
    mine.wait_for_url(re.compile(r"/customers/cus_\w+/(\?.*)?$"))
    mine.wait_for_selector("dd[data-edit-url$='/city']:has-text('Oulu')")
    mine.wait_for_selector("dd[data-edit-url$='/country']:has-text('Finland')")


@pytest.mark.full
def test_a_field_in_place_and_a_record_that_goes(live_guanxi, open_page, colleague):
    mine = open_page(live_guanxi, "/customers/")
    address = new_customer(mine, "Inland Ltd")
    theirs = second(open_page, live_guanxi, colleague)
    theirs.goto(address)
    mine.goto(address)
    city = "dd[data-edit-url$='/city']"
    mine.click(city)
    mine.fill(f"{city} input[name=value]", "Oulu")
    theirs.click(city)
    theirs.fill(f"{city} input[name=value]", "Vaasa")
    theirs.keyboard.press("Enter")
    theirs.wait_for_selector(f"{city}:not(.is-editing):not(.is-saving):has-text('Vaasa')")
    mine.keyboard.press("Enter")
    mine.wait_for_selector("#dialog .clash")
    mine.watch.forget("409")
    mine.keyboard.press("Escape")
    # Not chosen: what was typed stands in the input again.
    mine.wait_for_selector(f"{city} input[name=value]")
    assert mine.input_value(f"{city} input[name=value]") == "Oulu"
    mine.keyboard.press("Enter")
    mine.wait_for_selector("#dialog .clash")
    mine.watch.forget("409")
    mine.check("#dialog input[value=mine]")
    mine.click("#dialog button[type=submit]")
    mine.wait_for_selector(f"{city}:not(.is-editing):has-text('Oulu')")

    mine.goto(address + "edit")
    mine.wait_for_timeout(1200)
    mine.fill("textarea[name=note]", "an hour of work")
    twin = new_customer(theirs, "Inland Oy")
    ids = [re.search(r"cus_\w+", text).group() for text in (twin, address)]
    theirs.goto(f"/customers/merge?id={ids[0]}&id={ids[1]}&keep={ids[0]}")
    theirs.click("main form[method=post] button.btn-primary")
    theirs.wait_for_url(re.compile(rf"/customers/{ids[0]}/"))
    mine.wait_for_selector(".form-gone", timeout=8_000)
    assert mine.input_value("textarea[name=note]") == "an hour of work"
    save(mine)
    mine.wait_for_selector(".kept-text")
    mine.watch.forget("404")
    assert mine.input_value(".kept-text textarea") == "an hour of work"
    mine.click(".form-actions a")
    mine.wait_for_url(re.compile(rf"/customers/{ids[0]}/"))


@pytest.mark.full
def test_open_settings_are_told_of_the_other_hand(live_guanxi, open_page, colleague):
    """Of a form in two columns, a grid and a list of boxes."""
    mine = open_page(live_guanxi, "/settings/roles")
    theirs = second(open_page, live_guanxi, colleague)
    role = mine.get_attribute("#role-agent a[href*='/settings/roles/']", "href")
    for address, name, value in (
        ("/settings/backups", "keep_daily", "9"),
        (role, "may:task:view", "department"),
        ("/settings/sign-in-rules", "roles", None),
    ):
        for page in (mine, theirs):
            page.goto(address)
            page.wait_for_timeout(1200)  # the stream opens when the page is at rest
        field = f"form[data-guard] [name='{name}']"
        if value is None:
            theirs.check(f"{field} >> nth=1")
        elif theirs.evaluate("(selector) => document.querySelector(selector).tagName", field) == "SELECT":
            theirs.select_option(field, value)
        else:
            theirs.fill(field, value)
        theirs.click("form[data-guard] button[type=submit]")
        mine.wait_for_selector(".field-news", timeout=8_000)
        if value is None:
            assert mine.is_checked(f"{field} >> nth=1")
        else:
            assert mine.input_value(field) == value
        theirs.wait_for_load_state()
