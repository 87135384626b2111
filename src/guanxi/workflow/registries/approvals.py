"""The sorts of thing that may need an approval, each owned by the module that asks."""

from dataclasses import dataclass

from django.utils.functional import Promise

from guanxi.core.registry import Registry


@dataclass(frozen=True)
class ApprovalSort:
    """One sort of approval: what it is called, the kind of record it is about, whether it has an amount.

    Without a policy for the sort nothing needs an approval (`is_free`), or nothing can be approved until the company
    has set one. Whoever asked hears of the decision by `events.ApprovalDecided`.
    """

    key: str
    label: str | Promise
    kind: str
    has_amount: bool = True
    is_free: bool = True
    icon: str = "checklist"


approval_sorts: Registry[ApprovalSort] = Registry("sorts of approval")


def register_approval_sort(sort: ApprovalSort, *, order: int = 100) -> ApprovalSort:
    """Let approvals of this sort be asked for."""
    return approval_sorts.add(sort.key, sort, order=order)
