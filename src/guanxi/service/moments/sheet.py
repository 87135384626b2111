"""The score sheet of a case: each criterion with what is found, what a person said, and what counts."""

from dataclasses import dataclass

from guanxi.service.models import Case, MomentCriterion, MomentMark
from guanxi.service.moments.choices import Step
from guanxi.service.moments.criteria import criteria, evidence

OWN = "own-"


@dataclass(frozen=True)
class Line:
    """One criterion in one case."""

    key: str
    label: str
    hint: str
    found: bool | None
    mark: MomentMark | None

    @property
    def is_met(self) -> bool | None:
        """What counts: a person's word, else what was found by itself."""
        return self.mark.is_met if self.mark is not None else self.found


@dataclass(frozen=True)
class StepScore:
    """One step with its criteria."""

    step: Step
    lines: tuple[Line, ...]

    @property
    def met_count(self) -> int:
        """How many criteria are met."""
        return sum(1 for line in self.lines if line.is_met)

    @property
    def judged_count(self) -> int:
        """How many can be said at all."""
        return sum(1 for line in self.lines if line.is_met is not None)

    @property
    def state(self) -> str:
        """`met` when all that can be said is met, `open` when nothing can, `part` or `missed` in between."""
        if not self.judged_count:
            return "open"
        if self.met_count == self.judged_count:
            return "met"
        return "part" if self.met_count else "missed"


def sheet_of(case: Case) -> list[StepScore]:
    """The five steps of a case with all that is asked of its type."""
    found = evidence(case)
    marks = {mark.criterion: mark for mark in MomentMark.objects.filter(case=case).select_related("by")}
    rows = list(MomentCriterion.objects.order_by("position", "id"))
    own = [row for row in rows if row.is_active and not row.key and row.case_type in {"", case.case_type}]
    unasked = {row.key for row in rows if row.key and not row.is_active}
    steps = []
    for step in Step:
        lines = [
            Line(
                one.key,
                str(one.label),
                str(one.hint),
                one.finding(found) if one.finding is not None else None,
                marks.get(one.key),
            )
            for one in criteria
            if one.step == step and one.key not in unasked and one.is_asked_of(case.case_type)
        ]
        lines += [
            Line(f"{OWN}{row.pk}", row.text, "", None, marks.get(f"{OWN}{row.pk}")) for row in own if row.step == step
        ]
        steps.append(StepScore(step, tuple(lines)))
    return steps


def key_is_known(key: str) -> bool:
    """Whether a criterion of this key is asked at all."""
    if key in criteria:
        return True
    number = key.removeprefix(OWN)
    rows = MomentCriterion.objects.filter(key="")
    return key.startswith(OWN) and number.isdecimal() and rows.filter(pk=int(number)).exists()
