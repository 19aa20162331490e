"""Links in a folder: none leads out of it unless that is asked for, and none doubles a file."""

import os
from pathlib import Path

import pytest

from index.readers import (
    BadRecord,
    Listener,
    ReadWatch,
    estimate_bytes,
    list_files,
    pass_over,
    read_file,
)


def read(folder: Path, *, follow_links: bool = False) -> tuple[list[str], dict[str, str]]:
    """The headlines read, and the reasons by file name."""
    bad: list[BadRecord] = []
    files = list(list_files([folder], on_bad=bad.append, follow_links=follow_links))
    size = estimate_bytes([folder], follow_links=follow_links)
    assert size == sum(file.path.stat().st_size for file in files)
    articles = [
        a for file in files for a in read_file(file, Listener(bad.append, pass_over), ReadWatch())
    ]
    return [a.headline for a in articles], {Path(b.path).name: b.reason for b in bad}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one article, beside one that is not to be read."""
    (tmp_path / "ngoai").mkdir()
    (tmp_path / "ngoai" / "ngoai.txt").write_text("Tin ngoài", encoding="utf-8")
    folder = tmp_path / "trong"
    (folder / "sau").mkdir(parents=True)
    (folder / "sau" / "tin.txt").write_text("Tin trong", encoding="utf-8")
    return folder


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("target", ["ngoai/ngoai.txt", "ngoai"])
def test_a_link_out_of_the_folder_is_followed_only_if_asked(
    folder: Path, target: str, relative: bool
) -> None:
    outside = folder.parent / target
    link = folder / "sau" / "lien.txt"
    link.symlink_to(Path("..", "..", target) if relative else outside)
    headlines, bad = read(folder)
    assert headlines == ["Tin trong"]
    assert list(bad) == ["lien.txt"]
    assert "a link out of the folder" in bad["lien.txt"]
    headlines, bad = read(folder, follow_links=True)
    assert sorted(headlines) == ["Tin ngoài", "Tin trong"]
    assert bad == {}


def test_a_link_through_a_link_leads_out_as_well(folder: Path) -> None:
    (folder / ".an").symlink_to(folder.parent / "ngoai")
    (folder / "lien.txt").symlink_to(Path(".an", "ngoai.txt"))
    headlines, bad = read(folder)
    assert headlines == ["Tin trong"]
    assert list(bad) == ["lien.txt"]


def test_a_file_is_read_once_however_many_links_lead_to_it(folder: Path) -> None:
    (folder / "a.txt").symlink_to(folder / "sau" / "tin.txt")
    (folder / "b.txt").symlink_to(Path("sau", "tin.txt"))
    (folder / "c").symlink_to(folder / "sau")
    (folder / "vong").symlink_to(folder)
    (folder / ".an.txt").write_text("Tin ẩn", encoding="utf-8")
    (folder / "d.txt").symlink_to(folder / ".an.txt")
    (folder / "e.txt").symlink_to(folder / ".an.txt")
    for follow_links in (False, True):
        headlines, bad = read(folder, follow_links=follow_links)
        assert headlines == ["Tin ẩn", "Tin trong"]
        assert bad == {}


def test_a_loop_outside_ends(folder: Path) -> None:
    (folder / "ra").symlink_to(folder.parent / "ngoai")
    (folder / "ra2").symlink_to(folder.parent / "ngoai")
    (folder.parent / "ngoai" / "lai").symlink_to(folder.parent / "ngoai")
    (folder.parent / "ngoai" / "ve").symlink_to(folder.parent)
    headlines, _ = read(folder, follow_links=True)
    assert headlines == ["Tin ngoài", "Tin trong"]


def test_a_folder_that_is_named_by_a_link_is_read(folder: Path) -> None:
    name = folder.parent / "kho"
    name.symlink_to(folder)
    (folder / "a.txt").symlink_to(folder / "sau" / "tin.txt")
    assert read(name) == (["Tin trong"], {})


def test_special_files_are_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "ong.txt")
    (folder / "den.txt").symlink_to("/dev/zero")
    headlines, bad = read(folder, follow_links=True)
    assert headlines == ["Tin trong"]
    assert bad == {"ong.txt": "not a regular file", "den.txt": "not a regular file"}
