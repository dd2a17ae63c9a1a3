"""Addresses of the audit trail."""

from django.urls import path

from fuxiao.web.audit import views

urlpatterns = [
    path("", views.audit, name="audit"),
    path("file.<str:form>", views.audit_file, name="audit_file"),
]
