"""Addresses of cases."""

from django.urls import path

from fuxiao.web.cases import views

urlpatterns = [path("<text:case_id>/", views.case, name="case")]
