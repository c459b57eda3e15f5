"""The first version of the terms of each service."""

from datetime import UTC, datetime

from django.db import migrations

FIRST = datetime(2024, 9, 1, tzinfo=UTC)


def publish(apps, schema_editor):
    documents = apps.get_model("accounts", "LegalDocument")
    for service in ("app", "orga", "certif"):
        documents.objects.get_or_create(service=service, type="terms", version_at=FIRST)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_terms_of_use")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
