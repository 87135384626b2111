"""Documents to print and send: PDF with Chinese and Latin text, from pure wheels, the font carried within.

A module builds a `Document` from headings, facts, paragraphs, tables and moments; nothing here knows what it says.
"""

from guanxi.ui.documents.document import Column, Document, Moment

__all__ = ["Column", "Document", "Moment"]
