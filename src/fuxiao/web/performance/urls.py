"""Addresses of cycles and scorecards."""

from django.urls import path

from fuxiao.web.moved import scores
from fuxiao.web.performance import (
    appeals,
    calibration,
    called_off,
    cycles,
    filing,
    jobs,
    panel,
    pay,
    reviewers,
    scorecards,
    talks,
    writing,
)

urlpatterns = [
    path("", scorecards.mine, name="my_scorecard"),
    path("cycles/", cycles.listed, name="cycles"),
    path("cycles/new/", cycles.new, name="cycle_new"),
    path("cycles/<int:number>/", cycles.board, name="cycle"),
    path("cycles/<int:number>/advance/", cycles.advance, name="cycle_advance"),
    path("cycles/<int:number>/call-off/", called_off.call_off, name="cycle_call_off"),
    path("cycles/<int:number>/waive/", reviewers.waive, name="reviews_waive"),
    path("cycles/<int:number>/verify/", jobs.verify, name="cycle_verify"),
    path("cycles/<int:number>/seal/", jobs.sealing, name="cycle_seal"),
    path("cycles/<int:number>/calibration/", calibration.session, name="calibration"),
    path("pay/", pay.listed, name="pays"),
    path("pay/<int:number>/", pay.pay, name="pay"),
    path("pay/<int:number>/amounts/", pay.amounts, name="pay_amounts"),
    path("rate/", panel.following, name="panel_next"),
    path("appeals/", appeals.listed, name="appeals"),
    path("appeals/<int:number>/", appeals.appeal, name="appeal"),
    path("cycles/<int:number>/<str:person>/appeal/", filing.file, name="appeal_file"),
    path("cycles/<int:number>/<str:person>/reviewer/", reviewers.reviewer, name="reviewer"),
    path("cycles/<int:number>/<str:person>/panel/", panel.ask, name="panel_ask"),
    path("cycles/<int:number>/<str:person>/rate/", panel.rate, name="panel_rate"),
    path("cycles/<int:number>/<str:person>/talk/", talks.talk, name="talk"),
    path("cycles/<int:number>/<str:person>/", scorecards.scorecard, name="scorecard"),
    path("cycles/<int:number>/<str:person>/moved/", scores.score, name="score_moved"),
    path("cycles/<int:number>/<str:person>/item/<str:code>/", scorecards.item, name="scorecard_item"),
    path("cycles/<int:number>/<str:person>/item/<str:code>/rows/", scorecards.item_rows, name="scorecard_rows"),
    path("cycles/<int:number>/<str:person>/write/", writing.write, name="scorecard_write"),
    path("cycles/<int:number>/<str:person>/answer/", writing.answer, name="scorecard_answer"),
]
