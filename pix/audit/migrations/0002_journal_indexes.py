"""The staff reads the journal by date and by person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.AddIndex(model_name="event", index=models.Index(fields=["actor", "-at"], name="audit_by_actor")),
        migrations.AddIndex(model_name="event", index=models.Index(fields=["-at", "-id"], name="audit_by_date")),
    ]
