"""Compressed files and archives: what is in them is read as if it lay in a folder."""

import bz2
import gzip
import io
import json
import lzma
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from reading import read_all, read_with_notices, write_file

from index.readers import BadRecord, OtherFiles
from index.reading_worker import read_in_worker

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Members = Mapping[str, str | bytes]
PAGE = """<!DOCTYPE html><html><head><title>Thông xe cầu mới</title>
<meta property="og:type" content="article"></head>
<body><h1>Thông xe cầu mới</h1><p>Sáng nay, bà con hai bờ sông Lục đã đi trên cầu mới.</p></body>"""
RECORD = json.dumps({"id": "a1", "title": "Khánh thành cầu", "body": "Sáng nay."})
LINES = "\n".join(json.dumps({"id": f"b{i}", "title": "Tin", "body": "Sáng."}) for i in range(3))
#: As folders are packed by people: with files of their systems, pictures and links.
MEMBERS = {
    "2026/tin.json": RECORD,
    "2026/03/tin.jsonl": LINES,
    "trang/bai-1.chn": PAGE,
    "trang/bai-1.jpg": "\0",
    "__MACOSX/._tin.json": "\0\0",
    ".DS_Store": "\0",
    "robots.txt": "User-agent: *",
    "~$bài.docx": "\0",
    "Tin.html": PAGE.replace("Thông xe", "Sửa"),
    "Tin_files/khung.html": PAGE,
}
IDS = {"a1", "b0", "b1", "b2"}


