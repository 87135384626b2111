"""Which migrations were landed, by the digest of their files; `script/keep_schema` adds to it."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "tests" / "schemas"
LIST = FOLDER / "landed.json"


def standing() -> dict[str, str]:
    """Every migration of ours as it stands: path and digest."""
    found = sorted((ROOT / "src" / "guanxi").glob("*/migrations/0*.py"))
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def landed() -> dict[str, str]:
    """The migrations that were landed."""
    return json.loads(LIST.read_text())


def keep(migrations: dict[str, str]) -> None:
    """Write the list."""
    LIST.write_text(json.dumps(dict(sorted(migrations.items())), indent=1) + "\n")


def dumps() -> list[Path]:
    """The dumps, the oldest first: several may bear one date."""
    from guanxi.core.backup.keys import Keys  # only where Django is set up
    from guanxi.core.backup.reading import opened

    def age(path: Path) -> tuple[str, int]:
        """The date, and how many migrations there were."""
        with opened(path, Keys()) as backup:
            return path.name[:10], len(backup.manifest.migrations)

    return sorted(FOLDER.glob("*.guanxi"), key=age)
