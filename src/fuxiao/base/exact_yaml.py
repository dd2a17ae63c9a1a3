"""YAML without surprises: numbers with a point are decimals, ``on``/``yes`` stay words, repeated keys are refused."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import yaml

from fuxiao.base.fast_yaml import SafeLoader, load_with

WORDS = {"true": True, "false": False}


class _Loader(SafeLoader):
    """A safe loader whose floats are ``Decimal`` and whose only booleans are true and false."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal | str:
    text = str(loader.construct_scalar(node)).replace("_", "")
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _boolean(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> bool | str:
    text = str(loader.construct_scalar(node))
    return WORDS.get(text.lower(), text)


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[object] = set()
    for key_node, _ in node.value:
        key = getattr(key_node, "value", None)
        if isinstance(key, str) and key != "<<" and key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen.add(key if isinstance(key, str) else id(key_node))
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:bool", _boolean)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load_exact(text: str) -> object:
    """The plain data of a YAML text; raises ``yaml.YAMLError`` with the place of what cannot be read."""
    return load_with(_Loader, text)