def zipped(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def tarred(members: Members) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in members.items():
            data = text.encode() if isinstance(text, str) else text
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress),
     (".zst", zstd.compress), (".ZST", zstd.compress)],
)  # fmt: skip
def test_compressed_files(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    for name, text in {"a.json": RECORD, "b.ndjson": LINES, "c.csv": "title,body\nTin,Sáng.\n",
                       "d.html": PAGE, "e.txt": "Tin\n\nSáng.\n"}.items():  # fmt: skip
        (tmp_path / f"{name}{suffix}").write_bytes(pack(text.encode()))
    articles, bad = read_all(tmp_path)
    assert bad == []
    assert len(articles) == 7
    whole = pack(LINES.encode() * 9)
    (tmp_path / f"f.jsonl{suffix}").write_bytes(whole[: len(whole) // 2])
    _, bad = read_all(tmp_path / f"f.jsonl{suffix}")
    assert "data" in bad[-1].reason


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tin.zip", zipped(MEMBERS)),
        ("stored.ZIP", zipped(MEMBERS, zipfile.ZIP_STORED)),
        ("bz.zip", zipped(MEMBERS, zipfile.ZIP_BZIP2)),
        ("lzma.zip", zipped(MEMBERS, zipfile.ZIP_LZMA)),
        ("tin.tar", tarred(MEMBERS)),
        ("tin.tgz", gzip.compress(tarred(MEMBERS))),
        ("tin.tar.bz2", bz2.compress(tarred(MEMBERS))),
        ("tin.tar.xz", lzma.compress(tarred(MEMBERS))),
        ("tin.tar.zst", zstd.compress(tarred(MEMBERS))),
    ],
)
def test_archives_are_read_like_folders(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    articles, bad, notices = read_with_notices(tmp_path)
    assert bad == []
    assert {article.id for article in articles} > IDS
    assert {article.headline for article in articles} >= {"Thông xe cầu mới", "Sửa cầu mới"}
    assert len(articles) == 6
    places = {article.id: article.provenance for article in articles}
    first, second = places["a1"], places["b1"]
    assert first is not None
    assert second is not None
    assert first.path == str(path / "2026" / "tin.json")
    assert (second.path, second.line) == (str(path / "2026" / "03" / "tin.jsonl"), 2)
    (others,) = [notice for notice in notices if isinstance(notice, OtherFiles)]
    assert dict(others.counts) == {".jpg": 1, "saved with a page, or for programs": 3}
    assert sorted(p.name for p in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize("name", ["a.tgz", "a.zip"])
def test_long_members_are_read_in_one_go(tmp_path: Path, name: str) -> None:
    lines = [json.dumps({"id": f"c{i}", "title": "Tin", "body": f"{i} " * 500}) for i in range(700)]
    text = "\n".join(lines)
    members = {
        "a.jsonl": text.encode("utf-16"),
        "b.json": f"[{','.join(lines)}]".encode("utf-8-sig"),
        "c.jsonl.gz": gzip.compress(text.encode()),
    }
    data = zipped(members) if name == "a.zip" else gzip.compress(tarred(members))
    (tmp_path / name).write_bytes(data)
    articles, bad = read_all(tmp_path)
    assert bad == []
    assert [article.id for article in articles] == 3 * [f"c{i}" for i in range(700)]


def test_a_worker_reads_the_same(tmp_path: Path) -> None:
    write_file(tmp_path, "a.zip", zipped({**MEMBERS, "hỏng.json": "{"}))
    (tmp_path / "b.tar.zst").write_bytes(zstd.compress(tarred(MEMBERS)))
    bad: list[BadRecord] = []
    read: list[int] = []
    articles = list(read_in_worker([tmp_path], on_bad=bad.append, on_bytes=read.append))
    assert len(articles) == 12
    assert [record.path for record in bad] == [str(tmp_path / "a.zip" / "hỏng.json")]
    assert sum(read) == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_names_lead_nowhere(tmp_path: Path) -> None:
    members: Members = {
        "../../ngoài.json": RECORD,
        "/etc/tin.json": RECORD,
        "thư mục\\tin.json": RECORD,
        "..": RECORD,
    }
    for name, data in (("a.zip", zipped(members)), ("a.tar", tarred(members))):
        path = write_file(tmp_path, name, data)
        articles, bad = read_all(path)
        assert bad == []
        places = [article.provenance.path for article in articles if article.provenance]
        expected = [path / "ngoài.json", path / "etc/tin.json", path / "thư mục/tin.json"]
        assert places == list(map(str, expected))


def test_links_and_devices_are_no_files(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind in (("a.json", tarfile.SYMTYPE), ("b.json", tarfile.LNKTYPE),
                           ("c.json", tarfile.FIFOTYPE), ("d.json", tarfile.CHRTYPE)):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    link = zipfile.ZipInfo("a.json")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as zipped_link:
        zipped_link.writestr(link, "/etc/passwd")
    assert read_all(tmp_path) == ([], [])


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    inner = zipped({"tin.json": RECORD})
    packed = zipped({"a.json": RECORD, "trong.zip": inner, "trong.tgz": b"", "tin.json.gz":
                     gzip.compress(RECORD.encode()), "z.json": LINES})  # fmt: skip
    articles, bad = read_all(write_file(tmp_path, "a.zip", packed))
    assert [article.id for article in articles] == ["a1", "a1", "b0", "b1", "b2"]
    assert [(Path(record.path).name, record.reason) for record in bad] == [
        ("trong.zip", "an archive inside an archive: unpack the outer one first"),
        ("trong.tgz", "an archive inside an archive: unpack the outer one first"),
    ]
    encrypted = bytearray(zipped({"a.json": RECORD, "b.png": "\0"}))
    at = encrypted.index(b"PK\1\2") + 8
    encrypted[at] |= 1
    (bad_record,) = read_all(write_file(tmp_path, "b.zip", bytes(encrypted)))[1]
    assert bad_record.path == str(tmp_path / "b.zip" / "a.json")
    assert bad_record.reason == "encrypted: unpack the archive first"
    for name in ("c.zip", "c.tar"):
        ((reason,), ids) = _reasons(write_file(tmp_path, name, b"no archive" * 99))
        assert reason.startswith(("broken zip data", "broken tar data"))
    broken = bytearray(zipped({"a.json": RECORD, "b.json": RECORD}, zipfile.ZIP_STORED))
    broken[broken.index(b"title")] ^= 1
    (reasons, ids) = _reasons(write_file(tmp_path, "d.zip", bytes(broken)))
    assert len(ids) == 1
    assert "Bad CRC-32" in reasons[0]
    (reasons, ids) = _reasons(write_file(tmp_path, "e.tar", tarred(MEMBERS)[:1100]))
    assert ids == ["a1"]
    assert len(reasons) == 1


def _reasons(path: Path) -> tuple[list[str], list[str]]:
    articles, bad = read_all(path)
    return [record.reason for record in bad], [article.id for article in articles]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.zip", zipped),
        ("a.tgz", lambda members: gzip.compress(tarred(members))),
        ("a.txz", lambda members: lzma.compress(tarred(members), preset=0)),
        ("a.tar.zst", lambda members: zstd.compress(tarred(members))),
    ],
)
def test_bombs_are_given_up(
    tmp_path: Path,
    name: str,
    pack: Callable[[Members], bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.readers.source_file._EXPANSION_ALLOWED", 1_000_000)
    data = pack({f"{n}.json": b"[" + b" " * 1_500_000 + b"]" for n in range(3)})
    (tmp_path / name).write_bytes(data)
    articles, bad = read_all(tmp_path)
    assert articles == []
    assert any("200 times" in record.reason for record in bad)


def test_a_broken_member_costs_a_worker_only_itself(tmp_path: Path) -> None:
    deep = "[" * 100_000
    path = write_file(
        tmp_path, "a.zip", zipped({"a.json": RECORD, "b.json": deep, "c.json": LINES})
    )
    bad: list[BadRecord] = []
    articles = list(read_in_worker([path], on_bad=bad.append))
    assert {article.id for article in articles} == IDS
    assert [record.path for record in bad] == [str(path / "b.json")]
