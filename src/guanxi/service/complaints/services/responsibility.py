"""The responsible department hears that it answers for a complaint, so that it can object in time."""

from guanxi.core.records import RecordRef
from guanxi.service.complaints.queries import may_object
from guanxi.service.models import Complaint
from guanxi.tasks.public import notify
from guanxi.workflow.models import DepartmentHead


def tell_unit(*, case_id: int) -> int:
    """Tell who heads the responsible department, if it is one of ours; how many were told."""
    complaint = Complaint.objects.select_related("unit").get(pk=case_id)
    if complaint.unit is None or complaint.unit.department_id is None:
        return 0
    heads = DepartmentHead.objects.filter(department=complaint.unit.department_id).values_list("user_id", flat=True)
    data = {"can_object": may_object(complaint)}
    return notify(user_ids=heads, sort="complaint.responsible", by=None, about=RecordRef("case", case_id), data=data)
