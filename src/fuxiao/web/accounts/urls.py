"""Addresses of accounts that are ours; the rest is django-allauth's."""

from django.urls import path

from fuxiao.web.accounts import views

urlpatterns = [
    path("setup", views.setup, name="setup"),
    path("accounts/", views.accounts, name="accounts"),
    path("view-as/end", views.view_as_end, name="view_as_end"),
]
