"""The settings of the product for tests: a home folder of this process, no mail, no network, quick password hashes."""

import os
import tempfile
from pathlib import Path

HOLDER = tempfile.TemporaryDirectory(prefix="fuxiao-tests-")
os.environ["FUXIAO_HOME"] = str(Path(HOLDER.name) / "home")
os.environ.setdefault("FUXIAO_SECRET_KEY", "only for tests")

from django.db.backends.signals import connection_created  # noqa: E402

from fuxiao.config.settings import *  # noqa: E402, F403
from kept_tables import fill  # noqa: E402
from own_database import TABLES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
ALLOWED_HOSTS = ["*"]
ACCOUNT_RATE_LIMITS.clear()  # noqa: F405
# The tables are copied, not made by all migrations once more; without a copy on PostgreSQL they are made.
connection_created.connect(fill)
if "FUXIAO_DATABASE" not in os.environ:
    DATABASES["default"]["TEST"] = {"MIGRATE": False}  # noqa: F405
elif TABLES in os.environ:
    DATABASES["default"]["TEST"] = {"MIGRATE": False, "TEMPLATE": os.environ[TABLES]}  # noqa: F405
