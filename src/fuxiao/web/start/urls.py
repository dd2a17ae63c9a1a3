"""Addresses of the first page."""

from django.urls import path

from fuxiao.web.start import sample, views

urlpatterns = [
    path("start/checklist", views.put_away, name="checklist"),
    path("start/sample", sample.progress, name="sample_progress"),
    path("start/sample/fill", sample.fill, name="sample_fill"),
    path("start/sample/remove", sample.remove, name="sample_remove"),
]
