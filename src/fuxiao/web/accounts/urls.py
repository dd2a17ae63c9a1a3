"""Addresses of accounts that are ours; the rest is django-allauth's, of which some are closed."""

from django.urls import path

from fuxiao.web.accounts import invitations, viewing_pages, views

urlpatterns = [
    path("setup", invitations.setup, name="setup"),
    path("invitation/<str:token>", invitations.invitation, name="invitation"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/new", views.new_account, name="new_account"),
    path("accounts/<int:number>/", views.account, name="account"),
    path("accounts/<int:number>/roles", views.roles, name="account_roles"),
    path("accounts/<int:number>/link", views.link, name="account_link"),
    path("accounts/<int:number>/state", views.state, name="account_state"),
    path("accounts/<int:number>/second-factor", views.second_factor, name="account_second_factor"),
    path("accounts/<int:number>/view-as", viewing_pages.view_as, name="view_as"),
    path("view-as/end", viewing_pages.view_as_end, name="view_as_end"),
    path("sessions/<int:number>/end", views.end_session, name="end_session"),
    *(path(f"account/{address}", views.closed, name="closed") for address in (
        "signup/", "3rdparty/signup/", "login/code/confirm/", "social/login/cancelled/", "social/login/error/",
        "social/signup/", "social/connections/",
    )),
]  # fmt: skip
