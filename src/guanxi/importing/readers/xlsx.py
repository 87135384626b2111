"""XLSX workbooks, streamed: neither the sheet nor its shared strings are ever held in memory as a whole."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.parsers import expat

from guanxi.core.sentences import gettext as _
from guanxi.importing.readers.sheet_xml import Malformed, SharedStrings, SheetParser, date_styles, start_tags
from guanxi.importing.readers.sheets import Rows, SheetTable, damaged, locked
from guanxi.importing.readers.table import UnreadableFile, empty_file, is_blank

BLOCK = 1 << 18
# Sheets pack to a tenth or a thirtieth; what packs to less than a two-hundredth was made to fill the machine.
LARGEST_UNASKED = 100 << 20
MOST_PACKED = 200
LARGEST = 32 << 30
_FAULTS = (Malformed, expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError)


def refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that would unpack to more than any honest file does."""
    for part in archive.infolist():
        is_swollen = part.file_size > MOST_PACKED * max(1, part.compress_size)
        if part.file_size > LARGEST or (part.file_size > LARGEST_UNASKED and is_swollen):
            raise UnreadableFile(
                _("The file would unpack to %(size)d MB, far more than its %(packed)d MB suggest; it is not read.")
                % {"size": part.file_size >> 20, "packed": part.compress_size >> 20}
            )


class XlsxTable(SheetTable):
    """The first sheet with content of an XLSX workbook."""

    format = "xlsx"

    def __init__(self, path: Path, *, scratch: Path) -> None:
        """Read what the workbook says about itself; shared strings go into a file in `scratch`."""
        self.path = path
        self._share = 0.0
        with self._told():
            with zipfile.ZipFile(path) as archive:
                refuse_bomb(archive)
                self._names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
                if any(part.flag_bits & 1 for part in archive.infolist()):
                    raise locked()
                book = self._book_path(archive)
                self._links = self._relations(archive, book)
                self._read_book(archive, book)
                styles = self._linked("styles", archive)
                self._dates = date_styles(styles) if styles else frozenset()
                strings = self._linked("sharedStrings", archive)
                self._strings = SharedStrings(strings, scratch) if strings else None
            super().__init__()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever is wrong with the file is one sentence."""
        try:
            yield
        except _FAULTS as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise damaged() from error
        except NotImplementedError as error:
            raise damaged() from error

    def _blocks(self, archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
        """The bytes of a part."""
        with archive.open(self._names[name.lower()]) as file:
            while block := file.read(BLOCK):
                yield block

    def _book_path(self, archive: zipfile.ZipFile) -> str:
        """Where the workbook itself is."""
        for tag, values in start_tags(self._blocks(archive, "_rels/.rels")):
            if tag == "Relationship" and values.get("Type", "").endswith("/officeDocument"):
                return values["Target"].lstrip("/")
        return "xl/workbook.xml"

    def _relations(self, archive: zipfile.ZipFile, book: str) -> dict[str, tuple[str, str]]:
        """Id of a relation -> the last word of its kind, and the part it leads to."""
        folder, name = posixpath.split(book)
        found = {}
        for tag, values in start_tags(self._blocks(archive, f"{folder}/_rels/{name}.rels")):
            if tag == "Relationship" and values.get("TargetMode") != "External":
                target = values["Target"].replace("\\", "/")
                part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                found[values["Id"]] = (values["Type"].rsplit("/", 1)[-1], part)
        return found

    def _read_book(self, archive: zipfile.ZipFile, book: str) -> None:
        """The sheets in their order, and from which day dates are counted."""
        self._sheets: dict[str, str] = {}
        self._counts_from_1904 = False
        for tag, values in start_tags(self._blocks(archive, book)):
            if tag == "workbookPr":
                self._counts_from_1904 = values.get("date1904", "0") in {"1", "true"}
            elif tag == "sheet":
                link = next((value for key, value in values.items() if key.rsplit(":", 1)[-1] == "id"), "")
                kind, part = self._links.get(link, ("", ""))
                if kind == "worksheet":
                    self._sheets[values.get("name", "")] = part

    def _linked(self, kind: str, archive: zipfile.ZipFile) -> Iterator[bytes] | None:
        """The bytes of the part of a kind, where the workbook has one."""
        part = next((part for found, part in self._links.values() if found == kind), None)
        return self._blocks(archive, part) if part and part.lower() in self._names else None

    def choose_sheet(self) -> tuple[str, list[str]]:
        """The sheets in which a row holds anything."""
        filled = [name for name in self._sheets if any(not is_blank(row) for _number, row in self._rows_of(name))]
        if not filled:
            raise empty_file()
        return filled[0], filled

    def share_read(self, number: int) -> float:
        """By the bytes of the sheet."""
        return self._share

    def rows(self) -> Rows:
        """Row numbers and cells of the chosen sheet."""
        yield from self._rows_of(self.sheet)

    def _rows_of(self, sheet: str) -> Rows:
        """Row numbers and cells of a sheet."""
        parser = SheetParser(strings=self._strings, dates=self._dates, counts_from_1904=self._counts_from_1904)
        with self._told(), zipfile.ZipFile(self.path) as archive:
            part = self._sheets[sheet]
            size = max(1, archive.getinfo(self._names[part.lower()]).file_size)
            done = 0
            for block in self._blocks(archive, part):
                rows: list[tuple[int, list[Any]]] = parser.feed(block)
                done += len(block)
                self._share = done / size
                yield from rows
            yield from parser.close()
