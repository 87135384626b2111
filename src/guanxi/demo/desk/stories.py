"""Matters as stories: each gives the moment of its next act, and goes on when that has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from guanxi.conversations.choices import ChannelKind
from guanxi.core.records import RecordRef
from guanxi.demo.desk.acts import BY_HAND, Talk
from guanxi.demo.desk.buyers import Buyer, Buyers
from guanxi.demo.desk.company import Company
from guanxi.demo.desk.matters import CUSTOMER, NOTE, Matter
from guanxi.demo.desk.times import Times
from guanxi.service.complaints.services.promises import keep_promise, make_promise, release_promise
from guanxi.service.models import Promise
from guanxi.service.services.moments import mark_moment
from guanxi.service.services.parts import link_record, tick_step
from guanxi.tasks.models import Task
from guanxi.tasks.public import TaskState, end_task

AGENTS = {"zh-hans": "agent", "en": "agent2"}
SOLVED = ("closed", "solved")
CLOSES = "+3d 17:30"


@dataclass(frozen=True)
class World:
    """What all stories share."""

    company: Company
    buyers: Buyers
    times: Times


def talk_of(world: World, number: int, matter: Matter, language: str, agent: str = "") -> tuple[Talk, Buyer]:
    """A conversation about a matter with somebody who bought the goods; nothing is said yet."""
    needs = "phone" if matter.kind in BY_HAND else "email"
    buyer = world.buyers.find(matter.product, language=language, needs=needs, who=matter.who)
    talk = Talk(
        number=number,
        channels=world.company.channels,
        kind=ChannelKind(matter.kind),
        language=language,
        agent=world.company.actor(agent or AGENTS[language]),
        customer=buyer.customer,
        name=buyer.customer.name,
        address=buyer.phone if matter.kind in BY_HAND else buyer.email,
        subject=matter.subject,
    )
    return talk, buyer


def words(text: str, talk: Talk, buyer: Buyer) -> str:
    """A text with the names of this conversation."""
    order = buyer.order.number if buyer.order is not None else ""
    return text.format(name=buyer.customer.name, dear=buyer.dear, order=order, agent=talk.agent.name)


def tell_matter(world: World, number: int, matter: Matter, when: str, language: str) -> Iterator[datetime]:
    """A matter from its first word to its end, as far as it has come."""
    talk, buyer = talk_of(world, number, matter, language, matter.agent)
    at, promise = None, None
    for place, (who, then, text) in enumerate(matter.lines):
        at = world.times.moment(then if place else when, at)
        yield at
        side, _colon, kind = who.partition(":")
        said = words(text, talk, buyer)
        if side == CUSTOMER:
            talk.hear(said, ChannelKind(kind) if kind else None)
        elif side == NOTE:
            talk.take()
            talk.note(said)
        else:
            is_first = not any(one[0][0] == "a" for one in matter.lines[:place])
            talk.say(said, ChannelKind(kind) if kind else None)
            if is_first:
                yield at
                _look_into(world, talk, buyer, matter)
                promise = _promise(world, talk, matter, at)
    if at is None or matter.end == "new":
        return
    yield at
    yield from _end(world, talk, buyer, matter, at, promise)


def _look_into(world: World, talk: Talk, buyer: Buyer, matter: Matter) -> None:
    """What is written down with the first answer: type, category, goods and order."""
    if talk.kind in BY_HAND and talk.language == "en":
        talk.pass_on(world.company.queues["english"].pk)
    talk.classify(
        case_type=matter.case_type,
        category=world.company.categories[matter.category],
        product=world.buyers.products.get(matter.product) if matter.case_type != "praise" else None,
        impact=matter.impact,
        urgency=matter.urgency,
    )
    if buyer.order is not None and "{order}" in matter.lines[0][2]:
        link_record(actor=talk.agent, case_id=talk.case.pk, about=RecordRef("order", buyer.order.pk))


def _promise(world: World, talk: Talk, matter: Matter, at: datetime) -> Promise | None:
    """What was promised along with the first answer."""
    if matter.promise is None:
        return None
    text, due, _came = matter.promise
    return make_promise(actor=talk.agent, case_id=talk.case.pk, text=text, due_at=world.times.moment(due, at))


def _end(
    world: World, talk: Talk, buyer: Buyer, matter: Matter, at: datetime, promise: Promise | None
) -> Iterator[datetime]:
    """How it ends, or where it stands."""
    if promise is not None and matter.promise is not None and matter.promise[2] == "kept":
        keep_promise(actor=talk.agent, promise_id=promise.pk)
        # Of a promise that was kept late there is a task to talk to the customer: it was done with this.
        for task in Task.objects.filter(about_kind="customer", about_id=buyer.customer.pk, state=TaskState.OPEN):
            end_task(actor=talk.agent, task_id=task.pk)
    if promise is not None and matter.promise is not None and matter.promise[2] == "released":
        release_promise(actor=talk.agent, promise_id=promise.pk, note="客户说不急，随下次订单即可。")
    if matter.end not in SOLVED:
        if matter.end in {"waiting", "held"}:
            talk.move(matter.end)
        return
    for step in talk.case.steps.filter(done_at__isnull=True):
        tick_step(actor=talk.agent, step_id=step.pk, is_done=True)
    talk.move("solved")
    talk.finish()
    if matter.end == "solved":
        return
    if matter.after is not None:
        at = world.times.moment(matter.after[0], at)
        yield at
        talk.say(words(matter.after[1], talk, buyer))
        talk.finish()
    at = world.times.moment(CLOSES, at)
    yield at
    for criterion, is_met in matter.marks:
        mark_moment(actor=world.company.actor("manager"), case_id=talk.case.pk, criterion=criterion, is_met=is_met)
    talk.move("closed")
