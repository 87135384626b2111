"""The journal in words: what modules say of their kinds, and how a change is told to a reader.

    history.operations({"catalog.update_product": _("Product changed")})
    history.register(history.Words("product", fields={"unit_cost_minor": _("Unit cost")}))

What a reader does not see in full (`core.masking`) is masked or left out here too; secrets are never shown.
"""

from guanxi.ui.history.telling import Line, Reader, lines, record_names, value_in_words
from guanxi.ui.history.words import Words, operation_label, operations, register, words_of

__all__ = [
    "Line",
    "Reader",
    "Words",
    "lines",
    "operation_label",
    "operations",
    "record_names",
    "register",
    "value_in_words",
    "words_of",
]
