"""Addresses of indicators."""

from django.urls import path

from fuxiao.web.metrics import views

urlpatterns = [path("", views.values, name="values")]
