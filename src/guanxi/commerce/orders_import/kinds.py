"""Which orders are returns or adjustments, and which lines fees or adjustments: as the mapping says, else by the sign."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from guanxi.catalog.choices import ProductKind
from guanxi.commerce.choices import LineKind, OrderKind


class KindRules:
    """The rules of one mapping; its options are lists of prefixes and of codes (with * for any text)."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Read the options."""
        self.return_prefixes = _texts(options.get("return_prefixes"))
        self.adjustment_prefixes = _texts(options.get("adjustment_prefixes"))
        self.fee_codes = _texts(options.get("fee_codes"), fold=True)
        self.adjustment_codes = _texts(options.get("adjustment_codes"), fold=True)
        self._by_code: dict[str | None, LineKind] = {None: LineKind.GOODS}

    def order_kind(self, number: str, amount_minor: int) -> OrderKind:
        """What an order is, by its number, else by whether money goes back."""
        if self.return_prefixes and number.startswith(self.return_prefixes):
            return OrderKind.RETURN
        if self.adjustment_prefixes and number.startswith(self.adjustment_prefixes):
            return OrderKind.ADJUSTMENT
        return OrderKind.RETURN if amount_minor < 0 else OrderKind.SALE

    def line_kind(self, code: str | None) -> LineKind:
        """What a line charges for, by its product code."""
        found = self._by_code.get(code)
        if found is None:
            found = self._by_code[code] = self._match((code or "").strip().casefold())
        return found

    def product_kind(self, code: str) -> ProductKind:
        """The kind of the product behind a code."""
        return ProductKind(self.line_kind(code).value)

    def _match(self, code: str) -> LineKind:
        """Compare a code with the patterns."""
        if any(fnmatchcase(code, pattern) for pattern in self.fee_codes):
            return LineKind.FEE
        if any(fnmatchcase(code, pattern) for pattern in self.adjustment_codes):
            return LineKind.ADJUSTMENT
        return LineKind.GOODS


def _texts(given: Any, *, fold: bool = False) -> tuple[str, ...]:
    """A list of texts from an option."""
    texts = [str(text) for text in given] if isinstance(given, list) else []
    return tuple(text.casefold() if fold else text for text in texts if text)
