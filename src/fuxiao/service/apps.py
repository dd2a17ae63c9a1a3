"""The service desk as a Django application."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "fuxiao.service"
    label = "service"
