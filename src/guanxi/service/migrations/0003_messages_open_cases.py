"""The rule that every company starts with: a message that needs an answer opens a case."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

NAMES = {"en": "What needs an answer opens a case", "zh": "需要答复的消息自动建立工单"}


def bring(apps, schema_editor):
    """Write the rule, in force, named in the company's language."""
    rule_model = apps.get_model("workflow", "Rule")
    if rule_model.objects.filter(key="service.open_case").exists():
        return
    now = timezone.now()
    rule_model.objects.create(
        key="service.open_case",
        name=NAMES["zh" if settings.LANGUAGE_CODE.startswith("zh") else "en"],
        trigger="message.received",
        conditions={"all": [{"fact": "message.needs_answer", "is": "yes"}]},
        actions=[{"action": "case.open", "via": "", "parameters": {}}],
        is_active=True,
        active_since=now,
        order=10,
        created_at=now,
    )


class Migration(migrations.Migration):
    """The rule that opens cases."""

    dependencies = [("service", "0002_agents_have_cases"), ("workflow", "0001_initial")]
    operations = [migrations.RunPython(bring, migrations.RunPython.noop)]
