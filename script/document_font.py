"""Make the font of documents: Noto Sans SC from npm -> src/guanxi/ui/data/fonts, what PDF needs of it.

Glyphs, widths and the map of characters stay; features, hints and names of glyphs go, since PDF uses none of them.
The regular face keeps every character, the bold one those of GB 2312. The licence (OFL 1.1) lies beside them.
"""

import hashlib
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
OUTPUT = ROOT / "src" / "guanxi" / "ui" / "data" / "fonts"
STAMP = OUTPUT / ".built"
REGULAR = PACKAGE / "400Regular" / "NotoSansSC_400Regular.ttf"
BOLD = PACKAGE / "700Bold" / "NotoSansSC_700Bold.ttf"
UNUSED = ("GPOS", "GSUB", "GDEF", "BASE", "STAT", "vhea", "vmtx", "gasp", "prep", "DSIG")


def is_current() -> bool:
    """Whether both faces are there."""
    return all((OUTPUT / name).is_file() for name in ("document-regular.ttf", "document-bold.ttf", "LICENSE.txt"))


def make() -> bool:
    """Make both faces unless they are made already from these sources; say whether there was anything to do."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in (REGULAR, BOLD):
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    if is_current() and STAMP.is_file() and STAMP.read_text() == digest.hexdigest():
        return False
    OUTPUT.mkdir(parents=True, exist_ok=True)
    write(REGULAR, OUTPUT / "document-regular.ttf", None)
    write(BOLD, OUTPUT / "document-bold.ttf", characters_of_gb2312())
    shutil.copyfile(PACKAGE / "LICENSE_FONT", OUTPUT / "LICENSE.txt")
    STAMP.write_text(digest.hexdigest())
    return True


def characters_of_gb2312() -> set[int]:
    """The code points of GB 2312, level 1 and 2 and its signs."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def write(source: Path, target: Path, only: set[int] | None) -> None:
    """Write one face; `only` narrows its Chinese characters, never its other ones."""
    options = subset.Options(layout_features=[], hinting=False, glyph_names=False, legacy_kern=False)
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables = list(UNUSED)
    font = TTFont(source, lazy=True)
    wanted = [code for code in font.getBestCmap() if only is None or code in only or code < 0x3400]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    fresh = target.with_suffix(".new")
    font.save(fresh)
    fresh.replace(target)


if __name__ == "__main__":
    make()
