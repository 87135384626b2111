"""The checklist of a case: copied when it opens, and another one when its type or category becomes another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from guanxi.core.changes import OperationInHand
from guanxi.service.choices import LIVE_STATES
from guanxi.service.models import Case, CaseStep, Checklist

# What a checklist is chosen by.
CHOSEN_BY = frozenset({"case_type", "category"})
Wanted = list[tuple[Checklist, str]]


def copy_checklists(op: OperationInHand, case: Case) -> None:
    """Put on a new case what is to be done in every case of its type and category."""
    for position, (checklist, text) in enumerate(_wanted(case, _in_use([case]))):
        op.create(CaseStep(case=case, text=text, position=position, checklist=checklist))


def change_checklists(op: OperationInHand, cases: Sequence[Case]) -> set[int]:
    """Give cases that got another type or category the checklist of that one; the numbers of those that got one.

    What is done stays, and what was written by hand; what the checklist before asked for and nobody did yet goes. One that
    is at its end is left as it was handled.
    """
    live = [case for case in cases if case.state in LIVE_STATES]
    in_use, standing = _in_use(live), defaultdict[int, list[CaseStep]](list)
    for step in CaseStep.objects.filter(case__in=live).order_by("position", "pk"):
        standing[step.case_id].append(step)
    return {case.pk for case in live if _fit(op, case, standing[case.pk], _wanted(case, in_use))}


def _fit(op: OperationInHand, case: Case, standing: Sequence[CaseStep], wanted: Wanted) -> bool:
    """Let what is wanted stand beside what stays; whether anything differs."""
    missing: dict[str, list[Checklist]] = defaultdict(list)
    for checklist, text in wanted:
        missing[text].append(checklist)
    after, is_changed = 0, False
    for step in standing:
        again = missing[step.text].pop(0) if missing[step.text] else None
        if again is None and step.done_at is None and step.checklist_id is not None:
            op.delete(step)
            is_changed = True
            continue
        if again is not None and step.checklist_id is not None:
            is_changed |= bool(op.update(step, checklist=again))
        after = step.position + 1
    fresh = [(checklist, text) for checklist, text in wanted if missing[text] and missing[text].pop(0)]
    op.bulk(
        CaseStep,
        [
            CaseStep(case=case, text=text, position=after + place, checklist=checklist)
            for place, (checklist, text) in enumerate(fresh)
        ],
    )
    if is_changed or fresh:
        op.touch(case)
    return is_changed or bool(fresh)


def _in_use(cases: Iterable[Case]) -> Mapping[str, list[Checklist]]:
    """The checklists in use for the types of these cases."""
    found: dict[str, list[Checklist]] = defaultdict(list)
    types = {case.case_type for case in cases}
    for row in Checklist.objects.filter(case_type__in=types, is_active=True).order_by("pk"):
        found[row.case_type].append(row)
    return found


def _wanted(case: Case, in_use: Mapping[str, list[Checklist]]) -> Wanted:
    """What is to be done in a case of this type and category, in order."""
    above = set(case.category.path.strip("/").split("/")) if case.category is not None else set()
    rows = in_use.get(case.case_type, [])
    fitting = [row for row in rows if row.category_id is None or str(row.category_id) in above]
    return [(row, str(text)[:300]) for row in fitting for text in row.items]
