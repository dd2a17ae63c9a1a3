"""Addresses of cycles and scorecards."""

from django.urls import path

from fuxiao.web.performance import cycles, scorecards

urlpatterns = [
    path("", scorecards.mine, name="my_scorecard"),
    path("cycles/", cycles.listed, name="cycles"),
    path("cycles/new/", cycles.new, name="cycle_new"),
    path("cycles/<int:number>/", cycles.board, name="cycle"),
    path("cycles/<int:number>/advance/", cycles.advance, name="cycle_advance"),
    path("cycles/<int:number>/verify/", cycles.verify, name="cycle_verify"),
    path("cycles/<int:number>/<str:person>/", scorecards.scorecard, name="scorecard"),
    path("cycles/<int:number>/<str:person>/item/<str:code>/", scorecards.item, name="scorecard_item"),
    path("cycles/<int:number>/<str:person>/write/", scorecards.write, name="scorecard_write"),
    path("cycles/<int:number>/<str:person>/answer/", scorecards.answer, name="scorecard_answer"),
]
