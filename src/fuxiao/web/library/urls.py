"""Addresses of the library of indicators."""

from django.urls import path

from fuxiao.web.library import views

urlpatterns = [
    path("", views.library, name="library"),
    path("<str:code>/", views.entry, name="library_entry"),
]
