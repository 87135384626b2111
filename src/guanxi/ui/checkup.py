"""Whether the scripts and styles of the pages are there, and those of this version."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.checkup import Check, Finding, Level, register
from guanxi.core.checkup.registry import Facts

BUNDLES = ("guanxi/dist/app.js", "guanxi/dist/app.css")
SCRIPT = BUNDLES[0]


def look_at_static_files() -> Facts:
    """Which files are missing, and whether those that are served are another version's."""
    root = Path(settings.STATIC_ROOT)
    sources = {name: finders.find(name) for name in BUNDLES}
    facts: Facts = {
        "unbuilt": [name for name, path in sources.items() if not path],
        "is_collected": (root / ".prepared").is_file(),
        "missing": [],
        "is_old": False,
    }
    if facts["unbuilt"] or not facts["is_collected"]:
        return facts
    try:
        names = json.loads((root / "staticfiles.json").read_text())["paths"]
    except (OSError, ValueError, KeyError):
        return {**facts, "missing": ["staticfiles.json"]}
    facts["missing"] = [name for name in BUNDLES if not (root / names.get(name, "-")).is_file()]
    # Scripts are taken as they are, so the name tells the contents.
    digest = hashlib.md5(Path(str(sources[SCRIPT])).read_bytes(), usedforsecurity=False).hexdigest()[:12]
    facts["is_old"] = digest not in names.get(SCRIPT, "")
    return facts


def tell_of_static_files(facts: Facts) -> Iterator[Finding]:
    """Do pages have their scripts and styles?"""
    why = _("Pages look bare, and much on them does nothing.")
    if facts["unbuilt"]:
        text = _("Scripts of the pages are missing: %(names)s.") % {"names": ", ".join(facts["unbuilt"])}
        yield Finding("static", Level.PROBLEM, text, why, _("Install Guanxi anew; from the source: script/setup"))
    elif facts["missing"]:
        text = _("Files that pages are served with are gone: %(names)s.") % {"names": ", ".join(facts["missing"])}
        remedy = _("Remove the folder %(path)s and start guanxi up again.") % {"path": settings.STATIC_ROOT}
        yield Finding("static", Level.PROBLEM, text, why, remedy)
    elif facts["is_old"]:
        text = _("Pages are served with the scripts of another version.")
        yield Finding("static", Level.WARNING, text, why, _("Stop Guanxi and start guanxi up again."))
    elif not facts["is_collected"]:
        yield Finding("static", Level.OK, _("The files of the pages are made ready when guanxi up starts."))
    else:
        yield Finding("static", Level.OK, _("Pages have their scripts and styles."))


register(
    Check(
        "static", gettext_lazy("Files of the pages"), look_at_static_files, tell_of_static_files, needs_database=False
    ),
    order=50,
)
