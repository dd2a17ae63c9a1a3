"""Python's search for cyclic garbage pauses during bulk work, and only then."""

from __future__ import annotations

import gc

import pytest

from fuxiao.core.bulk import bulk


@bulk
def searching(number: int, *, fail: bool = False) -> tuple[int, bool]:
    if fail:
        raise ValueError(number)
    return number, gc.isenabled()


def test_the_search_pauses_during_the_work_and_goes_on_after_it() -> None:
    assert searching(3) == (3, False)
    assert gc.isenabled()


def test_the_search_goes_on_after_work_that_failed() -> None:
    with pytest.raises(ValueError, match="7"):
        searching(7, fail=True)
    assert gc.isenabled()


def test_whoever_paused_the_search_himself_ends_the_pause_himself() -> None:
    gc.disable()
    try:
        assert searching(3) == (3, False)
        assert not gc.isenabled()
    finally:
        gc.enable()
