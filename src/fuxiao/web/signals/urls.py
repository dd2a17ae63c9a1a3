"""Addresses of signal reviews."""

from django.urls import path

from fuxiao.web.signals import thresholds, views

urlpatterns = [
    path("", views.queue, name="signals"),
    path("look/", views.look, name="signals_look"),
    path("thresholds/", thresholds.thresholds, name="signal_thresholds"),
    path("thresholds/told/", thresholds.told, name="signals_told"),
    path("thresholds/<str:detector>/", thresholds.detector, name="signal_threshold"),
    path("<int:number>/", views.review, name="signal"),
]
