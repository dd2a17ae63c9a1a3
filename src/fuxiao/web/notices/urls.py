"""Addresses of what one was told."""

from django.urls import path

from fuxiao.web.notices import views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("unread", views.unread, name="notices_unread"),
    path("latest", views.latest, name="notices_latest"),
    path("read", views.read_all, name="notices_read"),
    path("choices", views.choices, name="notice_choices"),
    path("<int:number>/", views.open_notice, name="notice"),
]
