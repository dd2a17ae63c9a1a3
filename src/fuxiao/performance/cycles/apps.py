"""Review cycles as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "fuxiao.performance.cycles"
    label = "cycles"

    def ready(self) -> None:
        """The lake is told which of its files cycles are made of."""
        import_module("fuxiao.performance.cycles.holding")
