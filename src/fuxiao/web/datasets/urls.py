"""Addresses of data coming in."""

from django.urls import path

from fuxiao.web.datasets import views

urlpatterns = [path("", views.sources, name="sources")]
