"""Where cases and what hangs on them stand in the order of locks: after their conversations, each case before its parts."""

from collections.abc import Callable, Collection, Iterable, Mapping

from django.apps import apps

from guanxi.core.holding import HeldKind, kinds

# What is written with its case, or with its complaint, and never locked before it.
PARTS = {
    "case_id": ("CaseStep", "CaseLink", "CaseTag", "MomentMark"),
    "complaint_id": ("ComplaintStep", "Evidence", "Telling", "ClosingWord", "RecurrenceCheck", "PastObjection"),
}


def _of(label: str, column: str, kind: str) -> Callable[[Collection[int]], Mapping[str, Iterable[int]]]:
    """The rows of another kind that rows of a model name in a column."""

    def along(numbers: Collection[int]) -> Mapping[str, Iterable[int]]:
        """Those of these rows."""
        rows = apps.get_model(label)._base_manager.filter(pk__in=numbers)
        return {kind: rows.exclude(**{column: None}).values_list(column, flat=True)}

    return along


kinds.add("case", HeldKind("service.Case", along=_of("service.Case", "conversation_id", "conversation")), order=30)
kinds.add("complaint", HeldKind("service.Complaint", along=lambda numbers: {"case": numbers}), order=40)
kinds.add("remedy", HeldKind("service.Remedy", along=_of("service.Remedy", "complaint_id", "complaint")), order=45)
kinds.add("promise", HeldKind("service.Promise", along=_of("service.Promise", "case_id", "case")), order=46)
for _column, _names in PARTS.items():
    for _name in _names:
        _label, _kind = f"service.{_name}", _column.removesuffix("_id")
        kinds.add(_name.lower(), HeldKind(_label, along=_of(_label, _column, _kind), is_row=False), order=48)
