"""Reading pyvi's files: known content only, no code of the pickle, weights exactly as stored."""

import importlib
import io
import os
import pickle
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from analyzers.pyvi_model import (
    MODEL_FILE,
    WORDS_FILE,
    CrfFormatError,
    ForbiddenPickle,
    PyviMissing,
    RestrictedUnpickler,
    UnknownModel,
    crf_bytes,
    load_model,
    model_directory,
    read_crf_model,
)

pycrfsuite = importlib.import_module("pycrfsuite")  # has no types

HEAVY_PACKAGES = {"pyvi", "sklearn", "sklearn_crfsuite", "pycrfsuite", "scipy", "joblib", "numpy"}


@pytest.fixture
def copied_model(tmp_path: Path) -> Path:
    for name in (MODEL_FILE, WORDS_FILE):
        shutil.copy(model_directory() / name, tmp_path)
    return tmp_path


@pytest.fixture
def crf_file(tmp_path: Path) -> bytes:
    """A small model that CRFsuite itself has trained."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for repeat in range(1, 6):
        trainer.append([["bias", "từ:hà"], ["bias", "từ:nội"], ["bias", "\n"]], ["B", "I", "O"])
        trainer.append([["bias", "từ:hà"]] * repeat, ["B"] * repeat)
    path = tmp_path / "small.crfsuite"
    trainer.train(str(path))
    return path.read_bytes()


def test_the_known_model_is_read_whole() -> None:
    model = load_model(model_directory())
    assert model.crf.labels == ("B_W", "I_W")
    assert len(model.crf.state) == 6_335
    assert model.crf.state["bias"] == (2.4449358910570003, -2.4449358909473657)
    assert model.crf.transitions == (
        (-0.9966795813457817, 1.918714518662263),
        (-2.9695616858159766, -0.43685033938707646),
    )
    assert len(model.words) == 31_158
    assert "công an" in model.words


@pytest.mark.parametrize("name", [MODEL_FILE, WORDS_FILE])
def test_a_file_changed_by_one_bit_is_refused(name: str, copied_model: Path) -> None:
    content = bytearray((copied_model / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied_model / name).write_bytes(content)
    with pytest.raises(UnknownModel, match=f"{name} has the unknown SHA-256"):
        load_model(copied_model)


@pytest.mark.parametrize("name", [MODEL_FILE, WORDS_FILE])
def test_an_absent_file_is_named(name: str, copied_model: Path) -> None:
    (copied_model / name).unlink()
    with pytest.raises(PyviMissing, match=f"pyvi's {name} is missing: run `pip install pyvi"):
        load_model(copied_model)


def test_absent_pyvi_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    monkeypatch.delitem(sys.modules, "pyvi", raising=False)
    with pytest.raises(PyviMissing, match="pyvi is missing"):
        model_directory()


def test_neither_pyvi_nor_a_pickle_runs() -> None:
    program = """
import sys
pickled = []
sys.addaudithook(lambda event, _: pickled.append(event) if event == "pickle.find_class" else None)
from analyzers.segmentation import segmenter
assert segmenter().words(["công", "an", "hà", "nội"]) == [(0, 2), (2, 4)]
print(*pickled, *{name.partition(".")[0] for name in sys.modules})
"""
    path = os.pathsep.join(filter(None, sys.path))
    run = subprocess.run(  # noqa: S603  # this interpreter, the fixed program above
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert "analyzers" in loaded
    assert loaded & {*HEAVY_PACKAGES, "pickle.find_class"} == set()


class Hostile:
    """Writes a file when an ordinary unpickler loads it."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.victim,)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_hostile_pickle_does_nothing(protocol: int, tmp_path: Path) -> None:
    victim = tmp_path / "written"
    pickled = pickle.dumps({"modelfile": Hostile(victim)}, protocol)
    with pytest.raises(ForbiddenPickle, match="the pickle holds the name"):
        crf_bytes(pickled)
    assert not victim.exists()
    pickle.loads(pickled)  # noqa: S301  # our own bytes: shows that the pickle does what it claims
    assert victim.exists()


@pytest.mark.parametrize(
    "name",
    [
        b"os\nsystem",
        b"builtins\neval",
        b"numpy\nload",
        b"sklearn_crfsuite.estimator\npycrfsuite",
        b"sklearn_crfsuite.estimator\nCRF.fit",
        b"_codecs\ndecode",
        b"analyzers.pyvi_model\nload_model",
    ],
)
def test_other_names_are_forbidden(name: bytes) -> None:
    with pytest.raises(ForbiddenPickle, match="do not open it"):
        RestrictedUnpickler(io.BytesIO(b"c" + name + b"\n.")).load()


def test_encode_makes_bytes_from_latin1_only() -> None:
    as_latin1 = b"c_codecs\nencode\n(V\xe9\nVlatin1\ntR."
    assert RestrictedUnpickler(io.BytesIO(as_latin1)).load() == b"\xe9"
    with pytest.raises(ForbiddenPickle, match="text encoded as 'zlib'"):
        RestrictedUnpickler(io.BytesIO(as_latin1.replace(b"latin1", b"zlib"))).load()


@pytest.mark.parametrize("value", [{}, {"modelfile": b"lCRF"}, b"lCRF", None])
def test_a_harmless_pickle_without_the_model_is_refused(value: object) -> None:
    with pytest.raises(ForbiddenPickle, match="no modelfile"):
        crf_bytes(pickle.dumps(value))


def test_the_weights_are_those_that_crfsuite_shows(crf_file: bytes, tmp_path: Path) -> None:
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(crf_file)
    tagger.dump(str(tmp_path / "dump.txt"))
    shown = (tmp_path / "dump.txt").read_text(encoding="utf-8")
    model = read_crf_model(crf_file)
    assert sorted(model.labels) == ["B", "I", "O"]
    assert set(model.state) == {"bias", "từ:hà", "từ:nội", "\n"}
    stored = [
        f"  (0) {attribute} --> {model.labels[at]}: {weight:.6f}\n"
        for attribute, weights in model.state.items()
        for at, weight in enumerate(weights)
        if weight
    ] + [
        f"  (1) {before} --> {after}: {model.transitions[i][j]:.6f}\n"
        for i, before in enumerate(model.labels)
        for j, after in enumerate(model.labels)
        if model.transitions[i][j]
    ]
    assert len(stored) == shown.count(" --> ")
    assert [line for line in stored if line not in shown] == []


def test_a_damaged_crf_file_is_an_error(crf_file: bytes) -> None:
    for length in range(len(crf_file)):
        with pytest.raises(CrfFormatError, match="reinstall"):
            read_crf_model(crf_file[:length])
    for at in (0, 8, 28, 32, 36):  # magic, kind, offsets of features, labels and attributes
        damaged = bytearray(crf_file)
        damaged[at : at + 4] = struct.pack("<I", 0x7FFFFFF0)
        with pytest.raises(CrfFormatError, match="reinstall"):
            read_crf_model(bytes(damaged))
