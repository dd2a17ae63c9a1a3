"""No address answers anybody by oversight."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

OURS = "fuxiao."
PUBLIC = {"home", "healthz", "language", "setup", "invitation", "closed"}


def patterns(resolver=None, prefix: str = ""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern), each


OWN = [(address, each) for address, each in patterns() if each.callback.__module__.startswith(OURS)]


@pytest.mark.parametrize("each", [each for _, each in OWN], ids=[address or "/" for address, _ in OWN])
def test_an_address_of_ours_says_who_may_call_it(each):
    assert getattr(each.callback, "rule", None), each.callback
    assert (each.callback.rule == "public") == (each.name in PUBLIC)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_nobody_gets_anything_without_an_account(method):
    client = Client()
    for address, each in OWN:
        if each.name in PUBLIC or "<" in address:
            continue
        answer = getattr(client, method)("/" + address)
        assert answer.status_code in {302, 401, 403, 405}, (address, answer.status_code)
