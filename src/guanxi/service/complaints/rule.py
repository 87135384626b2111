"""The rule under which alone a complaint can close: cause, responsible unit, remedy done, and the customer's word.

`closing.missing` asks it whichever way somebody closes a case. It looks at what is written down, never at who asks, and
a case stays under it once it was a complaint, whatever its type becomes.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from guanxi.service.choices import CaseType
from guanxi.service.complaint_choices import REMEDIES_AHEAD, LastWord, RemedyState
from guanxi.service.models import Case, ClosingWord, Complaint, Remedy

ATTEMPTS = 3


def missing(case: Case) -> Iterator[str]:
    """What a complaint lacks before it can close, sentence by sentence; nothing for other cases."""
    complaint = Complaint.objects.filter(case=case.pk).first()
    if complaint is None and case.case_type != CaseType.COMPLAINT:
        return
    if complaint is None or complaint.cause_id is None:
        yield _("The cause is not settled.")
    if complaint is None or complaint.unit_id is None:
        yield _("No unit is responsible yet.")
    elif complaint.objected_at is not None and complaint.objection_settled_at is None:
        yield _("The unit objects to being responsible, and that is not decided.")
    yield from _remedies_missing(case)
    if not is_confirmed(case) and attempts(case) < ATTEMPTS:
        yield _("The customer has not confirmed that it is settled, and was not tried three times.")


def _remedies_missing(case: Case) -> Iterator[str]:
    """A remedy must be done, and none still be ahead."""
    states = list(Remedy.objects.filter(complaint=case.pk).values_list("state", flat=True))
    if RemedyState.DONE not in states:
        yield _("No remedy is done.")
    elif any(state in REMEDIES_AHEAD for state in states):
        yield _("Not every planned remedy is done or dropped.")


def words_of_round(case: Case) -> list[ClosingWord]:
    """What the customer said at the end since the case was last opened, the newest last."""
    return list(ClosingWord.objects.filter(complaint=case.pk, round=case.reopened_count).order_by("at", "pk"))


def is_confirmed(case: Case) -> bool:
    """Whether the customer's last answer says that it is settled."""
    answers = [word for word in words_of_round(case) if word.outcome != LastWord.NOT_REACHED]
    return bool(answers) and answers[-1].outcome == LastWord.CONFIRMED


def attempts(case: Case) -> int:
    """How often the customer was tried in vain; nobody who answered that it is not settled was tried in vain."""
    words = words_of_round(case)
    if any(word.outcome == LastWord.NOT_SETTLED for word in words):
        words = words[max(i for i, word in enumerate(words) if word.outcome == LastWord.NOT_SETTLED) + 1 :]
    return sum(word.outcome == LastWord.NOT_REACHED for word in words)
