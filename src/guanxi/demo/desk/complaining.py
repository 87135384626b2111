"""Complaints as stories: through the six steps, as far as each has come."""

from collections.abc import Iterator
from datetime import datetime

from guanxi.conversations.choices import ChannelKind
from guanxi.demo.desk.acts import BY_HAND, Talk
from guanxi.demo.desk.buyers import Buyer
from guanxi.demo.desk.grievances import SALES, STEPS, Told
from guanxi.demo.desk.matters import Matter
from guanxi.demo.desk.stories import World, talk_of, words
from guanxi.service.complaints.services import handling, promises, remedies
from guanxi.service.models import Cause, Promise, Remedy, RemedyKind
from guanxi.service.services.parts import tick_step
from guanxi.workflow.models import Approval
from guanxi.workflow.services.approvals import decide_approval


def tell_complaint(world: World, number: int, told: Told) -> Iterator[datetime]:
    """One complaint, step by step."""
    story = _Story(world, number, told)
    yield from story.begin()
    for place, step in enumerate(STEPS[:-1]):
        if place:
            yield story.on(story.told.pace, "10:20")
        yield from getattr(story, step)()
        if STEPS[place] == told.until:
            return
        story.end(step)
    yield from story.close()


class _Story:
    """One complaint with all that is known of it by now."""

    def __init__(self, world: World, number: int, told: Told) -> None:
        """Find who complains."""
        self.world, self.told = world, told
        matter = Matter(told.kind, told.product, "complaint", told.category, told.subject, (told.when,), ())
        found: tuple[Talk, Buyer] = talk_of(world, number, matter, told.language, told.handled_by)
        self.talk, self.buyer = found
        self.at = world.times.moment(told.when)
        self.remedies: list[Remedy] = []
        self.promise: Promise | None = None

    def on(self, days: int, clock: str) -> datetime:
        """Go on so many working days later."""
        self.at = self.world.times.moment(f"+{days}d {clock}", self.at)
        return self.at

    def later(self, told: str) -> datetime:
        """Go on a little later."""
        self.at = self.world.times.moment(told, self.at)
        return self.at

    @property
    def case_id(self) -> int:
        """The case."""
        return self.talk.case.pk

    def end(self, step: str) -> None:
        """The step is over."""
        handling.end_step(actor=self.talk.agent, case_id=self.case_id, step=step)

    def begin(self) -> Iterator[datetime]:
        """The customer complains, and is answered the same day."""
        yield self.at
        self.talk.hear(words(self.told.words, self.talk, self.buyer))
        yield self.later("+20m")
        self.talk.say(words(self.told.first, self.talk, self.buyer))
        yield self.at
        self.talk.pass_on(self.world.company.queues["complaints"].pk)
        product = self.world.buyers.products.get(self.told.product)
        category = self.world.company.categories[self.told.category]
        self.talk.classify(case_type="complaint", category=category, product=product, impact=2)

    def record(self) -> Iterator[datetime]:
        """Grade, authority, what is asked for."""
        yield self.later("+10m")
        values = {"grade": self.told.grade, "wanted": self.told.wanted}
        if self.told.authority is not None:
            kind, number = self.told.authority
            values |= {"authority": kind, "authority_number": number.format(year=self.at.year)}
        handling.record_complaint(actor=self.talk.agent, case_id=self.case_id, values=values)
        for step in self.talk.case.steps.all()[:1]:
            self._tick(step.pk)

    def _tick(self, step_id: int) -> None:
        """One item of the checklist is done."""
        tick_step(actor=self.talk.agent, step_id=step_id, is_done=True)

    def investigate(self) -> Iterator[datetime]:
        """Statements and evidence."""
        who, said = self.told.statement
        if said:
            handling.add_evidence(actor=self.talk.agent, case_id=self.case_id, sort="statement", text=said, said_by=who)
        if self.told.photo:
            handling.add_evidence(actor=self.talk.agent, case_id=self.case_id, sort="photo", text=self.told.photo)
        yield self.later("+30m")

    def settle(self) -> Iterator[datetime]:
        """The responsible unit, which may object once."""
        unit = self.world.company.unit(self.told.unit)
        handling.settle_unit(actor=self.talk.agent, case_id=self.case_id, **unit)
        if self.told.objection is None:
            return
        reasons, is_upheld, answer = self.told.objection
        yield self.later("+2h")
        handling.object_to(actor=self.talk.agent, case_id=self.case_id, reasons=reasons)
        if not answer:
            return
        yield self.on(1, "09:40")
        other = self.world.company.unit(SALES) if is_upheld else {}
        handling.decide_objection(
            actor=self.world.company.actor("owner"),
            case_id=self.case_id,
            is_upheld=is_upheld,
            answer=answer,
            **other,
        )

    def plan(self) -> Iterator[datetime]:
        """Remedies within limits or approved, and the customer told."""
        for kind, text, minor in self.told.remedies:
            row = RemedyKind.objects.get(key=kind)
            self.remedies.append(
                remedies.plan_remedy(
                    actor=self.talk.agent, case_id=self.case_id, kind_id=row.pk, text=text, amount_minor=minor
                )
            )
        if self.told.until == "plan":
            return
        yield self.later("+3h")
        for remedy in self.remedies:
            self._approve(remedy)
        self.talk.say(self.told.told, ChannelKind.PHONE if self.talk.kind in BY_HAND else None)
        handling.tell_customer(
            actor=self.talk.agent, case_id=self.case_id, channel=_told_by(self.talk), told=self.told.told
        )
        if self.told.promise is not None:
            text, due = self.told.promise
            due_at = self.world.times.moment(due, self.at)
            first = self.remedies[0].pk
            self.promise = promises.make_promise(
                actor=self.talk.agent, case_id=self.case_id, text=text, due_at=due_at, remedy_id=first
            )

    def _approve(self, remedy: Remedy) -> None:
        """Whoever may approve it does."""
        approval = Approval.objects.filter(record_kind="remedy", record_id=remedy.pk, state="waiting").first()
        if approval is not None:
            who = "owner" if self.told.handled_by or remedy.amount_minor > 300_00 else "manager"
            decide_approval(actor=self.world.company.actor(who), approval_id=approval.pk, is_approved=True)

    def carry_out(self) -> Iterator[datetime]:
        """Remedies done, responsibility entered."""
        if self.told.until == "carry_out":
            return
        for remedy in self.remedies:
            remedies.finish_remedy(actor=self.talk.agent, remedy_id=remedy.pk)
        handling.enter_responsibility(actor=self.talk.agent, case_id=self.case_id, text=self.told.responsibility)
        yield self.later("+1h")

    def sum_up(self) -> Iterator[datetime]:
        """The cause, how it was found, what prevents it, and the customer's word."""
        cause = Cause.objects.get(key=self.told.cause)
        handling.sum_up(
            actor=self.talk.agent, case_id=self.case_id, cause_id=cause.pk, whys=self.told.whys,
            prevention=self.told.prevention,
        )  # fmt: skip
        for step in self.talk.case.steps.filter(done_at__isnull=True):
            self._tick(step.pk)
        for outcome, said in self.told.last:
            yield self.on(1, "15:10")
            handling.ask_customer(
                actor=self.talk.agent, case_id=self.case_id, outcome=outcome, channel=_told_by(self.talk), text=said
            )

    def close(self) -> Iterator[datetime]:
        """Closed by the rule; where the customer comes back with it, opened again."""
        yield self.later("+30m")
        self.talk.move("closed")
        self.talk.finish()
        if self.told.again:
            yield self.on(8, "09:15")
            self.talk.move("open")
            yield self.later("+1m")
            self.talk.hear(words(self.told.again, self.talk, self.buyer))


def _told_by(talk: Talk) -> str:
    """By which channel the customer is told."""
    return ChannelKind.PHONE if talk.kind in BY_HAND else talk.kind
