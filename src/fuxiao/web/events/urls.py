"""Addresses of score events."""

from django.urls import path

from fuxiao.web.events import views

urlpatterns = [
    path("", views.listed, name="score_events"),
    path("new/", views.new, name="score_event_new"),
    path("<int:number>/", views.event, name="score_event"),
    path("<int:number>/<str:what>/", views.act, name="score_event_act"),
]
