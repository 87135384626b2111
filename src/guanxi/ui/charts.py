"""Charts: a figure with its data in a JSON island, theme aware, clickable, with a table that says the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from guanxi.core.money import exponent
from guanxi.ui.cells import currency_sign
from guanxi.ui.html import safe

Words = str | Promise
Value = float | int | None


@dataclass(frozen=True)
class Series:
    """One row of values; `urls` leads each mark to the records behind it.

    `is_share`: shares from 0 to 1, a line over the bars with an axis of its own; `mark` is one that counts.
    `faint` names the places of marks that matter less.
    """

    name: Words
    values: Sequence[Value]
    urls: Sequence[str] = ()
    tone: str = ""
    is_share: bool = False
    mark: float | None = None
    faint: Collection[int] = ()


@dataclass(frozen=True)
class Chart:
    """A chart as declared; values of money are in whole units, shares from 0 to 1."""

    kind: str
    title: Words
    categories: Sequence[Words]
    series: Sequence[Series]
    format: str = "number"
    currency: str = ""
    is_horizontal: bool = False
    is_stacked: bool = False
    is_smooth: bool = False
    is_area: bool = False
    rows: Sequence[Words] = ()
    caption: Words = ""
    height: str = "m"
    marks: Sequence[tuple[Words, float]] = ()
    x_label: Words = ""
    y_label: Words = ""
    options: dict[str, Any] = field(default_factory=dict)

    def island(self) -> SafeString:
        """The data as the page's script takes it; `<` cannot end the island early."""
        symbol = currency_sign(self.currency, get_language() or "en")[0] if self.currency else ""
        data = {
            "kind": self.kind,
            "title": str(self.title),
            "categories": [str(c) for c in self.categories],
            "rows": [str(r) for r in self.rows],
            "series": [
                {
                    "name": str(s.name),
                    "values": list(s.values),
                    "urls": list(s.urls),
                    "tone": s.tone,
                    "share": s.is_share,
                    "mark": s.mark,
                    "faint": [i in s.faint for i in range(len(s.values))] if s.faint else [],
                }
                for s in self.series
            ],
            "format": self.format,
            "symbol": symbol,
            "horizontal": self.is_horizontal,
            "stacked": self.is_stacked,
            "smooth": self.is_smooth,
            "area": self.is_area,
            "marks": [[str(label), value] for label, value in self.marks],
            "xLabel": str(self.x_label),
            "yLabel": str(self.y_label),
            **self.options,
        }
        text = orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY).decode()
        return safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))

    def show(self, value: Value) -> str:
        """A value in words, for the table."""
        if value is None:
            return "–"
        if self.format == "percent":
            return _percent(value)
        if self.format == "money":
            symbol = currency_sign(self.currency or "XXX", get_language() or "en")[0]
            return f"{'-' if value < 0 else ''}{symbol}{abs(value):,.2f}"
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"

    def table(self) -> list[dict[str, Any]]:
        """The rows of the text alternative."""
        if self.kind == "heatmap":
            return [
                {"label": row, "cells": [self._shown(s, i) for i in range(len(s.values))]}
                for row, s in zip(self.rows, self.series, strict=True)
            ]
        return [
            {"label": label, "cells": [self._shown(s, i) for s in self.series]}
            for i, label in enumerate(self.categories)
        ]

    def _shown(self, series: Series, index: int) -> dict[str, str]:
        """One cell of the table."""
        url = series.urls[index] if index < len(series.urls) else ""
        value = series.values[index]
        return {"text": _percent(value) if series.is_share and value is not None else self.show(value), "url": url}

    def heads(self) -> list[str]:
        """The heads of the table."""
        return [str(c) for c in (self.categories if self.kind == "heatmap" else [s.name for s in self.series])]


def _percent(share: float) -> str:
    """A share from 0 to 1 in words."""
    return f"{share * 100:.1f}%"


def whole_units(minor: int | None, currency: str) -> float | None:
    """An amount as charts draw it; never added up or compared."""
    return None if minor is None else float(Decimal(minor).scaleb(-exponent(currency)))


def bar(
    title: Words,
    categories: Sequence[Words],
    series: Sequence[Series],
    *,
    horizontal: bool = False,
    stacked: bool = False,
    **rest: Any,
) -> Chart:
    """Bars, upright or lying."""
    return Chart("bar", title, categories, series, is_horizontal=horizontal, is_stacked=stacked, **rest)


def line(
    title: Words,
    categories: Sequence[Words],
    series: Sequence[Series],
    *,
    smooth: bool = False,
    area: bool = False,
    **rest: Any,
) -> Chart:
    """Lines over categories."""
    return Chart("line", title, categories, series, is_smooth=smooth, is_area=area, **rest)


def pie(title: Words, parts: Sequence[tuple[Words, Value, str]], **rest: Any) -> Chart:
    """Shares of a whole, as a ring: `(name, value, url)` each."""
    names, values, urls = [p[0] for p in parts], [p[1] for p in parts], [p[2] for p in parts]
    return Chart("pie", title, names, [Series(title, values, urls)], **rest)


def heatmap(
    title: Words,
    x: Sequence[Words],
    y: Sequence[Words],
    values: Sequence[Sequence[Value]],
    urls: Sequence[Sequence[str]] = (),
    **rest: Any,
) -> Chart:
    """A grid of cells: `values[row][column]`, rows as in `y`."""
    series = [Series(row, values[i], urls[i] if urls else ()) for i, row in enumerate(y)]
    return Chart("heatmap", title, x, series, rows=y, **rest)


def render(chart: Chart) -> SafeString:
    """The figure."""
    return render_to_string("ui/chart.html", {"chart": chart})
