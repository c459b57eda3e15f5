"""Registration of the room with Django."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "pix.campaigns"
    label = "campaigns"
