"""A file that somebody exports is there whole, or what was there before is: whatever stopped the writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuxiao.base.files import stands, whole


def _stopped_half_way(path: Path) -> None:
    with whole(path) as aside:
        aside.write_text("half of Nov", "utf-8")
        raise KeyboardInterrupt


def test_a_file_whose_writing_was_stopped_is_the_one_of_before(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("all of October\n", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        _stopped_half_way(path)
    assert [each.name for each in tmp_path.iterdir()] == ["cases.csv"]
    assert path.read_text("utf-8") == "all of October\n"
    with whole(path) as aside:
        aside.write_text("all of November\n", "utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["cases.csv"]
    assert path.read_text("utf-8") == "all of November\n"


def test_a_link_stays_one_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "target.csv").write_text("old", "utf-8")
    (tmp_path / "link.csv").symlink_to("target.csv")
    with whole(tmp_path / "link.csv") as there:
        there.write_text("new", "utf-8")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "target.csv").read_text("utf-8") == "new"


def test_a_link_to_nothing_stands_though_there_is_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "targets.yaml").symlink_to("nowhere")
    assert stands(tmp_path / "targets.yaml")
    assert not stands(tmp_path / "events.yaml")
