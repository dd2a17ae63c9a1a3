"""Addresses of the audit trail."""

from django.urls import path

from fuxiao.web.audit import views

urlpatterns = [path("", views.audit, name="audit")]
