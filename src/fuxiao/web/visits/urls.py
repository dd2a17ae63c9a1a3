"""Addresses of visits."""

from django.urls import path

from fuxiao.web.visits import board, phone

urlpatterns = [
    path("board/", board.board, name="visits_board"),
    path("put/", board.put, name="visit_put"),
    path("mine/", phone.my_visits, name="my_visits"),
    path("new/<text:number>/", board.new, name="visit_new"),
    path("<text:number>/<int:place>/", phone.visit, name="visit"),
    path("<text:number>/<int:place>/move/", board.move, name="visit_move"),
    path("<text:number>/<int:place>/diagnosed/", board.diagnosed, name="visit_diagnosed"),
    path("<text:number>/<int:place>/call-off/", board.call_off, name="visit_call_off"),
    path("<text:number>/<int:place>/arrive/", phone.arrive, name="visit_arrive"),
    path("<text:number>/<int:place>/leave/", phone.leave, name="visit_leave"),
]
