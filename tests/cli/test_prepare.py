"""A home folder before it is served: web server and worker started at the same moment on it, and who only asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from command_line import fuxiao

PREPARE = """
import sys
from pathlib import Path
from fuxiao.base.clock import now
from fuxiao.cli.server.prepare import prepare
prepare(Path(sys.argv[1]), at=now())
from fuxiao.org.models import User
print(User.objects.count())
"""
SOURCE = Path(__file__).parents[2] / "src"


def test_two_that_prepare_one_home_at_once_both_find_it_ready(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "FUXIAO_"))}
    order = [sys.executable, "-c", PREPARE, str(tmp_path / "home")]
    both = [
        subprocess.Popen(
            order, env={**kept, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]  # fmt: skip
    ended = [(each.communicate(), each.returncode) for each in both]
    assert [(said, code) for (said, _), code in ended] == [("0\n", 0), ("0\n", 0)], ended


def test_asking_for_the_trail_or_a_pull_of_a_home_that_was_never_served_leaves_nothing_in_it(tmp_path):
    fuxiao("init", tmp_path / "home")
    before = sorted(tmp_path.rglob("*"))
    for words in (("verify-audit",), ("pull", "工单")):
        assert "pages were never started" in fuxiao(*words, home=tmp_path / "home", code=None).err
        assert sorted(tmp_path.rglob("*")) == before
