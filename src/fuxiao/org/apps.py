"""The organisation as a Django application."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "fuxiao.org"
    label = "org"
