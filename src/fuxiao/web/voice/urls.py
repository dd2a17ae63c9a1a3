"""Addresses of surveys, complaints and checks."""

from django.urls import path

from fuxiao.web.voice import checks, complaints, public, rubrics, surveys

urlpatterns = [
    path("s/<str:token>/", public.survey, name="survey_answer"),
    path("s/<str:token>/complain", public.complain, name="survey_complain"),
    path("request/case/<str:token>/complain", public.complain_case, name="request_complain"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/rules", surveys.rules, name="survey_rules"),
    path("surveys/<str:number>/", surveys.survey, name="survey"),
    path("surveys/<str:number>/passed", surveys.passed, name="survey_passed"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/new", complaints.new, name="complaint_new"),
    path("complaints/<str:number>/", complaints.complaint, name="complaint"),
    path("complaints/<str:number>/do/<str:what>", complaints.do, name="complaint_do"),
    path("complaints/<str:number>/decide", complaints.decide, name="complaint_decide"),
    path("checks/", checks.checks, name="checks"),
    path("checks/draw", checks.draw, name="check_draw"),
    path("checks/drawn/<int:number>", checks.drawn, name="check_drawn"),
    path("checks/rubrics", rubrics.rubrics, name="rubrics"),
    path("checks/rubrics/<str:key>", rubrics.rubric, name="rubric"),
    path("checks/rubrics/<str:key>/used", rubrics.used, name="rubric_used"),
    path("checks/case/<str:number>", checks.new, name="check_new"),
    path("checks/<str:number>/", checks.check, name="check"),
    path("checks/<str:number>/again", checks.again, name="check_again"),
]
