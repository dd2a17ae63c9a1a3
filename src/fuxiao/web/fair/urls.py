"""Addresses of the fair comparison and of the time of cases."""

from django.urls import path

from fuxiao.web.fair import views

urlpatterns = [
    path("", views.compared, name="fair"),
    path("time/", views.time_spent, name="time_spent"),
    path("time/cases/", views.time_cases, name="time_cases"),
    path("<str:code>/<str:by>/<text:who>/", views.subject, name="fair_subject"),
]
