"""Reviews of signals as a Django application."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "fuxiao.performance.reviews"
    label = "reviews"
