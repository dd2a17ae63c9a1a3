"""Addresses of the frame."""

from django.urls import path

from fuxiao.web.shell import demonstration, live, saved, views

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", views.healthz, name="healthz"),
    path("live", live.stream, name="live"),
    path("language", views.language, name="language"),
    path("find", views.find, name="find"),
    path("more", views.more, name="more"),
    path("views/save", saved.save, name="view_save"),
    path("views/<int:number>/delete", saved.delete, name="view_delete"),
    path("demonstration/clock", demonstration.clock, name="demonstration_clock"),
    path("demonstration/move", demonstration.move, name="demonstration_move"),
    path("components", views.components, name="components"),
]
