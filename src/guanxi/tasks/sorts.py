"""The sorts of notification: what each says, and what its owner may choose about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.checkup import checks
from guanxi.core.registry import Registry

Words = Callable[[str, str, Mapping[str, Any], int], str]


@dataclass(frozen=True)
class Sort:
    """One sort of notification; `words(who, about, data, count)` gives its sentence in the reader's language.

    `who` and `about` are names; `about` is '' where the record is not open to the reader (any more).
    """

    key: str
    label: str | Promise
    words: Words
    icon: str = "bell"
    hint: str | Promise = ""
    # The name of the page that a notification without a record leads to.
    page: str = ""


sorts: Registry[Sort] = Registry("sorts of notification")


def register(sort: Sort, order: int = 100) -> Sort:
    """Add a sort of notification."""
    return sorts.add(sort.key, sort, order=order)


def _assigned(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A task was given."""
    return _("%(who)s gave you a task: %(about)s") % {"who": who, "about": about or _("a task")}


def _due(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A reminder."""
    return _("Reminder: %(about)s") % {"about": about or _("a task")}


def _done(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A task that one has set was done."""
    if data.get("state") == "dropped":
        return _("%(who)s dropped the task %(about)s") % {"who": who, "about": about or _("that you set")}
    return _("%(who)s has done %(about)s") % {"who": who, "about": about or _("a task that you set")}


def _mentioned(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """Somebody wrote one's name."""
    return _("%(who)s mentioned you on %(about)s") % {"who": who, "about": about or _("a record")}


def _followed(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A record that one follows changed, or several at once."""
    many = data.get("many", 1)
    if isinstance(many, int) and many > 1:
        return _("%(who)s changed %(count)s records that you follow at once") % {"who": who, "count": many}
    about = about or _("a record that you follow")
    if count > 1:
        return _("%(who)s and others changed %(about)s, %(count)s times") % {
            "who": who,
            "about": about,
            "count": count,
        }
    return _("%(who)s changed %(about)s") % {"who": who, "about": about}


def _trouble(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """Something is wrong with the installation."""
    check = checks.get(str(data.get("check", "")))
    label = str(check.label) if check is not None else _("the installation")
    return _("Something needs to be put right: %(what)s") % {"what": label}


register(Sort("task.assigned", gettext_lazy("Somebody gives me a task"), _assigned, "list-check"), 10)
register(Sort("task.due", gettext_lazy("A task of mine is to be remembered"), _due, "clock"), 20)
register(Sort("task.ended", gettext_lazy("A task that I set is done or dropped"), _done, "check"), 30)
register(Sort("mention", gettext_lazy("Somebody mentions me"), _mentioned, "at"), 40)
register(Sort("followed", gettext_lazy("A record that I follow changes"), _followed, "eye"), 50)
register(
    Sort(
        "trouble",
        gettext_lazy("The installation needs care (a backup failed, the disk is full …)"),
        _trouble,
        "alert-triangle",
        page="people:health",
    ),
    60,
)
