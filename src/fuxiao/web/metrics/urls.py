"""Addresses of indicators."""

from django.urls import path

from fuxiao.web.metrics import views
from fuxiao.web.moved import views as moved

urlpatterns = [
    path("", views.values, name="values"),
    path("<str:code>/", views.indicator, name="indicator"),
    path("<str:code>/rows", views.rows, name="rows"),
    path("<str:code>/moved", moved.moved, name="moved"),
]
