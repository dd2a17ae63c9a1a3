"""Addresses of the running month."""

from django.urls import path

from fuxiao.web.now import views

urlpatterns = [path("", views.month, name="month_now")]
