"""What `timbao index` says of files that other programs wrote."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from index import kept_id, open_engine
from searchapp.cli import main

RECORD = {"id": "x y/z?", "ten_bai": "Chợ nổi họp lại", "than": "Từ sáng sớm.", "views": 3}


def timbao(*args: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, list(map(str, args)), prog_name="timbao")
    assert result.exit_code == status, result.output
    return result


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"whoosh:{tmp_path / 'index'}"


def written(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "tin.json"
    path.write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    return path


def test_a_field_is_taken_from_the_key_that_is_named(tmp_path: Path, address: str) -> None:
    path = written(tmp_path, RECORD)
    args = ("index", path, "--index", address, "--json")
    summary = json.loads(timbao(*args, "--map", "title=ten_bai", "--map", "body=than").stdout)
    assert summary["ignored"] == {"views": 1}
    assert (summary["indexed"], summary["without_body"], summary["notices"]) == (1, 0, 1)
    article = open_engine(address).get(kept_id("x y/z?"))
    assert article is not None
    assert (article.headline, article.body) == ("Chợ nổi họp lại", ("Từ sáng sớm.",))


def test_pairs_may_stand_in_a_file(tmp_path: Path, address: str) -> None:
    path, pairs = written(tmp_path, RECORD), tmp_path / "pairs.txt"
    pairs.write_text("# of the old system\ntitle = ten_bai\n\nbody = than\n", "utf-8")
    timbao("index", path, "--index", address, "--map-file", pairs)
    assert open_engine(address).count() == 1


@pytest.mark.parametrize("pair", ["titel=x", "title", "title=", "=x"])
def test_a_wrong_pair_is_a_mistake_in_the_command(tmp_path: Path, address: str, pair: str) -> None:
    result = timbao("index", written(tmp_path, RECORD), "--map", pair, status=2)
    assert "FIELD=KEY" in result.stderr or "Articles have no field" in result.stderr


def test_articles_without_bodies_are_a_fault_unless_that_is_known(
    tmp_path: Path, address: str
) -> None:
    path = written(tmp_path, {"title": "Chợ nổi", "than": "Từ sáng sớm."})
    result = timbao("index", path, "--index", address, status=4)
    assert "1 of 1 articles have no body" in result.stderr
    assert "than" in result.stderr
    timbao("index", path, "--index", address, "--without-body")


def test_a_dry_run_shows_articles_and_indexes_nothing(tmp_path: Path, address: str) -> None:
    records = [{"title": f"Tin {at}", "body": "a", "views": at + 1} for at in range(7)]
    result = timbao("index", written(tmp_path, *records), "--index", address, "--dry-run")
    assert result.stdout.count("  headline  Tin ") == 5
    assert "7 articles would be indexed" in result.stdout
    assert "views in 7" in result.stdout
    assert not (tmp_path / "index").exists()


def test_the_output_of_a_dry_run_as_json_is_json(tmp_path: Path, address: str) -> None:
    records = [{"title": f"Tin {at}", "body": "a", f"k{at}": "x" * 9} for at in range(40)]
    args = ("index", written(tmp_path, *records), "--index", address, "--dry-run")
    result = timbao(*args, "--json")
    assert (json.loads(result.stdout)["indexed"], "Tin 4" in result.stderr) == (40, True)
    assert "and 10 more" in timbao(*args).stdout


def test_a_file_of_pairs_in_another_encoding_is_a_mistake(tmp_path: Path, address: str) -> None:
    path, pairs = written(tmp_path, RECORD), tmp_path / "pairs.txt"
    pairs.write_text("title = ten_bai\n", "utf-16")
    result = timbao("index", path, "--index", address, "--map-file", pairs, status=2)
    assert "is not UTF-8 text" in result.stderr


def test_what_a_folder_holds_and_is_not_read_is_counted(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "mirror"
    (folder / "tin_files").mkdir(parents=True)
    page = "<!DOCTYPE html><h1>Chợ nổi họp lại</h1><article><p>Từ sáng sớm nay.</p></article>"
    (folder / "tin.html").write_text(page, "utf-8")
    (folder / "tin.chn").write_text(page.replace("Chợ", "Bến"), "utf-8")
    (folder / "tin_files/saved_resource.html").write_text("<h1>Quảng cáo</h1>", "utf-8")
    (folder / "robots.txt").write_text("User-agent: *\n", "utf-8")
    (folder / "anh.jpg").write_bytes(b"\xff\xd8")
    summary = json.loads(timbao("index", folder, "--index", address, "--json").stdout)
    assert summary["indexed"] == 2
    assert summary["other_files"] == {"saved with a page, or for programs": 2, ".jpg": 1}


def test_an_article_is_deleted_by_the_id_that_its_record_has(tmp_path: Path, address: str) -> None:
    path = written(tmp_path, {"id": "x y/z?", "title": "Chợ nổi", "body": "a"})
    result = timbao("index", path, "--index", address)
    assert "id 'x y/z?' cannot be one: rb28de6302658751a is taken" in result.stderr
    assert "deleted rb28de6302658751a" in timbao("delete", "x y/z?", "--index", address).stdout
    assert open_engine(address).count() == 0


def test_old_encodings_are_counted(tmp_path: Path, address: str, repository: Path) -> None:
    folder = repository / "tests/data/foreign_files/legacy"
    summary = json.loads(timbao("index", folder, "--index", address, "--json").stdout)
    assert summary["encodings"] == {"viscii": 7, "tcvn3": 5, "cp1258": 3}
