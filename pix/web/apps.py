"""Start of a web process: the content release is loaded once, the demo clock is set."""

from django.apps import AppConfig
from django.conf import settings


class WebConfig(AppConfig):
    name = "pix.web"
    label = "web"

    def ready(self) -> None:
        from pix.content import releases
        from pix.core import clock

        clock.use_offset_file(settings.VAR / "clock" if settings.DEMO else None)
        releases.configure(settings.RELEASES_FOLDER, settings.CONTENT_RELEASE or None)
