"""Where a server of the tests lives, and what a process needs to be one."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

HOME: Final = Path(tempfile.mkdtemp(prefix="kakehashi-test-"))
ENVIRONMENT: Final = {
    "KAKEHASHI_HOME": str(HOME),
    "KAKEHASHI_DATABASE": os.environ.get("KAKEHASHI_TEST_DATABASE", ""),
    "KAKEHASHI_ENGINE": "scripted",
    "DJANGO_SETTINGS_MODULE": "kakehashi.server.django_settings",
}

atexit.register(shutil.rmtree, HOME, ignore_errors=True)
