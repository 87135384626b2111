"""Seals on the journal: the worker chains batches of digests, so that a row touched by another hand is found.

A row's digest covers what names it (who, when, which record, which field) and a salted digest of its values; a
batch's digest covers those of its rows and the batch before. Values and salt can be taken away by an erasure, the
digests stay, and the chain still verifies. `verifying` reads it all again; `anchors` keep the newest digest elsewhere.
"""

from guanxi.core.sealing.erasing import forget_salts, hold_still
from guanxi.core.sealing.making import in_parts, seal_now

__all__ = ["forget_salts", "hold_still", "in_parts", "seal_now"]
