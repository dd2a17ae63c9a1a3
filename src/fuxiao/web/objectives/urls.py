"""Addresses of objectives."""

from django.urls import path

from fuxiao.web.objectives import views

urlpatterns = [
    path("", views.objectives, name="objectives"),
    path("wizard", views.wizard, name="objectives_wizard"),
    path("new", views.new, name="objective_new"),
    path("<int:number>/", views.objective, name="objective"),
    path("<int:number>/check-in", views.check_in, name="objective_check_in"),
    path("<int:number>/close", views.close, name="objective_close"),
]
