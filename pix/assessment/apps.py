"""Registration of the room with Django."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "pix.assessment"
    label = "assessment"
