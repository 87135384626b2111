"""What an erasure would do: what goes, what is emptied, what stays and why, and who else speaks of the person."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.text import capfirst

from guanxi.core import personal_data
from guanxi.core.erasing import Mention, Person, erasers, mentions
from guanxi.core.models import Change
from guanxi.core.personal_data import Category, Erasing, Statement
from guanxi.core.sentences import Sentence
from guanxi.core.sentences import gettext as _
from guanxi.customers.models import Hold
from guanxi.customers.privacy import holdings, legal
from guanxi.files.public import StoredFile

SHOWN = 20
LONG_ENOUGH = 2
EMPTY = RawSQL("''", ())  # in the statement itself, so that a partial index over what is not empty is used
# Models whose kept rows end by a parameter of the law.
ENDS = {"orders": "orders.keep_years"}


@dataclass
class Preview:
    """What would become of a person's data."""

    person: Person
    goes: list[tuple[str, int]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    emptied: list[tuple[str, int]] = field(default_factory=list)
    kept: list[tuple[Statement, int, Sentence]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)


def preview(customer_id: int, *, looks_for_mentions: bool = True) -> Preview:
    """Look everywhere and write nothing; for mentions every text is read, which takes long in a large archive."""
    person = holdings.person_of(customer_id)
    found = Preview(person, holds=list(Hold.objects.filter(customer__in=person.customer_ids, released_at__isnull=True)))
    held = holdings.held_by(person.customer_ids)
    # What stands in the way of an erasure does not go with it.
    held -= {Hold._meta.label} if found.holds else set()
    for statement in (one for one in holdings.statements() if one.label in held):
        count = holdings.rows_of(statement, person.customer_ids).count()
        name = capfirst(str(statement.model._meta.verbose_name_plural))
        if statement.erasing == Erasing.DELETE:
            found.goes.append((name, count))
            continue
        if statement.erasing in {Erasing.BLANK, Erasing.PSEUDONYM}:
            found.emptied.append((name, count))
        found.kept.append((statement, count, until(statement.retention)))
    found.places = {key: count for key, eraser in erasers.items() if (count := eraser.count(person))}
    found.goes += [(str(erasers[key].label), count) for key, count in found.places.items()]
    if files := holdings.count_files(person.customer_ids, going=True):
        found.goes.append((_("Files"), files))
    if files := holdings.count_files(person.customer_ids, going=False):
        statement = personal_data.statements[StoredFile._meta.label]
        found.kept.append((statement, files, until(statement.retention)))
    journal = journal_rows(person).filter(erased_at__isnull=True).count()
    found.emptied += [(_("Values in the journal"), journal)] if journal else []
    if looks_for_mentions:
        found.mentions = [mention for look in mentions for mention in look(person)] + in_words(person)
    return found


def until(retention: str) -> Sentence:
    """When rows that stay end, in words."""
    if retention in ENDS:
        return _("%(count)d years after the year of the order") % {"count": legal.number(ENDS[retention])}
    return _("as long as the company keeps its figures")


def journal_rows(person: Person) -> QuerySet[Change]:
    """The journal's rows about the person, whichever record they name."""
    numbers = list(person.customer_ids)
    own = ("customer", "personprofile", "organisationprofile", "internalprofile", "corecard", "standing")
    return Change.objects.filter(Q(customer_id__in=numbers) | Q(kind__in=own, record_id__in=numbers))


def in_words(person: Person) -> list[Mention]:
    """Free texts of other customers' records that name the person; no program can judge those."""
    told = [word for word in person.words() if len(word) > LONG_ENOUGH or not word.isascii()][:SHOWN]
    # Whoever holds the longer of two words, one of them inside the other, holds the shorter.
    words = [word for word in told if not any(other != word and other in word for other in told)]
    if not words:
        return []
    found: list[Mention] = []
    for statement in holdings.statements():
        columns = [
            name
            for held in statement.held
            if held.category in {Category.CONTENT, Category.SENSITIVE} and held.form == "text"
            for name in held.fields
        ]
        if not columns:
            continue
        condition = Q()
        for column in columns:
            named = Q()
            for word in words:
                named |= Q(**{f"{column}__contains": word})
            # Most texts are empty: that is quicker to see than that no word stands in them.
            condition |= Q(**{f"{column}__gt": EMPTY}) & named
        mine = holdings.rows_of(statement, person.customer_ids).values("pk")
        rows = statement.model._base_manager.filter(condition).exclude(pk__in=mine)[: SHOWN + 1]
        for row in rows:
            customer = row if statement.customer == "pk" else getattr(row, "customer", None)
            url = customer.get_absolute_url() if customer is not None and hasattr(customer, "get_absolute_url") else ""
            found.append(Mention(_("A text of another record"), str(row.pk), url, statement.label))
    return found[:SHOWN]
