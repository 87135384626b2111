"""What imports keep of a person, taken away: values of updates, refused rows, cells that were mended."""

import csv
from contextlib import ExitStack
from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.changes import OperationInHand
from guanxi.core.erasing import Eraser, Mention, Person, erasers, mentions
from guanxi.importing.choices import ImportState
from guanxi.importing.engine.folders import Folder, imports_folder
from guanxi.importing.engine.refusals import reasons_of
from guanxi.importing.engine.uploaded import upload_of
from guanxi.importing.models import Import, ImportUpdate
from guanxi.importing.neutral import plain

OPEN = (ImportState.DRAFT, ImportState.CHECKING, ImportState.CHECKED, ImportState.FAILED)


def _updates(person: Person) -> int:
    """How many fields imports changed of the person."""
    return ImportUpdate.objects.filter(kind="customer", record_id__in=person.customer_ids).count()


def _erase_updates(op: OperationInHand, person: Person) -> int:
    """Drop what was before and after; taking the import back leaves the person alone from now on."""
    rows = ImportUpdate.objects.filter(kind="customer", record_id__in=person.customer_ids)
    return rows.delete()[0]  # house: writes: an erasure, journaled by its caller


def _speaks_of(cells: list[str], person: Person) -> bool:
    """Whether a row of a file names the person in one of its cells."""
    words = set(person.words())
    return any(plain(cell).strip() in words for cell in cells)


def _refused_files() -> list[Path]:
    """The files of refused rows that stand."""
    return sorted(imports_folder().glob("*/" + Folder(imports_folder()).refused.name))


def _refused(person: Person) -> int:
    """How many refused rows name the person."""
    count = 0
    for path in _refused_files():
        with path.open(encoding="utf-8-sig", newline="") as file:
            count += sum(_speaks_of(row[3:], person) for row in csv.reader(file))
    return count


def _erase_refused(op: OperationInHand, person: Person) -> int:
    """Write the files of refused rows anew without those that name the person."""
    count = 0
    for path in _refused_files():
        gone = _without(path, person)
        count += gone
    return count


def _without(path: Path, person: Person) -> int:
    """Write a file of refused rows and the reasons beside it anew; how many rows went."""
    beside = reasons_of(path)
    part, other = path.with_suffix(".erasing"), beside.with_suffix(".erasing-reasons")
    gone = 0
    with ExitStack() as stack:
        rows = csv.reader(stack.enter_context(path.open(encoding="utf-8-sig", newline="")))
        kept = csv.writer(stack.enter_context(part.open("w", encoding="utf-8-sig", newline="")))
        reasons = iter(stack.enter_context(beside.open("rb"))) if beside.exists() else iter(())
        reasons_kept = stack.enter_context(other.open("wb"))
        for number, row in enumerate(rows):
            reason = next(reasons, b"") if number else b""  # the first row is the heading
            if _speaks_of(row[3:], person):
                gone += 1
            else:
                kept.writerow(row)
                reasons_kept.write(reason)
    for made, place in ((part, path), (other, beside)):
        made.replace(place) if gone and place.exists() else made.unlink()
    return gone


def _corrected(person: Person) -> list[Import]:
    """Imports whose mended cells name the person."""
    words = person.words()
    rows = Import.objects.exclude(corrections={}).only("pk", "corrections")
    return [run for run in rows.iterator() if any(word in _texts(run.corrections) for word in words)]


def _texts(value: object) -> set[str]:
    """Every text inside a document."""
    if isinstance(value, dict):
        return set().union(*(_texts(inner) for inner in value.values()), set())
    if isinstance(value, list):
        return set().union(*(_texts(inner) for inner in value), set())
    return {value} if isinstance(value, str) else set()


def _erase_corrected(op: OperationInHand, person: Person) -> int:
    """Drop mended cells of imports that are over."""
    numbers = [run.pk for run in _corrected(person)]
    rows = Import.objects.filter(pk__in=numbers)
    return rows.update(corrections={})  # house: writes: an erasure, journaled by its caller


def _open_files(person: Person) -> list[Mention]:
    """Files that wait to be brought in and may bring the person back."""
    found = []
    for run in Import.objects.filter(state__in=OPEN).order_by("-pk")[:100]:
        path = upload_of(run)
        if path is not None and _holds(path, person):
            found.append(
                Mention(
                    _("A file that waits to be brought in"),
                    run.file_name,
                    reverse("importing:show", args=[run.public_id]),
                )
            )
    return found


def _holds(path: Path, person: Person) -> bool:
    """Whether the bytes of a plain file name the person; packed files cannot be told."""
    words = [word.encode() for word in person.words()]
    with path.open("rb") as file:
        rest = b""
        while block := file.read(1 << 20):
            window = rest + block
            if any(word in window for word in words):
                return True
            rest = block[-1_000:]
    return False


erasers.add("importing.updates", Eraser(gettext_lazy("What imports changed of the person"), _updates, _erase_updates))
erasers.add("importing.refused", Eraser(gettext_lazy("Refused rows of files"), _refused, _erase_refused))
erasers.add(
    "importing.corrections",
    Eraser(gettext_lazy("Mended cells of files"), lambda person: len(_corrected(person)), _erase_corrected),
)
mentions.add("importing.open", _open_files)
