"""Loaded before the settings: every test run has a data folder of its own and plain static files."""

import atexit
import os
import shutil
import tempfile

if "PIX_VAR" not in os.environ:
    os.environ["PIX_VAR"] = tempfile.mkdtemp(prefix="pix-tests-")
    atexit.register(shutil.rmtree, os.environ["PIX_VAR"], ignore_errors=True)
os.environ.setdefault("PIX_PLAIN_STATIC", "1")
