"""A service level to start with, for every case; a company shapes it as it likes."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

# Sort -> priority -> amount, unit. Days of work are eight hours where a promise is made in minutes.
PROMISES = {
    "first_answer": {
        1: (30, "working_minutes"), 2: (60, "working_minutes"), 3: (240, "working_minutes"), 4: (480, "working_minutes"),
    },
    "next_answer": {
        1: (60, "working_minutes"), 2: (120, "working_minutes"), 3: (480, "working_minutes"), 4: (960, "working_minutes"),
    },
    "solution": {
        1: (240, "working_minutes"), 2: (480, "working_minutes"), 3: (3, "working_days"), 4: (5, "working_days"),
    },
}  # fmt: skip
PAUSES = {"solution": ["waiting"]}
# Sort, share of the time or minutes after it is due, whom it reaches.
STEPS = (
    ("first_answer", 75, None, "owner"),
    ("first_answer", None, 0, "department"),
    ("next_answer", 75, None, "owner"),
    ("next_answer", None, 0, "department"),
    ("solution", 75, None, "owner"),
    ("solution", None, 0, "department"),
)


def make(apps, schema_editor):
    """Write it, unless there is one."""
    policy_model = apps.get_model("service", "SlaPolicy")
    if policy_model.objects.exists():
        return
    name = "标准服务" if settings.LANGUAGE_CODE.startswith("zh") else "Standard"
    policy = policy_model.objects.create(name=name, position=100, created_at=timezone.now())
    target_model, step_model = apps.get_model("service", "SlaTarget"), apps.get_model("service", "EscalationStep")
    for sort, promises in PROMISES.items():
        for priority, (amount, unit) in promises.items():
            target_model.objects.create(
                policy=policy, sort=sort, priority=priority, amount=amount, unit=unit, pauses=PAUSES.get(sort, [])
            )
    for sort, percent, offset, whom in STEPS:
        step_model.objects.create(
            policy=policy, sort=sort, at_percent=percent, offset_minutes=offset, act="notify", whom=whom
        )


class Migration(migrations.Migration):
    """The first service level."""

    dependencies = [("service", "0004_usual_causes_and_remedies"), ("core", "0002_roles")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
