"""Addresses of indicators."""

from django.urls import path

from fuxiao.web.metrics import views

urlpatterns = [
    path("", views.values, name="values"),
    path("<str:code>/", views.indicator, name="indicator"),
    path("<str:code>/rows", views.rows, name="rows"),
]
