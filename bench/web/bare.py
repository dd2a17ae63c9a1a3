"""The yardstick: Django as ``startproject`` sets it up, with one plain view, and one that renders a table."""

from __future__ import annotations

import sys

from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

SECRET_KEY = "only to be measured"  # noqa: S105 - nothing is kept behind it
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.web.bare"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROWS = [(f"E{number:03d}", "张伟", "一组", number) for number in range(50)]
TABLE = Engine().from_string(
    "<!doctype html><title>Bare</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)


def plain(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the form of a view
    return HttpResponse("<!doctype html><title>Bare</title><h1>Bare</h1>")


def table(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(TABLE.render(Context({"rows": ROWS})))


urlpatterns = [path("", plain), path("table", table)]
if "granian" in sys.modules:
    application = get_asgi_application()
