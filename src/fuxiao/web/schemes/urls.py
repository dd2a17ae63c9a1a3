"""Addresses of schemes."""

from django.urls import path

from fuxiao.web.schemes import covering, editing, publishing, trying, views

urlpatterns = [
    path("", views.schemes, name="schemes"),
    path("new", views.new, name="scheme_new"),
    path("<str:key>/", views.scheme, name="scheme"),
    path("<str:key>/roles", editing.new_role, name="scheme_role_new"),
    path("<str:key>/roles/<str:role>", editing.role, name="scheme_role"),
    path("<str:key>/roles/<str:role>/check", editing.check_role, name="scheme_role_check"),
    path("<str:key>/roles/<str:role>/remove", editing.remove_role, name="scheme_role_remove"),
    path("<str:key>/positions", covering.positions, name="scheme_positions"),
    path("<str:key>/rules", editing.rules, name="scheme_rules"),
    path("<str:key>/try", trying.begin, name="scheme_try"),
    path("<str:key>/versions/<int:number>/report", trying.report, name="scheme_report"),
    path("<str:key>/publish", publishing.publish, name="scheme_publish"),
    path("<str:key>/discard", publishing.discard, name="scheme_discard"),
    path("<str:key>/versions/<int:number>", publishing.version, name="scheme_version"),
    path("<str:key>/versions/<int:number>/restore", publishing.restore, name="scheme_restore"),
]
