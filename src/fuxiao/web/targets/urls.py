"""Addresses of targets."""

from django.urls import path

from fuxiao.web.targets import views

urlpatterns = [
    path("", views.targets, name="targets"),
    path("propose", views.propose, name="targets_propose"),
    path("<int:place>/end", views.end, name="target_end"),
    path("versions/<int:number>/restore", views.restore, name="targets_restore"),
]
