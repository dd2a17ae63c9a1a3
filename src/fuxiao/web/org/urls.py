"""Addresses of people and teams."""

from django.urls import path

from fuxiao.web.org import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<str:number>/", views.person, name="person"),
    path("teams/", views.teams, name="teams"),
]
