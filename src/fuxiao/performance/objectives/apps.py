"""Objectives as a Django application."""

from django.apps import AppConfig


class ObjectivesConfig(AppConfig):
    name = "fuxiao.performance.objectives"
    label = "objectives"
