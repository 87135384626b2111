"""The structure of a PDF for those who have it read to them: headings, paragraphs, tables, in their order (ISO 32000, 14.8).

The library writes no tags of its own, but lets any object into the catalogue: content is marked while it is drawn, and
the tree that names it is written at the end. What repeats on every page (head, foot, rules) is an artifact, read by nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName
from reportlab.pdfgen.canvas import Canvas


@dataclass(eq=False)
class Element:
    """One element of the structure: what it is, and the spans of content on pages that make it up."""

    kind: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    def add(self, kind: str) -> "Element":
        """A further element within this one."""
        child = Element(kind)
        self.children.append(child)
        return child


def _actual(copied: str) -> str:
    """The property that holds the text of a marked part."""
    return f" /ActualText <FEFF{copied.encode('utf-16-be').hex().upper()}>" if copied else ""


@dataclass
class Tags:
    """The structure of one document in the making."""

    canvas: Canvas
    root: Element
    # For each page the element that each of its spans belongs to.
    pages: list[list[Element]] = field(default_factory=list)

    def begin_page(self) -> None:
        """Spans are counted from nought on each page."""
        self.pages.append([])

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn within says nothing."""
        self.canvas._code.append("/Artifact BMC")
        yield
        self.canvas._code.append("EMC")

    @contextmanager
    def within(self, element: Element, copied: str = "") -> Iterator[None]:
        """What is drawn within belongs to the element; it is copied and read as what it says, where that is another text."""
        number = len(self.pages[-1])
        self.pages[-1].append(element)
        element.spans.append((len(self.pages) - 1, number))
        # Readers look for a text of its own in spans alone.
        name = "Span" if copied else element.kind
        self.canvas._code.append(f"/{name} <</MCID {number}{_actual(copied)}>> BDC")
        yield
        self.canvas._code.append("EMC")

    def write(self) -> None:
        """Write the tree into the document's catalogue, and on each page where its part of it stands."""
        document = self.canvas._doc
        pages = document.Pages.pages
        made: dict[Element, Any] = {}
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        above = document.Reference(root)
        root["K"] = PDFArray([self._node(self.root, above, [document.Reference(page) for page in pages], made)])
        numbers: list[Any] = []
        for place, (page, elements) in enumerate(zip(pages, self.pages, strict=True)):
            numbers += [place, PDFArray([made[element] for element in elements])]
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = place, PDFName("S")
        root["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
        root["ParentTreeNextKey"] = len(pages)
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _node(self, element: Element, above: Any, pages: list[Any], made: dict[Element, Any]) -> Any:
        """An element as an object of the file, with those within it."""
        told = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(element.kind), "P": above})
        made[element] = reference = self.canvas._doc.Reference(told)
        spans = [
            PDFDictionary({"Type": PDFName("MCR"), "Pg": pages[page], "MCID": number}) for page, number in element.spans
        ]
        told["K"] = PDFArray([*spans, *(self._node(child, reference, pages, made) for child in element.children)])
        return reference
