"""Addresses of people and teams."""

from django.urls import path

from fuxiao.web.org import calendars, editing, imports, leave, people, shifts, teams

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/new/", editing.new, name="person_new"),
    path("people/import/", imports.people_import, name="people_import"),
    path("people/<str:number>/", people.person, name="person"),
    path("people/<str:number>/edit/", editing.edit, name="person_edit"),
    path("people/<str:number>/transfer/", editing.transfer, name="person_transfer"),
    path("people/<str:number>/transfer/undo/", editing.undo_transfer, name="person_transfer_undo"),
    path("people/<str:number>/leave/", editing.leave, name="person_leave"),
    path("people/<str:number>/shift/", shifts.shift, name="person_shift"),
    path("leave/", leave.leave, name="leave"),
    path("leave/ask/", leave.ask, name="leave_ask"),
    path("leave/enter/", leave.enter, name="leave_enter"),
    path("leave/<int:key>/", leave.one, name="leave_one"),
    path("leave/<int:key>/decide/", leave.decide, name="leave_decide"),
    path("leave/<int:key>/withdraw/", leave.withdraw, name="leave_withdraw"),
    path("leave/<int:key>/put-back/", leave.put_back, name="leave_put_back"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.new, name="calendar_new"),
    path("calendars/<str:key>/", calendars.change, name="calendar_change"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new, name="team_new"),
    path("teams/<str:key>/", teams.edit, name="team"),
    path("teams/<str:key>/close/", teams.close, name="team_close"),
]
