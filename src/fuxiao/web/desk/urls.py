"""Addresses of the service desk."""

from django.urls import path

from fuxiao.web.desk import adopting, board, case, intake, levels, listing, options, public, rules, talking

urlpatterns = [
    path("desk/", listing.cases, name="desk"),
    path("desk/board", board.board, name="desk_board"),
    path("desk/today", board.day, name="desk_today"),
    path("desk/away", board.away, name="desk_away"),
    path("desk/new", intake.new, name="desk_new"),
    path("desk/find", intake.find, name="desk_find"),
    path("desk/bulk", listing.bulk, name="desk_bulk"),
    path("desk/rules", rules.rules, name="desk_rules"),
    path("desk/rules/<str:kind>/new", rules.rule, name="desk_rule_new"),
    path("desk/rules/<str:kind>/<int:number>", rules.rule, name="desk_rule"),
    path("desk/rules/<str:kind>/<int:number>/remove", rules.rule_removed, name="desk_rule_remove"),
    path("desk/options", options.options, name="desk_options"),
    path("desk/options/<str:kind>/save", options.option, name="desk_option"),
    path("desk/options/<str:kind>/usual", options.usual, name="desk_options_usual"),
    path("desk/levels/new", levels.level, name="desk_level_new"),
    path("desk/levels/<int:place>", levels.level, name="desk_level"),
    path("desk/adopt", adopting.adopt, name="desk_adopt"),
    path("desk/visited", rules.visited, name="desk_visited"),
    path("desk/skills", rules.skills, name="desk_skills"),
    path("desk/label/<str:serial>", public.label, name="device_label"),
    path("desk/<str:number>/", case.case, name="desk_case"),
    path("desk/<str:number>/edit", case.edit, name="desk_edit"),
    path("desk/<str:number>/accept", case.accept, name="desk_accept"),
    path("desk/<str:number>/set", listing.set_field, name="desk_set"),
    path("desk/<str:number>/do/<str:verb>", case.do, name="desk_do"),
    path("desk/<str:number>/comment", talking.comment, name="desk_comment"),
    path("desk/<str:number>/task", talking.task, name="desk_task"),
    path("desk/<str:number>/task/<int:task>", talking.task_done, name="desk_task_done"),
    path("desk/<str:number>/link", talking.link, name="desk_link"),
    path("desk/<str:number>/file", talking.upload, name="desk_upload"),
    path("desk/<str:number>/file/<int:file>", talking.download, name="desk_file"),
    path("request/", public.ask, name="request"),
    path("request/thanks", public.thanks, name="request_thanks"),
    path("request/device/<str:token>", public.ask, name="request_device"),
    path("request/case/<str:token>", public.status, name="request_status"),
    path("request/case/<str:token>/write", public.write, name="request_write"),
]
