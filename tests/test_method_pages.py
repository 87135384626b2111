"""Every method and every measure has its page, in English and in Chinese, equal in what they show."""

import re
from pathlib import Path

import pytest

from guanxi.project.measure.registry import measures
from guanxi_methods.tests.test_battery import public_methods
from tests.installation import REPOSITORY

PAGES = REPOSITORY / "docs" / "reference" / "methods"
ENGLISH = sorted(page for page in PAGES.glob("*/*.md") if not page.name.endswith(".zh-CN.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def chinese(page: Path) -> Path:
    """The same page in Chinese."""
    return page.with_name(f"{page.stem}.zh-CN.md")


def text_of(package: str, language: str) -> str:
    """All pages of a package in one language."""
    pages = sorted((PAGES / package).glob("*.md"))
    return "\n".join(page.read_text("utf-8") for page in pages if page.name.endswith(".zh-CN.md") == (language == "zh"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_method_and_every_measure_is_on_a_page(language: str) -> None:
    missing = [
        method.__name__
        for method in public_methods()
        if not re.search(rf"\b{method.__name__}\b", text_of(method.__module__.split(".")[1], language))
    ]
    missing += [
        measure.name
        for measure in measures()
        if not re.search(
            rf"(?<![\w.]){re.escape(measure.name)}(?![\w-])", text_of(measure.name.split(".")[0], language)
        )
    ]
    assert not missing


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.relative_to(PAGES).as_posix())
def test_both_languages_show_the_same_examples(page: Path) -> None:
    """Each page has its counterpart, links to it, and shows the same code, up to the words in comments."""
    other = chinese(page)
    assert f"({other.name})" in page.read_text("utf-8")
    assert f"({page.name})" in other.read_text("utf-8")

    def shown(path: Path) -> list[str]:
        """The code of a page without comments."""
        return [re.sub(r"\s+#.*", "", block) for block in BLOCK.findall(path.read_text("utf-8"))]

    assert len(shown(page)) == len(shown(other)) > 0


def test_every_chinese_page_has_an_english_one() -> None:
    assert {chinese(page) for page in ENGLISH} == set(PAGES.glob("*/*.zh-CN.md"))
