"""The styles as they are written."""

import re
from pathlib import Path

FRONTEND = Path(__file__).parent.parent / "frontend"


def test_every_property_that_a_style_uses_is_set_somewhere() -> None:
    styles = {path.name: path.read_text() for path in FRONTEND.glob("*.css")}
    known = {name for text in styles.values() for name in re.findall(r"(--[\w-]+)\s*:", text)}
    # Bootstrap's own, and the width of each column, which a script sets.
    elsewhere = re.compile(r"--bs-|--w\d+$")
    unknown = [
        (file, name)
        for file, text in styles.items()
        for name in re.findall(r"var\(\s*(--[\w-]+)", text)
        if name not in known and not elsewhere.match(name)
    ]
    assert unknown == []
