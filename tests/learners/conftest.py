"""Every test of the roll keeps its files in a folder of its own."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage, storages


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    """The private storage of this test."""
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}},
    }
    assert storages
    assert default_storage.exists("nothing") is False
    return folder
