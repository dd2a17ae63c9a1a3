"""The service desk as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "fuxiao.service"
    label = "service"

    def ready(self) -> None:
        """The tasks say how they are asked for."""
        import_module("fuxiao.service.carrying")
