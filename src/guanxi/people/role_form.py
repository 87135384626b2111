"""The form of a role: its names, a list for each right and each field that may be hidden. The page draws it as a grid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.actor import Act
from guanxi.core.models import Role
from guanxi.core.models.people import Scope, Visibility
from guanxi.people import role_grid, role_hands
from guanxi.people import roles as services
from guanxi.ui.forms import RecordForm
from guanxi.ui.together import Hand
from guanxi.ui.together.settling import OPENED, read_opened

MAY, SEES = "may", "sees"


class RoleForm(RecordForm):
    """What a role is called, may do and sees; rights are called `may:customer:view`, fields `sees:customer:tax_id`."""

    name_en = forms.CharField(label=pgettext_lazy("role", "English name"), required=False)
    name_zh = forms.CharField(label=pgettext_lazy("role", "Chinese name"), required=False)
    requires_mfa = forms.BooleanField(label=pgettext_lazy("role", "Asks for a second factor"), required=False)

    def __init__(self, data: Any = None, *, role: Role | None = None) -> None:
        """Begin with what the role may do and sees now."""
        self.stands = {
            **_named(MAY, services.permissions_of(role) if role else {}),
            **_named(SEES, services.fields_of(role) if role else {}),
        }
        initial: dict[str, Any] = {**self.stands}
        if role is not None:
            initial |= {"name_en": role.name_en, "name_zh": role.name_zh, "requires_mfa": role.requires_mfa}
        super().__init__(data, initial=initial)
        self.own_fields = services.own_fields()
        permissions, fields = _given(self.stands, MAY), _given(self.stands, SEES)
        cells = [cell for row in role_grid.rows(permissions) for cell in (*row["cells"], *row["further"])]
        self._add(cells, [("", "–"), *Scope.choices])
        self._add(
            [cell for group in role_grid.guarded_fields(fields, self.own_fields) for cell in group["fields"]],
            [("", _("shown")), *Visibility.choices],
        )

    def _add(self, cells: Iterable[Mapping[str, Any]], choices: Sequence[tuple[str, Any]]) -> None:
        """A list for each cell; the service says which values can be."""
        for cell in cells:
            widget = forms.Select(choices=choices)
            self.fields[cell["name"]] = forms.CharField(label=cell["label"], required=False, widget=widget)

    def names(self) -> tuple[str, str]:
        """The two names as they are to be."""
        return self["name_en"].value() or "", self["name_zh"].value() or ""

    def requires_factor(self) -> bool:
        """Whether people of the role must have a second factor."""
        return bool(self["requires_mfa"].value())

    def permissions(self) -> dict[Act, str]:
        """What the role is to be able to do."""
        return _given(self._settled(), MAY)

    def hidden_fields_by_role(self) -> dict[Act, str]:
        """The fields that the role is not to see in full."""
        return _given(self._settled(), SEES)

    def _settled(self) -> Mapping[str, Any]:
        """What was sent, settled with what others did; a list that the page did not have yet stands as it is."""
        if not self.is_bound:
            return self.stands
        self.is_valid()
        opened = read_opened(self.data.get(OPENED, ""))
        kept = {name: value for name, value in self.stands.items() if opened and name not in opened}
        return {**kept, **dict(self.data.items())}

    def hands(self, names: Sequence[str]) -> dict[str, Hand]:
        """Who changed these last: rights are rows of their own."""
        if not isinstance(self.record, Role):
            return {}
        own = [name for name in names if ":" not in name]
        cells = [name for name in names if ":" in name]
        return {**super().hands(own), **(role_hands.hands(self.record, cells) if cells else {})}


def _named(start: str, held: Mapping[Act, str]) -> dict[str, str]:
    """Choices by the names of their lists."""
    return {f"{start}:{kind}:{name}": value for (kind, name), value in held.items()}


def _given(data: Mapping[str, Any], start: str) -> dict[Act, str]:
    """The choices of a form: `may:customer:view` and the like."""
    found = {}
    for name, value in data.items():
        parts = name.split(":")
        if len(parts) == 3 and parts[0] == start and value:
            found[(parts[1], parts[2])] = str(value)
    return found
