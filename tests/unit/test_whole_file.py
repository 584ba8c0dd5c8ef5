"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from guideline_corpus.whole_file import write_whole


@pytest.mark.parametrize("lasting", [True, False])
def test_a_file_takes_the_place_of_the_one_before_and_leaves_nothing_beside_it(tmp_path: Path, lasting: bool):
    file = tmp_path / "new folder" / "table.toml"
    write_whole(file, "first\n", lasting=lasting)
    write_whole(file, b"second \xc3\xa9\r\n", lasting=lasting)

    assert file.read_bytes() == b"second \xc3\xa9\r\n"
    assert [path.name for path in file.parent.iterdir()] == ["table.toml"]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_where_the_disk_is_full_the_old_file_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
):
    file = tmp_path / "table.toml"
    write_whole(file, "kept")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, "lost")

    assert file.read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["table.toml"]
