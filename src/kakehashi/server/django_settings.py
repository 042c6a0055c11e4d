"""Django's settings, made from ours; importing this file changes nothing on the disk.

What an operator can set is in `kakehashi.settings`; nothing is read from the environment here.
"""

from __future__ import annotations

import secrets
from typing import Any

from kakehashi.server import home
from kakehashi.server.database import database_of
from kakehashi.settings import read_server_settings

KAKEHASHI = read_server_settings()

# Without a prepared home (mypy, a command that needs no session) any key will do for the moment.
SECRET_KEY = home.read_secret(KAKEHASHI.home) or secrets.token_urlsafe(50)
DEBUG = False
# The name that a client uses is the business of the proxy in front; see docs/server.md.
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "kakehashi.server.people",
    "kakehashi.server.keys",
    "kakehashi.server.metering",
]
MIDDLEWARE = [
    "kakehashi.server.middleware.observed",
    "kakehashi.server.middleware.pages_only",
]
ROOT_URLCONF = "kakehashi.server.urls"
ASGI_APPLICATION = "kakehashi.server.asgi.application"
DATABASES = {"default": database_of(KAKEHASHI)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Member"
AUTHENTICATION_BACKENDS = ["kakehashi.server.people.sign_in.PasswordBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
USE_TZ = True
TIME_ZONE = KAKEHASHI.time_zone
LANGUAGE_CODE = "ja"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(KAKEHASHI.secure)
SESSION_COOKIE_AGE = 12 * 60 * 60
# A text of 10 MB is some hours of work; documents have their own, larger limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = KAKEHASHI.base.max_input_bytes
# Our own (server/logs.py): one line of JSON for each event.
LOGGING_CONFIG = None
