"""What the staff's search compares, made from the name and the UAI of each school."""

from typing import Any

from django.db import migrations, models

from pix.core.texts import search_key


def fold(apps: Any, schema_editor: Any) -> None:
    """Name and UAI, folded, in chunks; safe to run twice."""
    Organization = apps.get_model("organizations", "Organization")
    batch = []
    for school in Organization.objects.only("id", "name", "uai").order_by("id").iterator(500):
        school.search_key = search_key(f"{school.name} {school.uai}")
        batch.append(school)
        if len(batch) == 500:
            Organization.objects.bulk_update(batch, ["search_key"])
            batch = []
    Organization.objects.bulk_update(batch, ["search_key"])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_centres_of_schools")]
    operations = [
        migrations.AddField(
            model_name="organization",
            name="search_key",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
