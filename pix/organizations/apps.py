"""Registration of the room with Django."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "pix.organizations"
    label = "organizations"
