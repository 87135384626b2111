"""What is asked at each step, and how far it shows by itself from what happened in a case.

A finding is True, False, or None while it cannot be said. What a person said stands before it. `evidence(case)` reads
everything that criteria look at once, so that a case's sheet takes a fixed number of statements.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.choices import DeliveryState, Direction, MessageKind
from guanxi.conversations.models import Message
from guanxi.core.registry import Registry
from guanxi.service.choices import OPEN_STATES, CaseState, CaseType
from guanxi.service.models import Case, CaseClock, CaseLink
from guanxi.service.moments.choices import Step

# What was said so soon before or after the solution tells its outcome.
AROUND = timedelta(hours=24)
READ_AT_MOST = 400


@dataclass(frozen=True)
class Said:
    """One message, as far as criteria look at it."""

    at: datetime
    is_ours: bool
    text: str


@dataclass(frozen=True)
class Evidence:
    """What happened in a case, as far as criteria look at it."""

    case: Case
    said: tuple[Said, ...]
    customer_name: str
    first_answer_kept: bool | None
    step_count: int
    open_step_count: int
    is_linked: bool
    has_follow_up: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.case.state not in OPEN_STATES

    @property
    def ours(self) -> list[Said]:
        """What we said."""
        return [one for one in self.said if one.is_ours]


Finding = Callable[[Evidence], bool | None]


@dataclass(frozen=True)
class Criterion:
    """One thing that is asked at one step; without `finding` only a person can say it."""

    key: str
    step: Step
    label: str | Promise
    finding: Finding | None = None
    hint: str | Promise = ""
    case_types: frozenset[str] = frozenset()

    @property
    def shows_by_itself(self) -> bool:
        """Whether it is filled in from what happened; a template would call `finding` itself."""
        return self.finding is not None

    def is_asked_of(self, case_type: str) -> bool:
        """Whether it is asked in cases of this type."""
        return not self.case_types or case_type in self.case_types


criteria: Registry[Criterion] = Registry("criteria of moments of truth")


def evidence(case: Case) -> Evidence:
    """Read what criteria look at: five statements, whatever the case holds."""
    rows = Message.objects.filter(conversation=case.conversation_id, kind=MessageKind.MESSAGE, at__gte=case.opened_at)
    rows = rows.exclude(delivery=DeliveryState.FAILED)
    said = tuple(
        Said(row.at, row.direction == Direction.OUT, row.new_text)
        for row in rows.order_by("at", "id")[:READ_AT_MOST]
        if case.conversation_id is not None and not row.details.get("automatic")
    )
    kept = CaseClock.objects.filter(case=case, sort="first_answer").values_list("state", flat=True).first()
    steps = list(case.steps.values_list("done_at", flat=True))
    children = Case.objects.filter(parent=case, case_type=CaseType.FOLLOW_UP).exclude(state__in=OPEN_STATES)
    return Evidence(
        case=case,
        said=said,
        customer_name=case.customer.name if case.customer is not None else "",
        first_answer_kept={"met": True, "met_late": False, "broken": False}.get(kept or ""),
        step_count=len(steps),
        open_step_count=sum(1 for done_at in steps if done_at is None),
        is_linked=case.product_id is not None or CaseLink.objects.filter(case=case).exists(),
        has_follow_up=children.exists(),
    )


def _answered_in_time(found: Evidence) -> bool | None:
    """The clock of the first answer was kept."""
    return found.first_answer_kept


def _by_name(found: Evidence) -> bool | None:
    """One of our first two messages names the customer: the whole name, or its family name with a title."""
    if not found.ours or not found.customer_name:
        return None
    name = found.customer_name.strip()
    parts = {name, name.split()[-1] if " " in name else name[:1]}
    first = " ".join(one.text[:400] for one in found.ours[:2])
    titles = ("先生", "女士", "小姐", "老师", "总", "经理")
    has_title = any(f"{part}{title}" in first for part in parts for title in titles)
    return name in first or has_title or (" " in name and any(part in first for part in name.split()))


def _asked_back(found: Evidence) -> bool | None:
    """We asked something before it was solved."""
    solved_at = found.case.solved_at
    before = [one for one in found.ours if solved_at is None or one.at < solved_at]
    if not before:
        return None if not found.is_over else False
    return any("?" in one.text or "？" in one.text for one in before) or (False if found.is_over else None)


def _classified(found: Evidence) -> bool | None:
    """It has a category."""
    return True if found.case.category_id is not None else False if found.is_over else None


def _named(found: Evidence) -> bool | None:
    """The product, order or case that it concerns is named."""
    return True if found.is_linked else False if found.is_over else None


def _solved(found: Evidence) -> bool | None:
    """It was solved and stayed so."""
    if found.case.state in {CaseState.SOLVED, CaseState.CLOSED}:
        return found.case.reopened_count == 0
    return None


def _all_done(found: Evidence) -> bool | None:
    """Its checklist is done; nothing is asked where there is none."""
    if not found.step_count:
        return None
    return True if not found.open_step_count else False if found.is_over else None


def _told_outcome(found: Evidence) -> bool | None:
    """We said something around the moment of the solution."""
    solved_at = found.case.solved_at
    if solved_at is None:
        return None
    return any(abs(one.at - solved_at) <= AROUND for one in found.ours)


def _asked_again(found: Evidence) -> bool | None:
    """Somebody asked afterwards how it went: a follow-up case, a later message of ours."""
    if found.case.solved_at is None:
        return None
    return found.has_follow_up or found.case.followed_at is not None or None


for _order, _criterion in enumerate(
    (
        Criterion("first_answer", Step.TONE, _("Answered within the promised time"), _answered_in_time),
        Criterion("by_name", Step.TONE, _("Spoke to the customer by name"), _by_name),
        Criterion("understood", Step.TONE, _("Showed that the customer's situation is understood")),
        Criterion("asked_back", Step.DIAGNOSE, _("Asked what was needed to understand the matter"), _asked_back),
        Criterion("classified", Step.DIAGNOSE, _("The matter has a category"), _classified),
        Criterion("named", Step.DIAGNOSE, _("The order, product or case concerned is named"), _named,
                  case_types=frozenset({CaseType.REPAIR, CaseType.COMPLAINT, CaseType.ORDER})),
        Criterion("repeated", Step.DIAGNOSE, _("Said back what the customer wants, and was confirmed")),
        Criterion("solved", Step.SOLVE, _("Solved, and not opened again"), _solved),
        Criterion("all_done", Step.SOLVE, _("Everything on the checklist is done"), _all_done),
        Criterion("choice", Step.SOLVE, _("Offered ways to go and explained them")),
        Criterion("told", Step.SUM_UP, _("Told the customer what was done"), _told_outcome,
                  hint=_("A message of ours within a day of the solution.")),
        Criterion("agreed", Step.SUM_UP, _("The customer agreed that it is settled")),
        Criterion("asked_again", Step.FOLLOW, _("Asked afterwards how it went"), _asked_again,
                  hint=_("A follow-up case, or a message of ours a day or more after the solution.")),
    )
):  # fmt: skip
    criteria.add(_criterion.key, _criterion, order=10 * _order)
