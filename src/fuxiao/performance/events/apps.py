"""The register of events as a Django application."""

from django.apps import AppConfig


class ScoreEventsConfig(AppConfig):
    name = "fuxiao.performance.events"
    label = "score_events"
