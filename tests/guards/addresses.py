"""Every address of the site with an example of it, and a walk over all that a reader can reach."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

OURS = "fuxiao."
EXAMPLES = {
    "int": "999999",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "": "X9",
    "str": "X9",
    "slug": "x-9",
    "text": "x/9",
}
MOST = 240
OF_A_KIND = 6
"""So many pages of one address with other things in its places are walked to: the hundredth indicator tells no more."""


def patterns(resolver=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern), each


def example(address: str) -> str:
    """The address with something in each place that nobody has."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda place: EXAMPLES[place[1] or ""], address)


OWN = [(address, each) for address, each in patterns() if each.callback.__module__.startswith(OURS)]
FOREIGN = [(address, each) for address, each in patterns() if each.callback.__module__.startswith("allauth.")]


def text_of(answer) -> str:
    """Everything that an answer holds, workbooks unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return content.decode("utf-8", "replace")


def walk(client: Client, start: str = "/", *, of_a_kind: int = OF_A_KIND) -> dict[str, str]:
    """Address and content of what links and fragments reach; of a page with questions one of each kind."""
    waiting, known, found, alike = [start], {signature(start)}, {}, Counter()
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.status_code)
        found[address] = text_of(answer)
        if answer.status_code in {301, 302}:
            links = [answer["Location"]]
        else:
            links = re.findall(r'(?:href|hx-get|action)="([^"]+)"', found[address])
        for link in links:
            target = urljoin(address, unescape(link)).partition("#")[0]
            if not is_page(target) or signature(target) in known:
                continue
            known.add(signature(target))
            alike[kind_of(target)] += 1
            if alike[kind_of(target)] <= of_a_kind:
                waiting.append(target)
    return found


def is_page(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("/static/", "/live", "/account/logout", "/components"))


def kind_of(address: str) -> tuple[str, tuple[str, ...]]:
    """The address with its places open, and what is asked."""
    path, asked = signature(address)
    try:
        return resolve(path).route, asked
    except Resolver404:
        return path, asked


def signature(address: str) -> tuple[str, tuple[str, ...]]:
    parts = urlsplit(address)
    return parts.path, tuple(sorted({name for name, _ in parse_qsl(parts.query)}))
