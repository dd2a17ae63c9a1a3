"""Indicators and the rules about them, as a Django application."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "fuxiao.metrics"
    label = "metrics"
