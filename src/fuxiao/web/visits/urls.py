"""Addresses of visits."""

from django.urls import path

from fuxiao.web.visits import board, phone

urlpatterns = [
    path("board/", board.board, name="visits_board"),
    path("put/", board.put, name="visit_put"),
    path("mine/", phone.my_visits, name="my_visits"),
    path("new/<path:number>/", board.new, name="visit_new"),
    path("<path:number>/<int:place>/", phone.visit, name="visit"),
    path("<path:number>/<int:place>/move/", board.move, name="visit_move"),
    path("<path:number>/<int:place>/call-off/", board.call_off, name="visit_call_off"),
    path("<path:number>/<int:place>/arrive/", phone.arrive, name="visit_arrive"),
    path("<path:number>/<int:place>/leave/", phone.leave, name="visit_leave"),
]
