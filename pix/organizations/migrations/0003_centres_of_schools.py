"""Schools that were opened before centres existed get theirs, with their administrators (certification 1.1, 1.2)."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def open_centres(apps: Any, schema_editor: Any) -> None:
    """One centre for each UAI of an open SCO school, and its administrators in it; safe to run twice."""
    Organization = apps.get_model("organizations", "Organization")
    Membership = apps.get_model("organizations", "Membership")
    Centre = apps.get_model("organizations", "Centre")
    CentreMembership = apps.get_model("organizations", "CentreMembership")
    now = timezone.now()
    for school in Organization.objects.filter(type="SCO", archived_at=None).exclude(uai="").order_by("id"):
        centre, _made = Centre.objects.get_or_create(
            uai=school.uai, archived_at=None, defaults={"name": school.name, "type": "SCO", "created_at": now}
        )
        for row in Membership.objects.filter(organization=school, role="admin", disabled_at=None).order_by("id"):
            CentreMembership.objects.get_or_create(
                user_id=row.user_id,
                centre=centre,
                disabled_at=None,
                defaults={"role": "admin", "created_at": now, "updated_at": now},
            )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_centres_invitations_activation")]
    operations = [migrations.RunPython(open_centres, migrations.RunPython.noop)]
