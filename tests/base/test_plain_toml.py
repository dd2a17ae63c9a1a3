"""TOML that people write: what would break its reader is refused with a reason, as what is no TOML is."""

from __future__ import annotations

import tomllib

import pytest

from fuxiao.base.plain_toml import load_toml


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = [", "Invalid value"),
        (f"a = {'[' * 20_000}{']' * 20_000}", "60 levels"),
        (f"a = {'[' * 80}{']' * 80}", "60 levels"),
        (f"a = {'1' * 6_000}", "thousands of digits"),
    ],
)
def test_what_no_person_writes_is_no_toml(text: str, reason: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match=reason):
        load_toml(text)


def test_what_a_person_writes_is_read() -> None:
    assert load_toml('a = 1\n[b]\nc = [{d = "e"}]\n') == {"a": 1, "b": {"c": [{"d": "e"}]}}
