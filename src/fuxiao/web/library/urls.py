"""Addresses of the library of indicators."""

from django.urls import path

from fuxiao.web.library import building, views

urlpatterns = [
    path("", views.library, name="library"),
    path("new", building.build, name="indicator_new"),
    path("<str:code>/", views.entry, name="library_entry"),
    path("<str:code>/edit", building.build, name="indicator_edit"),
    path("<str:code>/publish", building.publish_indicator, name="indicator_publish"),
]
