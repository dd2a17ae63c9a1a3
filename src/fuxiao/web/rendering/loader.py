"""Templates of the product, whose lists of nodes are made into steps when they are first shown."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.template import Context, Template, TemplateDoesNotExist
from django.template.base import Lexer, NodeList, Origin, Parser
from django.template.loaders import base, cached
from django.utils.safestring import SafeString

from fuxiao.web.rendering.steps import Step, joined


class Steps(NodeList):
    """Nodes that are shown by what was prepared of them."""

    prepared: Step | None = None

    def render(self, context: Context) -> SafeString:
        if self.prepared is None:
            self.prepared = joined(self)
        return self.prepared(context)


class StepsParser(Parser):
    """Django's parser, giving lists that prepare themselves."""

    def parse(self, parse_until: Iterable[str] | None = None) -> NodeList:
        return Steps(super().parse(parse_until))


class StepsTemplate(Template):
    """A template of such lists."""

    def compile_nodelist(self) -> NodeList:
        engine = self.engine
        tokens = Lexer(self.source).tokenize()
        parser = StepsParser(tokens, engine.template_libraries, engine.template_builtins, self.origin)
        nodes = parser.parse()
        self.extra_data = parser.extra_data
        return nodes


class _Making(base.Loader):
    """Makes such templates. While somebody works on them (``FUXIAO_DEBUG``) they stay Django's own, whose errors show the
    line."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        if self.engine.debug:
            return super().get_template(template_name, skip)
        origin: Any
        for origin in self.get_template_sources(template_name):
            if skip is not None and origin in skip:
                continue
            with suppress(TemplateDoesNotExist):
                text = origin.loader.get_contents(origin)
                return StepsTemplate(text, origin, origin.template_name, self.engine)
        raise TemplateDoesNotExist(template_name)


class Loader(cached.Loader, _Making):
    """Finds templates by other loaders, makes each once and keeps it."""
