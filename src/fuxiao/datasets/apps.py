"""Data coming in, as a Django application: uploads, imports, sources."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "fuxiao.datasets"
    label = "datasets"
