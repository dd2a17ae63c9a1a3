"""Templates made into steps show what Django's own templates show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.template import Context, Engine
from django.utils import translation
from django.utils.safestring import mark_safe

from fuxiao.web.rendering.loader import Loader, Steps, StepsTemplate
from fuxiao.web.words import later

PARTS = {
    "row.html": "<td>{{ row.name }}{{ other }}</td>",
    "base.html": "<h1>{% block title %}none{% endblock %}</h1>{% block main %}{{ word }}{% endblock %}",
    "wide.html": '{% extends "base.html" %}{% block title %}{{ block.super }}+{{ word }}{% endblock %}',
}
BUILTINS = [
    "fuxiao.web.templatetags.frame",
    *(f"fuxiao.web.templatetags.{name}" for name in ("numbers", "names", "states", "pages")),
    "template_partials.templatetags.partials",
]
PIECES = """
{{ word }} {{ mark }} {{ safe }} {{ number }} {{ half }} {{ tiny }} {{ none }} {{ yes }} {{ money }} {{ at }}
{{ lazy }}

[{{ missing }}] [{{ row.missing }}] [{{ word.missing.more }}] [{{ table.name }}] [{{ table.missing }}] [
{{ many.1 }}]

{{ function }} {{ row.said }} {{ row.needs }} {{ row.broken|default:'none' }} {{ table.items|length }}

{{ mark|default:'—' }} {{ none|default:'—' }} {{ missing|default:'<b>' }} {{ mark|truncatechars:2 }}
{{ safe|lower }}

{{ number|add:2 }} {{ number|add:number }} {{ at|date:'Y-m-d H:i' }} {{ many|join:' & ' }}
{{ mark|linebreaksbr }}

{% autoescape off %}{{ mark }} {{ mark|linebreaksbr }}{% endautoescape %} {{ 'a < b' }} {{ 12.50 }} {{ True }}

{% if number > 2 and not none or missing %}a{% elif mark == 'x' %}b{% else %}c{% endif %}

{% if word in many %}a{% endif %}{% if word not in many %}b{% endif %}{% if none is None %}c{% endif %}
{% if number < word %}d{% else %}e{% endif %}{% if not number < word %}f{% endif %}{% if row.name != word %}g
{% endif %}

{% if missing %}a{% elif row.missing|length %}b{% endif %}{% if missing|default:none %}c{% else %}d{% endif %}

{% for each in many %}{{ forloop.counter }}/{{ forloop.revcounter0 }}{% if forloop.first %}<{% endif %}
{{ each }}{% if forloop.last %}>{% endif %}{% empty %}none{% endfor %}{{ each }}

{% for name, figure in pairs %}{% for each in many reversed %}{{ forloop.parentloop.counter }}{{ name }}
{{ figure }}{{ each }}{% endfor %}{% endfor %}

{% for each in nothing %}a{% empty %}{{ word }}{% endfor %}{% for each in missing %}a{% empty %}b{% endfor %}

{% for key, value in table.items %}{{ key }}={{ value }}{% endfor %}{% for each in stream %}{{ each }}
{% endfor %}

{% for each in many %}{% cycle 'a' 'b' %}{% ifchanged each|length %}!{% endifchanged %}{% endfor %}

{% for each in many %}{% include 'row.html' with row=row other=each only %}{% include 'row.html' %}{% endfor %}

{% include part with other=word %}{% with other=number %}{% include 'row.html' %}{% endwith %}

{% extends 'base.html' %}{% block main %}{{ block.super }}!{% for each in many %}{{ each }}{% endfor %}
{% endblock %}

{% include 'wide.html' %}{% include 'base.html' with word=mark only %}

{% t '共 {n} 行 <' 'all {n} rows <' n=number %}{% t '中' 'E' %}{% t '中' mark %} {% icon 'home' %}
{% icon word 'small' %}

{% url 'person' word %} {% url 'people' %} {% url 'person' word as there %}[{{ there }}]
{% url 'none' as gone %}[{{ gone }}]

{% partialdef one %}({{ word }}){% endpartialdef %}{% partial one %}{% partialdef two inline %}{{ mark }}
{% endpartialdef %}

{% firstof none missing word %}{% widthratio number 10 100 %}{% regroup pairs by 0 as parts %}
{% for p in parts %}{{ p.grouper }}{{ p.list|length }}{% endfor %}
""".strip().split("\n\n")
"""Pieces of templates, an empty line between two."""


@dataclass
class Row:
    name: str = "a < b & 'c'"
    asked: list[str] = field(default_factory=list)

    def said(self) -> str:
        return "<said>"

    def needs(self, more: str) -> str:
        return more

    @property
    def broken(self) -> str:
        raise LookupGone


class LookupGone(Exception):
    silent_variable_failure = True


def facts() -> dict[str, object]:
    return {
        "word": "E7", "mark": "<i>\"x\" & 'y'</i>\nz", "safe": mark_safe("<b>Bold</b>"), "number": 1234567, "half": 0.5,
        "tiny": 1e-9, "none": None, "yes": True, "money": Decimal("12.50"), "at": datetime(2026, 11, 6, 1, tzinfo=UTC),
        "lazy": later("词 <", "word <"), "row": Row(), "table": {"name": "n", "b": 2},
        "many": ["E7", "<x>", "long one"], "function": lambda: "called <", "pairs": [("a", 1), ("b", 2.25)],
        "nothing": [], "stream": iter("xyz"), "part": "row.html",
    }  # fmt: skip


def engine(source: str, *, steps: bool) -> Engine:
    texts = {**PARTS, "page.html": source}
    found = ("django.template.loaders.locmem.Loader", texts)
    return Engine(builtins=BUILTINS, loaders=[(f"{Loader.__module__}.Loader", [found])] if steps else [found])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("source", PIECES)
def test_every_piece_shows_what_django_shows(source, language, home):
    with translation.override(language):
        ours, djangos = (
            [engine(source, steps=steps).get_template("page.html").render(Context(facts())) for _ in range(2)]
            for steps in (True, False)
        )
    assert ours == djangos


def test_a_template_is_prepared_once_and_says_each_reader_their_own(home):
    page = engine("{% t '中' 'E' %}{{ word }}", steps=True).get_template("page.html")
    shown = []
    for language, word in (("zh-hans", "1"), ("en", "2"), ("zh-hans", "3")):
        with translation.override(language):
            shown.append(page.render(Context({"word": word})))
    assert (shown, type(page), type(page.nodelist)) == (["中1", "E2", "中3"], StepsTemplate, Steps)


def test_an_error_inside_a_loop_leaves_the_context_as_it_was(home):
    def fails() -> str:
        raise ValueError("told")

    page = engine("{% for a, b in pairs %}{{ fails }}{% endfor %}", steps=True).get_template("page.html")
    context = Context({"pairs": [(1, 2)], "fails": fails})
    depth = len(context.dicts)
    with pytest.raises(ValueError, match="told"):
        page.render(context)
    assert len(context.dicts) == depth


def test_while_somebody_works_on_the_templates_they_are_djangos_own():
    found = ("django.template.loaders.locmem.Loader", PARTS)
    page = Engine(builtins=BUILTINS, debug=True, loaders=[(f"{Loader.__module__}.Loader", [found])]).get_template(
        "row.html"
    )
    assert not isinstance(page, StepsTemplate)
