"""What the law sets, as dated parameters: read for a day, added to, never overwritten."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.customers.models import LegalParameter

NAMES: dict[str, Promise] = {
    "request.due_days": gettext_lazy("Days to answer a request about personal data"),
    "request.eu_months": gettext_lazy("Months to answer a request by the law of the European Union"),
    "request.eu_extension_months": gettext_lazy("Months by which such a request may be put off"),
    "minor.age": gettext_lazy("Age below which a guardian must consent"),
    "orders.keep_years": gettext_lazy("Years for which orders are kept for the accounts"),
    "logs.keep_days": gettext_lazy("Days for which logs are kept at least"),
    "trade.keep_years": gettext_lazy("Years for which it is kept who traded what"),
    "assessment.keep_years": gettext_lazy("Years for which impact assessments are kept"),
}
LIMIT = 100_000


def name_parameter(key: str, label: Promise) -> None:
    """Let a module above have a parameter of its own; its rows come with the module's migrations."""
    NAMES[key] = label


def number(key: str, on: date | None = None) -> int:
    """The number in force on a day; a company without the row is told so rather than given a guess."""
    rows = LegalParameter.objects.filter(key=key, valid_from__lte=on or clock.today()).order_by("-valid_from")
    value = rows.values_list("value", flat=True).first()
    if not isinstance(value, int):
        raise InvalidInput(_("The legal parameter “%(key)s” is not set. Enter it in the settings.") % {"key": key})
    return value


def in_force(on: date | None = None) -> list[LegalParameter]:
    """The row in force of each parameter, in the order of the keys."""
    found: dict[str, LegalParameter] = {}
    for row in LegalParameter.objects.filter(valid_from__lte=on or clock.today()).order_by("key", "valid_from"):
        found[row.key] = row
    return list(found.values())


def set_parameter(
    *,
    actor: Actor,
    key: str,
    value: Any,
    valid_from: date,
    source: str,
    note: str = "",
    jurisdiction: str = "",
    is_checked: bool = False,
) -> LegalParameter:
    """A value from a day on; the same day again corrects that row, whose old value stays in the journal."""
    access.require(actor, "privacy", "manage")
    if key not in NAMES:
        raise InvalidInput(_("There is no such parameter."), column="key")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LIMIT:
        raise InvalidInput(_("A whole number above 0 is needed."), column="value")
    if not source.strip():
        raise InvalidInput(_("Name the law and the article."), column="source")
    values = {
        "value": value,
        "source": source.strip()[:300],
        "note": note.strip()[:500],
        "jurisdiction": jurisdiction.strip()[:20],
        "checked_on": clock.today() if is_checked else None,
    }
    with changes.operation(actor=actor, name="privacy.set_parameter") as op:
        row: LegalParameter | None = LegalParameter.objects.filter(key=key, valid_from=valid_from).first()
        if row is None:
            made: LegalParameter = op.create(
                LegalParameter(key=key, valid_from=valid_from, created_at=clock.now(), **values)
            )
            return made
        op.update(row, **values)
        return row


def _beginning(key: str, day: str) -> LegalParameter | None:
    """The row of a parameter that begins on a day as a form writes it."""
    try:
        return LegalParameter.objects.filter(key=key, valid_from=date.fromisoformat(day)).first()
    except ValueError:
        return None


def latest_number(key: str) -> int:
    """The number of the row that was added last for a parameter, 0 for none."""
    return LegalParameter.objects.filter(key=key).order_by("-pk").values_list("pk", flat=True).first() or 0


def values_of(key: str, valid_from: str = "") -> dict[str, Any]:
    """What a form about a parameter begins with: the row that begins on a day, else the one in force."""
    if key not in NAMES:
        raise NotFound(_("There is no such parameter."))
    row = _beginning(key, valid_from) or next((row for row in in_force() if row.key == key), None)
    if row is None:
        return {"valid_from": clock.today()}
    names = ("value", "source", "jurisdiction", "note", "valid_from")
    return {name: getattr(row, name) for name in names}
