"""An import in a real browser: upload, columns, a cell mended in the grid, the bar, the result, taking it back."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Server

HEADER = ("订单编号", "下单时间", "客户编号", "商品编码", "商品名称", "数量", "单价", "国家")


def order_file(path: Path) -> Path:
    """A file with one row that cannot be used."""
    rows = [
        ("A1", "2024-05-01 10:00", "C1", "P1", "钢笔", "2", "¥12.50", "中国"),
        ("A2", "2024-05-02 10:00", "C2", "P1", "钢笔", "1", "¥1,250.00", "中国"),
        ("A3", "2024-13-02 10:00", "C2", "P1", "钢笔", "1", "¥12.50", "中国"),
    ]
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


@pytest.mark.full
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_from_the_file_to_the_archive_and_back(
    live_guanxi: Server, open_page: Callable[..., Any], tmp_path: Path, language: str
) -> None:
    page = open_page(live_guanxi, "/imports/new", language=language)
    page.set_input_files("input[type=file]", str(order_file(tmp_path / f"{language}.csv")))
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(".import-columns")
    assert page.input_value("[name='field:customer']") == "客户编号"
    page.select_option("[name='field:country']", "商品名称")
    page.wait_for_selector("#sample-country :text('钢笔')")
    page.select_option("[name='field:country']", "国家")
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(".import-refused")
    wrong = page.locator(".import-refused .is-wrong input")
    assert wrong.input_value() == "2024-13-02 10:00"
    wrong.fill("2024-12-02 10:00")
    page.click(".import-pages .btn-primary")
    page.wait_for_selector(".alert-gx.tone-success")
    page.click(".page-actions .btn-primary")
    page.wait_for_selector(".page-titles .tone-success", timeout=60_000)
    assert "1,287.50" in page.inner_text(".tiles")
    page.goto(live_guanxi.url + "/orders/?q=A3")
    page.wait_for_selector("text=A3")
    page.go_back()
    page.click(".page-actions .btn")
    page.click(".gx-sure .btn-primary")
    page.wait_for_selector(".alert-gx.tone-info", timeout=60_000)
    page.goto(live_guanxi.url + "/orders/?q=A3")
    page.wait_for_selector(".empty-state")
