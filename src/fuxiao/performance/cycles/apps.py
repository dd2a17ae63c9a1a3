"""Review cycles as a Django application."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "fuxiao.performance.cycles"
    label = "cycles"
