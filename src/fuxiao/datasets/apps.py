"""Data coming in, as a Django application: uploads, imports, sources."""

from importlib import import_module

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "fuxiao.datasets"
    label = "datasets"

    def ready(self) -> None:
        """The tasks say how they are asked for."""
        import_module("fuxiao.datasets.tasks")
