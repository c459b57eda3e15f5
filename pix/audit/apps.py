"""Registration of the room with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "pix.audit"
    label = "audit"
