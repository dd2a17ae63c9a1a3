"""The shared kernel as a Django application: the audit trail and announcements."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "fuxiao.base"
    label = "base"
