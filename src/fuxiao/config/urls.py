"""All addresses, one line a capability."""

from django.urls import include, path, register_converter

from fuxiao.web.addresses import AnyText

register_converter(AnyText, "text")

handler404 = "fuxiao.web.shell.views.not_found"

urlpatterns = [
    path("", include("fuxiao.web.shell.urls")),
    path("", include("fuxiao.web.accounts.urls")),
    path("", include("fuxiao.web.start.urls")),
    path("account/", include("allauth.urls")),
    path("org/", include("fuxiao.web.org.urls")),
    path("data/", include("fuxiao.web.datasets.urls")),
    path("", include("fuxiao.web.voice.urls")),
    path("now/", include("fuxiao.web.now.urls")),
    path("values/", include("fuxiao.web.metrics.urls")),
    path("fair/", include("fuxiao.web.fair.urls")),
    path("library/", include("fuxiao.web.library.urls")),
    path("objectives/", include("fuxiao.web.objectives.urls")),
    path("targets/", include("fuxiao.web.targets.urls")),
    path("schemes/", include("fuxiao.web.schemes.urls")),
    path("", include("fuxiao.web.desk.urls")),
    path("cases/", include("fuxiao.web.cases.urls")),
    path("performance/signals/", include("fuxiao.web.signals.urls")),
    path("performance/events/", include("fuxiao.web.events.urls")),
    path("performance/", include("fuxiao.web.performance.urls")),
    path("", include("fuxiao.web.customers.urls")),
    path("notices/", include("fuxiao.web.notices.urls")),
    path("parts/", include("fuxiao.web.parts.urls")),
    path("costs/", include("fuxiao.web.costs.urls")),
    path("visits/", include("fuxiao.web.visits.urls")),
    path("audit/", include("fuxiao.web.audit.urls")),
]
