"""Cases by their next clock, whatever their state, by tier and by channel: one index read each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes of the list of cases."""

    dependencies = [("service", "0005_first_service_level")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_due"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["due_at", "id"], name="case_due", condition=models.Q(due_at__isnull=False)),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["tier", "-opened_at", "-id"], name="case_tier", condition=models.Q(("tier", ""), _negated=True)
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["channel_kind", "-opened_at", "-id"],
                name="case_channel",
                condition=models.Q(("channel_kind", ""), _negated=True),
            ),
        ),
    ]
