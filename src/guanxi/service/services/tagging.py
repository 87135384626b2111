"""Tags on cases: the same words that stand on customers."""

from collections.abc import Sequence

from guanxi.core import changes
from guanxi.customers.services.tags import clean_tags, tags_named
from guanxi.service.models import Case, CaseTag


def set_tags(op: changes.OperationInHand, case: Case, names: Sequence[str]) -> bool:
    """Let exactly these tags stand on a case; whether anything changed."""
    wanted = clean_tags(names)
    standing = {row.tag.name: row for row in CaseTag.objects.filter(case=case).select_related("tag")}
    gone = [row for name, row in standing.items() if name not in wanted]
    for row in gone:
        op.delete(row)
    new = [name for name in wanted if name not in standing]
    for tag in tags_named(op, new):
        op.create(CaseTag(case=case, tag=tag))
    return bool(new or gone)
