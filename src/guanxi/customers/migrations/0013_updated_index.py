"""What changed since a moment is one index read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index."""

    dependencies = [("customers", "0012_legal_sources")]

    operations = [
        migrations.AddIndex(
            model_name="customer", index=models.Index(fields=["updated_at", "id"], name="customer_updated")
        ),
    ]
