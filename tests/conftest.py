"""How every test runs: no property is failed by the clock of a busy machine or by an example of this run alone, and no
page is kept from another test.

Properties are looked at with the same examples each time; `make proof` looks for others (profile ``proof``).
"""

from __future__ import annotations

import gc
import sys

import pytest
from hypothesis import HealthCheck, settings

ALWAYS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("fuxiao", ALWAYS, derandomize=True, database=None)
settings.register_profile("proof", ALWAYS, max_examples=2_000)
settings.load_profile("fuxiao")


def pytest_collection_finish():
    """What is there by now stays: looking through it again for garbage takes an eighth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_unconfigure():
    gc.unfreeze()


@pytest.fixture(autouse=True, scope="session")
def _queries_of_this_run(request, tmp_path_factory):
    """Where coverage is measured, no query of the facts is taken from an earlier or a parallel run: the code that
    thinks it out would seem to be untested."""
    if not request.config.getoption("cov_source", None):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _nothing_kept():
    """The database of a test is rolled back, its announcements with it: what was kept would seem to be of now."""
    if kept := sys.modules.get("fuxiao.web.shell.kept"):
        kept.forget()
