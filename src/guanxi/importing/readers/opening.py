"""Finds out what a file is and opens the table in it."""

import gzip
import zipfile
import zlib
from pathlib import Path

from guanxi.core.sentences import gettext as _
from guanxi.importing.readers.delimited import DelimitedTable
from guanxi.importing.readers.table import Table, UnreadableFile, empty_file
from guanxi.importing.readers.workbook import WorkbookTable
from guanxi.importing.readers.xlsx import XlsxTable, refuse_bomb

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARQUET = b"PAR1"
# Beginnings of files that people take for tables.
OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"ARROW1", "Arrow"),
    (b"ORC", "ORC"),
)
BLOCK = 1 << 20
# Tables pack to a tenth or a fiftieth; what packs to less than this was made to fill the disk.
LARGEST_UNASKED = 1 << 30
MOST_PACKED = 300


def open_table(path: Path, *, scratch: Path | None = None) -> Table:
    """The table in a file; `scratch` is the folder where a compressed file may be unpacked."""
    head = head_of(path)
    if not head:
        raise empty_file()
    if head.startswith(GZIP):
        return open_table(unpacked(path, scratch or path.parent), scratch=scratch)
    if head.startswith(PARQUET):
        from guanxi.importing.readers.parquet import ParquetTable  # pyarrow takes long to load

        return ParquetTable(path)
    if head.startswith((ZIP, EMPTY_ZIP)):
        return _open_zip(path, scratch or path.parent)
    if head.startswith(OLE):
        return WorkbookTable(path, format="xls")
    _refuse_others(head)
    return DelimitedTable(path)


def head_of(path: Path) -> bytes:
    """The first bytes of a file; what stands in the way is told in one sentence."""
    try:
        with path.open("rb") as file:
            return file.read(8192)
    except IsADirectoryError:
        raise UnreadableFile(_("“%(name)s” is a folder, not a file.") % {"name": path.name}) from None
    except FileNotFoundError:
        raise UnreadableFile(_("There is no file “%(name)s”.") % {"name": str(path)}) from None
    except PermissionError:
        raise UnreadableFile(_("The file “%(name)s” may not be read.") % {"name": str(path)}) from None


def _open_zip(path: Path, scratch: Path) -> Table:
    """A workbook is a ZIP archive; so is much else."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            refuse_bomb(archive)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableFile(
            _("The file is a workbook or archive that is damaged or only half written; save it again and retry.")
        ) from None
    if "xl/workbook.bin" in names:
        return WorkbookTable(path, format="xlsb")
    if any(name.startswith("xl/") for name in names):
        return XlsxTable(path, scratch=scratch)
    if "content.xml" in names:
        return WorkbookTable(path, format="ods")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise _not_a_table("Word / PowerPoint")
    raise _not_a_table("ZIP")


def unpacked(path: Path, scratch: Path) -> Path:
    """The content of a gzip file beside the import's other files; unpacked once."""
    target = scratch / f"{path.name}.unpacked"
    if target.exists():
        return target
    part = scratch / f"{path.name}.unpacking"
    try:
        with gzip.open(path, "rb") as packed, part.open("wb") as plain:
            written, most = 0, max(LARGEST_UNASKED, MOST_PACKED * path.stat().st_size)
            while block := packed.read(BLOCK):
                plain.write(block)
                written += len(block)
                if written > most:
                    raise UnreadableFile(
                        _("The compressed file unpacks to far more than its size suggests; it is not read.")
                    )
    except (EOFError, gzip.BadGzipFile, zlib.error):
        part.unlink(missing_ok=True)
        raise UnreadableFile(_("The compressed file is damaged or only half written.")) from None
    except UnreadableFile:
        part.unlink(missing_ok=True)
        raise
    part.replace(target)
    return target


def _refuse_others(head: bytes) -> None:
    """Say what a file is when it is certainly no table."""
    for beginning, name in OTHERS:
        if head.startswith(beginning):
            raise _not_a_table(name)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise _not_a_table("HTML / XML")
    if text.startswith((b"{", b"[{", b"[\n")):
        raise _not_a_table("JSON")


def _not_a_table(name: str) -> UnreadableFile:
    """The error for a file of another kind."""
    return UnreadableFile(
        _("This is a file of another kind (%(kind)s); CSV, XLSX and Parquet can be imported.") % {"kind": name}
    )
