"""Who is written to at an organisation is one index read."""

from django.db import migrations, models

from guanxi.core.expressions import DomainOf


class Migration(migrations.Migration):
    """Add the index."""

    dependencies = [("customers", "0015_prospects")]

    operations = [
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(DomainOf("normalised"), name="contact_point_domain", condition=models.Q(kind="email")),
        ),
    ]
