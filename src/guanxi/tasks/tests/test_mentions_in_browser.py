"""People offered while one types @, in a real browser: by keyboard, with an input method, read aloud, narrow and dark."""

import re

import pytest

TEXT = "textarea[data-mentions]"
LIST = ".mention-list"


@pytest.fixture(scope="module")
def people(live_guanxi):
    """Colleagues with Chinese and Latin names."""
    names = {"lw": "李伟", "zhx": "张晓", "anna": "Anna Lund", "annika": "Annika Holm"}
    for user, name in names.items():
        live_guanxi.json("user", "create", user, "--role", "manager", "--display-name", name)
    return names


@pytest.fixture(scope="module")
def record(live_guanxi, browser, people):
    """The address of a customer."""
    page = browser.new_page(base_url=live_guanxi.url)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", live_guanxi.owner["name"])
    page.fill("input[name=password]", live_guanxi.owner["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto("/customers/new?kind=organisation")
    page.fill("input[name=name]", "Harbour Ltd")
    page.click(".form-actions button[type=submit]")
    page.wait_for_url(re.compile(r"/customers/cus_\w+/"))
    address = page.url.partition("?")[0]
    page.close()
    return address


def writing(open_page, live_guanxi, record, **how):
    """The page with the cursor in the note."""
    page = open_page(live_guanxi, record + "?tab=activity", **how)
    page.wait_for_selector(TEXT)
    page.click(TEXT)
    return page


def names(page):
    """Who is offered."""
    return page.eval_on_selector_all(f"{LIST} [role=option] b", "found => found.map((one) => one.textContent)")


def offered(page, *wanted):
    """Wait until these people are offered, in this order."""
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('.mention-list [role=option] b')].map((one) => one.textContent)"
        ".join() === wanted",
        arg=",".join(wanted),
        timeout=8_000,
    )


def test_by_keyboard_alone(live_guanxi, open_page, record):
    page = writing(open_page, live_guanxi, record)
    page.keyboard.type("please @ann")
    offered(page, "Anna Lund", "Annika Holm")
    # The pattern of a combobox: the focus stays in the text, readers follow the option that is marked.
    text = page.locator(TEXT)
    marked = page.locator(f"{LIST} [aria-selected=true]")
    assert text.get_attribute("role") == "combobox"
    assert text.get_attribute("aria-expanded") == "true"
    assert text.get_attribute("aria-controls") == page.locator(LIST).get_attribute("id")
    assert text.get_attribute("aria-activedescendant") == marked.get_attribute("id")
    assert marked.text_content() == "Anna Lundanna"
    page.wait_for_function("() => document.querySelector('[role=status].visually-hidden')?.textContent.includes('2')")
    page.keyboard.press("ArrowDown")
    assert marked.text_content() == "Annika Holmannika"
    assert text.get_attribute("aria-activedescendant") == marked.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert marked.text_content() == "Anna Lundanna"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert text.input_value() == "please @annika "
    assert page.locator(LIST).count() == 0
    assert [text.get_attribute(name) for name in ("role", "aria-expanded", "aria-activedescendant")] == [None] * 3
    # Tab takes the marked one and stays; Escape closes the list and nothing else, and the text goes on.
    page.keyboard.type("and @zh")
    offered(page, "张晓")
    page.keyboard.press("Tab")
    assert text.input_value() == "please @annika and @张晓 "
    assert page.evaluate("document.activeElement.matches('textarea[data-mentions]')")
    page.keyboard.type("@lund")
    offered(page, "Anna Lund")
    page.keyboard.press("Escape")
    assert page.locator(LIST).count() == 0
    assert text.input_value().endswith("@lund")
    page.keyboard.press("Enter")
    page.keyboard.type("mail a@b.c")
    page.wait_for_timeout(400)
    assert page.locator(LIST).count() == 0
    assert text.input_value().splitlines()[1] == "mail a@b.c"
    # Going back to the word with the cursor away closes; a click takes one too.
    page.keyboard.type(" @ann")
    offered(page, "Anna Lund", "Annika Holm")
    page.keyboard.press("Home")
    assert page.locator(LIST).count() == 0
    page.keyboard.press("End")
    page.keyboard.type("i")
    offered(page, "Annika Holm")
    page.click(f"{LIST} [role=option]")
    assert text.input_value().endswith("@annika ")


def test_with_an_input_method(live_guanxi, open_page, record):
    page = writing(open_page, live_guanxi, record, language="zh-CN")
    text = page.locator(TEXT)
    keys = page.context.new_cdp_session(page)
    page.keyboard.type("请@")
    page.wait_for_selector(f"{LIST} [role=option]")
    # While the letters are being turned into characters, the list leaves the keys to the input method.
    for step in ("l", "li", "li w", "li wei"):
        keys.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process"})
    assert text.input_value() == "请@li wei"
    keys.send("Input.insertText", {"text": "李伟"})
    offered(page, "李伟")
    assert text.input_value() == "请@李伟"
    page.keyboard.press("Enter")
    assert text.input_value() == "请@李伟 "
    # The full-width sign of a Chinese keyboard, and pinyin without an input method.
    keys.send("Input.insertText", {"text": "，＠"})
    page.keyboard.type("zhangx")
    offered(page, "张晓")
    page.keyboard.press("Enter")
    assert text.input_value() == "请@李伟 ，＠张晓 "
    # A composition that is given up leaves no list behind.
    page.keyboard.type("@")
    page.wait_for_selector(LIST)
    keys.send("Input.imeSetComposition", {"text": "zh", "selectionStart": 2, "selectionEnd": 2})
    keys.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})
    page.keyboard.press("Backspace")
    page.wait_for_selector(LIST, state="detached")
    page.click("form.composer button.btn-primary")
    page.wait_for_selector(".activity :text('李伟')")


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("zh-CN", 390, True), pytest.param("en-GB", 390, False, marks=pytest.mark.full)]
)
def test_narrow(live_guanxi, open_page, record, language, width, dark):
    page = writing(open_page, live_guanxi, record, language=language, width=width, dark=dark)
    page.keyboard.type("@")
    page.wait_for_selector(f"{LIST} [role=option]")
    page.wait_for_timeout(300)
    box = page.locator(LIST).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    marked = page.locator(f"{LIST} [aria-selected=true]").bounding_box()
    assert 0 <= marked["y"] <= 900 - marked["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(LIST).get_attribute("aria-label")
    # A finger's width for each.
    assert marked["height"] >= 32
    page.tap(f"{LIST} [role=option] >> nth=1")
    assert re.fullmatch(r"@\S+ ", page.locator(TEXT).input_value())
