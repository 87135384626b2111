"""Words that are found no more while they still stand in the index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table."""

    dependencies = [("search", "0002_index")]
    operations = [
        migrations.CreateModel(
            name="OutdatedWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("about", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "about"), name="search_outdated_once"),
                ],
            },
        ),
    ]
