"""A form in which two people may meet: it settles what was sent, asks, and tells what changed meanwhile."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from guanxi.core.live.topics import topic_of
from guanxi.core.records import kind_of
from guanxi.ui import cells
from guanxi.ui.together import fields
from guanxi.ui.together.settling import ASKED, CHOICE, OPENED, Question, digest, read_opened, settle
from guanxi.ui.together.who import Hand, Setting


class Meeting:
    """What became of the fields of one form."""

    def __init__(self, form: Any) -> None:
        """Settle later: the form's own fields are not all there yet."""
        self.form = form
        self.left_alone: frozenset[str] = frozenset()
        self.asked: frozenset[str] = frozenset()
        self._is_settled = False

    def settle(self) -> None:
        """Compare, once, what was opened, what stands and what was sent."""
        form = self.form
        if self._is_settled:
            return
        self._is_settled = True
        opened = read_opened(form.data.get(OPENED, ""))
        if not opened or not hasattr(form.data, "copy"):
            return
        names = [name for name in fields.compared(form) if name in opened]
        outcome = settle(
            opened=opened,
            now={name: fields.sorted_standing(form, name) for name in names},
            mine={name: fields.sorted_sent(form, name) for name in names},
            chosen={name: form.data.get(CHOICE + name, "") for name in names},
            asked=frozenset(form.data.get(ASKED, "").split(",")),
        )
        self.left_alone, self.asked = outcome.left_alone, outcome.asked
        for name in outcome.asked & form.sealed.keys():
            # Nothing that was entered is lost: it goes back to the one page of whoever entered it.
            form.fields[name].widget.render_value = True
        data = form.data.copy()
        for name in outcome.left_alone:
            fields.take(data, form, name)
        form.data = data

    @property
    def is_carried(self) -> bool:
        """Whether the form says how its fields were opened: it is about a record."""
        return self.form.record is not None

    @property
    def opened(self) -> str:
        """The marks for the form to carry."""
        return fields.marks(self.form)

    @property
    def named(self) -> str:
        """What its texts are called, for a page that shows them when the record has gone."""
        return fields.names_of_texts(self.form)

    @property
    def asked_names(self) -> str:
        """The fields that are asked, for the form to carry."""
        return ",".join(sorted(self.asked))

    @property
    def typed_names(self) -> str:
        """The fields that hold what the person gave, in a form that came back."""
        return ",".join(name for name in fields.compared(self.form) if name not in self.left_alone)

    @property
    def questions(self) -> list[Question]:
        """The fields to choose in, in the order of the form."""
        form = self.form
        names = [name for name in form.fields if name in self.asked]
        hand = form.hands(names) if names and form.record is not None else {}
        return [
            Question(
                name=name,
                label=form[name].label,
                mine=_("What you entered")
                if name in form.sealed
                else fields.in_words(form, name, fields.sent(form, name)),
                theirs=fields.in_words(form, name, fields.standing(form, name)),
                hand=hand.get(name),
                chosen=form.data.get(CHOICE + name, ""),
            )
            for name in names
        ]

    @property
    def topic(self) -> str:
        """The live topics that tell of changes of the record or settings; '' when nobody can listen."""
        record = self.form.record
        if isinstance(record, Setting):
            return record.topics
        if not isinstance(record, models.Model):
            return ""
        customer_id = getattr(record, "customer_id", None)
        return topic_of(kind_of(type(record)), record.pk) or (topic_of("customer", customer_id) if customer_id else "")

    def news(self, request: HttpRequest) -> dict[str, Any]:
        """How every field stands by now, and who changed it last, for a page on which the form is open."""
        names = fields.compared(self.form)
        hand = self.form.hands(names)
        context = cells.Context(actor=request.actor)  # type: ignore[attr-defined]
        told = {}
        for name in names:
            values = fields.standing(self.form, name)
            is_sealed = name in self.form.sealed
            words = None if is_sealed else fields.in_words(self.form, name, values)
            told[name] = {
                "mark": digest(fields.sorted_standing(self.form, name)),
                "values": values,
                "said": said(hand.get(name), words, context),
                "sealed": is_sealed,
            }
        return {"fields": told}


def said(hand: Hand | None, words: str | None, context: cells.Context) -> str:
    """What an open form says of a field that somebody else changed; without its value where that is never shown."""
    if words is None:
        if hand is None:
            return _("Changed meanwhile.")
        return _("%(who)s changed this %(when)s.") % {"who": hand.name, "when": cells.ago(hand.at, context)}
    shown = words if len(words) <= 80 else f"{words[:79]}…"
    if hand is None:
        return _("Changed meanwhile to “%(value)s”.") % {"value": shown}
    values = {"who": hand.name, "value": shown, "when": cells.ago(hand.at, context)}
    if not shown:
        return _("%(who)s emptied this %(when)s.") % values
    return _("%(who)s changed this to “%(value)s” %(when)s.") % values
