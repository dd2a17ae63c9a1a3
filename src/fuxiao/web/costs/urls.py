"""Addresses of costs."""

from django.urls import path

from fuxiao.web.costs import views

urlpatterns = [
    path("", views.waiting, name="costs_waiting"),
    path("all/", views.costs, name="costs"),
    path("limits/", views.limits, name="cost_limits"),
    path("limits/new/", views.new_limit, name="cost_limit_new"),
    path("new/<text:number>/", views.propose, name="cost_new"),
    path("<str:number>/withdraw/", views.withdraw, name="cost_withdraw"),
    path("<str:number>/<slug:what>/", views.act, name="cost_act"),
]
