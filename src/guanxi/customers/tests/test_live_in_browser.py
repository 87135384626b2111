"""What others do shows in open pages without a reload, and who else is here: with closed tabs, a lost network, a killed
browser, a sign-out and lost rights in between."""

import os
import re
import signal

import pytest

from tests.browsing import CHROMIUM_FLAGS, chromium_path, enter

HERE = ".here-person"


@pytest.fixture(scope="module")
def colleague(live_guanxi):
    """A second person."""
    return live_guanxi.json("user", "create", "ben", "--role", "manager", "--display-name", "Ben Hart")


def new_customer(page, name, city="Turku"):
    """Enter an organisation; its address."""
    page.goto("/customers/new?kind=organisation")
    page.fill("input[name=name]", name)
    page.fill("input[name=city]", city)
    page.click(".form-actions button[type=submit]")
    page.wait_for_url(re.compile(r"/customers/cus_\w+/"))
    return page.url.partition("?")[0]


def second(open_page, server, colleague, path="/", **how):
    """The colleague's browser."""
    page = open_page(server, sign_in=False, **how)
    enter(page, server, colleague)
    page.goto(path)
    return page


def set_city(page, address, city):
    """Change the city where it stands."""
    if not page.url.startswith(address):
        page.goto(address)
    field = "dd[data-edit-url$='/city']"
    page.click(field)
    page.fill(f"{field} input[name=value]", city)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{field}:not(.is-editing):not(.is-saving):has-text('{city}')")


def at_rest(page):
    """Wait until the page listens."""
    page.wait_for_timeout(1500)


def row(name):
    """A row of the list."""
    return f"#rows tr:has-text('{name}')"


@pytest.fixture(scope="module")
def killed(live_guanxi, open_lasting_page, browser, colleague):
    """An open page of a record that a colleague's browser showed too, which was killed."""
    mine = open_lasting_page(live_guanxi, "/customers/")
    address = new_customer(mine, "Outland Ltd")
    mine.goto(address)
    at_rest(mine)
    doomed = browser.browser_type.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    theirs = doomed.new_page(base_url=live_guanxi.url)
    enter(theirs, live_guanxi, colleague)
    theirs.goto(address)
    mine.wait_for_selector(HERE, timeout=12_000)
    told = doomed.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    os.kill(next(process["id"] for process in told if process["type"] == "browser"), signal.SIGKILL)
    return mine


@pytest.fixture(scope="module")
def out_of_sight(live_guanxi, open_lasting_page):
    """An open page of a record that somebody else had open too, who was led away from it for want of rights."""
    agent = live_guanxi.json("user", "create", "dora", "--role", "agent", "--display-name", "Dora Lee")
    mine = open_lasting_page(live_guanxi, "/customers/")
    address = new_customer(mine, "Inland Ltd")
    mine.goto(address)
    theirs = second(open_lasting_page, live_guanxi, agent, address)
    mine.wait_for_selector(f"{HERE}:has-text('Dora Lee')", timeout=12_000)
    at_rest(theirs)
    boss = mine.context.new_page()
    boss.goto("/settings/roles")
    boss.click("#role-agent a[href*='/settings/roles/']")
    boss.select_option("select[name='may:customer:view']", "own")
    boss.click(".form-actions button[type=submit]")
    boss.wait_for_url(re.compile("/settings/roles#"))
    theirs.wait_for_selector("h1:has-text('404'), .error-page, :text('There is no such')", timeout=15_000)
    theirs.watch.forget("404")
    assert "Inland" not in theirs.text_content("main")
    return mine


# First what goes on for more than a minute by itself: the last test sees the end of it.
@pytest.mark.full
def test_a_killed_browser_is_kept_for_a_while(killed):
    killed.wait_for_timeout(5_000)
    assert killed.locator(HERE).count() == 1


@pytest.mark.full
def test_who_lost_sight_of_the_record_leaves_the_page(out_of_sight):
    assert "Inland Ltd" in out_of_sight.text_content("main")


