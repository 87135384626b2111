"""The periods of the law of the European Union for requests about personal data; rows, to be changed and added to."""

from datetime import UTC, date, datetime

from django.db import migrations

CHECK = "Check against the text in force before you rely on it. 使用前请对照现行文本核实。"
PARAMETERS = (
    ("request.eu_months", 1, "GDPR art. 12(3)"),
    ("request.eu_extension_months", 2, "GDPR art. 12(3)"),
)


def make_rows(apps, schema_editor):
    """Write the rows that are not there yet."""
    parameter_model = apps.get_model("customers", "LegalParameter")
    for key, value, source in PARAMETERS:
        parameter_model.objects.get_or_create(
            key=key,
            valid_from=date(2018, 5, 25),
            defaults={
                "value": value,
                "jurisdiction": "EU",
                "source": source,
                "note": CHECK,
                "created_at": datetime.now(UTC),
            },
        )


class Migration(migrations.Migration):
    """Rows to begin with."""

    dependencies = [("customers", "0009_data_requests")]
    operations = [migrations.RunPython(make_rows, migrations.RunPython.noop)]
