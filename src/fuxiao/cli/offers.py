"""Commands that are read when they are asked for: whoever asks for one does not wait for the libraries of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import typer
from typer.main import get_command_from_info, get_group_from_info
from typer.models import CommandInfo, TyperInfo

from fuxiao.cli import commands
from fuxiao.cli.options import t
from fuxiao.cli.spoken import Command, Group


@dataclass(frozen=True, slots=True)
class Offer:
    """A command, or a group of them: its ``module:name`` among the commands, and what it does in a line or two."""

    place: str
    zh: str
    en: str

    @property
    def said(self) -> str:
        """What it does, in the language chosen."""
        return t(self.zh, self.en)

    def read(self, name: str) -> Any:  # noqa: ANN401 -- the parser's own type is private
        """The command of this name, ready to be run."""
        module, _, inside = self.place.partition(":")
        found = getattr(import_module(f"{commands.__name__}.{module}"), inside)
        given: dict[str, Any] = {"pretty_exceptions_short": True, "rich_markup_mode": None}
        if isinstance(found, typer.Typer):
            return get_group_from_info(TyperInfo(found, name=name, help=self.said), suggest_commands=True, **given)
        about = t(self.zh, (found.__doc__ or "").strip())
        return get_command_from_info(CommandInfo(name, cls=Command, callback=found, help=about), **given)


class Offers(Mapping[str, Any]):
    """Commands by name, each read once."""

    def __init__(self, offers: Mapping[str, Offer]) -> None:
        self.offers = offers
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        if name not in self._read:
            self._read[name] = self.offers[name].read(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.offers)

    def __len__(self) -> int:
        return len(self.offers)


def offering(offers: Mapping[str, Offer]) -> type[Group]:
    """The kind of group that has these commands, whatever else it is given."""

    class Offering(Group):
        def __init__(self, **given: Any) -> None:  # noqa: ANN401
            super().__init__(**given | {"commands": {}})
            self.commands = cast("MutableMapping[str, Any]", Offers(offers))  # nothing is ever put into it

        def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
            del ctx
            with formatter.section("Commands"):
                formatter.write_dl([(name, offer.said) for name, offer in offers.items()])

    return Offering
