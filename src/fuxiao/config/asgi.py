"""The ASGI application that granian serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuxiao.config.settings")
django.setup()

from fuxiao.web.shell.serving import application as made  # noqa: E402
from fuxiao.web.warming import keep_warm  # noqa: E402 - the settings come first

application = made()
keep_warm()
