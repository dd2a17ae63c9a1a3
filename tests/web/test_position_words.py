"""Positions in the words of the schemes that lie in the home folder now."""

from __future__ import annotations

import os

from fuxiao.web.org.positions import position_word


def test_a_position_is_called_as_the_schemes_of_now_say(settings, tmp_path):
    settings.HOME, schemes = tmp_path, tmp_path / "schemes"
    schemes.mkdir()
    for name, word, written in (("a.yaml", "巡检员", 1), ("b.yaml", "保养员", 2)):
        (schemes / name).write_text(f"roles: {{{word[0]}: {{names: {{zh: {word}}}}}}}", encoding="utf-8")
        os.utime(schemes / name, (written, written))
    assert [position_word(code) for code in "巡保"] == ["巡检员", "保养员"]
    (schemes / "a.yaml").unlink()
    assert [position_word(code) for code in "巡保"] == ["巡", "保养员"]
