"""The entries of the search index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table of entries."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("record_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("subtitle", models.CharField(blank=True, max_length=200)),
                ("tokens", models.TextField()),
                ("rank", models.PositiveSmallIntegerField(default=4)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "record_id"), name="search_entry_once"),
                ],
            },
        ),
    ]
