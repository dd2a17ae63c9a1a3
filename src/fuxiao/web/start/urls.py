"""Addresses of the first page."""

from django.urls import path

from fuxiao.web.start import views

urlpatterns = [path("start/checklist", views.put_away, name="checklist")]