def test_a_list_shows_what_others_do(live_guanxi, open_page, colleague):
    theirs = second(open_page, live_guanxi, colleague)
    address = new_customer(theirs, "Alder Ltd")
    new_customer(theirs, "Birch Ltd")
    mine = open_page(live_guanxi, "/customers/")
    mine.wait_for_selector(row("Birch Ltd"))
    at_rest(mine)
    # A value changes where it stands, a new customer takes its place.
    set_city(theirs, address, "Oulu")
    mine.wait_for_selector(f"{row('Alder Ltd')}:has-text('Oulu')", timeout=12_000)
    new_customer(theirs, "Cedar Ltd")
    mine.wait_for_selector(row("Cedar Ltd"), timeout=12_000)
    # With rows chosen nothing moves under the hand: values still change, the rest is offered.
    mine.check(f"{row('Birch Ltd')} .c-select input")
    set_city(theirs, address, "Vaasa")
    mine.wait_for_selector(f"{row('Alder Ltd')}:has-text('Vaasa')", timeout=12_000)
    new_customer(theirs, "Dogwood Ltd")
    mine.wait_for_selector("[data-list-news]:not([hidden])", timeout=12_000)
    assert mine.is_checked(f"{row('Birch Ltd')} .c-select input")
    assert mine.locator(row("Dogwood Ltd")).count() == 0
    mine.click("[data-list-news]")
    mine.wait_for_selector(row("Dogwood Ltd"))
    assert mine.locator("[data-list-news]:not([hidden])").count() == 0


def test_who_else_is_here_with_tabs_a_lost_network_and_a_sign_out(live_guanxi, open_page):
    colleague = live_guanxi.json("user", "create", "carl", "--role", "manager", "--display-name", "Ben Hart")
    mine = open_page(live_guanxi, "/customers/")
    address = new_customer(mine, "Harbour Ltd")
    mine.goto(address)
    at_rest(mine)
    theirs = second(open_page, live_guanxi, colleague, address)
    mine.wait_for_selector(f"{HERE}:has-text('Ben Hart')", timeout=12_000)
    # Two tabs of one person are one person; with one of them closed the person is still here.
    tab = theirs.context.new_page()
    tab.goto(address)
    tab.wait_for_timeout(2500)
    assert mine.locator(HERE).count() == 1
    theirs.bring_to_front()
    tab.close(run_before_unload=True)
    mine.wait_for_timeout(2500)
    assert mine.locator(HERE).count() == 1
    # My own tabs name the colleague, and never me.
    assert theirs.locator(f"{HERE}:has-text('Ben Hart')").count() == 0
    assert theirs.locator(HERE).count() == 1
    # Gone when the last one goes elsewhere, back when it comes back.
    theirs.goto("/customers/")
    mine.wait_for_selector(HERE, state="detached", timeout=8_000)
    theirs.goto(address)
    mine.wait_for_selector(HERE, timeout=12_000)
    # Without a network nothing is lost: what was changed meanwhile shows when it is back.
    mine.context.set_offline(True)
    mine.wait_for_timeout(500)
    set_city(theirs, address, "Oulu")
    assert mine.locator("dd[data-edit-url$='/city']:has-text('Oulu')").count() == 0
    mine.context.set_offline(False)
    mine.wait_for_selector("dd[data-edit-url$='/city']:has-text('Oulu')", timeout=30_000)
    mine.watch.forget("net::ERR_INTERNET_DISCONNECTED")
    # Signed out in another tab, and in elsewhere still: the open page asks for the sign-in, and is struck off, at once.
    second(open_page, live_guanxi, colleague, "/tasks/")
    other = theirs.context.new_page()
    other.goto("/customers/")
    other.evaluate(
        "fetch('/accounts/logout/', {method: 'POST', headers: {'X-CSRFToken': "
        "document.querySelector('meta[name=csrf-token]').content}})"
    )
    theirs.wait_for_url(re.compile("/accounts/login"), timeout=15_000)
    theirs.watch.forget("401")
    mine.wait_for_selector(HERE, state="detached", timeout=8_000)


@pytest.mark.full
def test_whoever_went_without_a_word_is_forgotten(killed, out_of_sight):
    """A page is kept as open for a little more than a minute: most of it is over by now."""
    for page in (killed, out_of_sight):
        page.bring_to_front()
        page.wait_for_selector(HERE, state="detached", timeout=120_000)
        assert page.locator(HERE).count() == 0
