"""Addresses of parts."""

from django.urls import path

from fuxiao.web.parts import lines, views

urlpatterns = [
    path("", views.requests, name="parts"),
    path("stock/", views.stock, name="parts_stock"),
    path("stock/change/", views.change, name="stock_change"),
    path("returns/", views.returns, name="parts_returns"),
    path("catalogue/", views.catalogue, name="parts_catalogue"),
    path("new/", views.new_part, name="part_new"),
    path("locations/new/", views.new_location, name="location_new"),
    path("ask/<text:number>/", lines.ask, name="part_ask"),
    path("lines/<str:number>/<slug:what>/", lines.act, name="part_line"),
    path("moves/<text:number>/", views.moves, name="part_moves"),
    path("edit/<text:number>/", views.part, name="part"),
]
