"""The weights and word list of the installed pyvi package, read without importing pyvi.

`import pyvi` loads scikit-learn and unpickles its model: seconds and about 120 MB. The files are
only data, so they are checked against known hashes and read directly. The pickle is walked by an
unpickler that can build inert records and nothing else.
"""

import hashlib
import importlib.util
import io
import pickle  # only through RestrictedUnpickler, after the hash check
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

MODEL_FILE: Final = "pyvi3.pkl"
WORDS_FILE: Final = "words.txt"
KNOWN_SHA256: Final = {  # pyvi 0.1.1
    MODEL_FILE: "6cdd73aee04b6a4ad7320ca85d27d931a7ef870cfdd41beb148e86bdb8aca134",
    WORDS_FILE: "517743d27e71d43343e4b8e9e89015cdc68d84ebe1d48106449e501d918ece4a",
}


class PyviMissing(ValueError):
    """pyvi, or one of its files, is not installed."""

    def __init__(self, missing: str) -> None:
        self.missing = missing
        super().__init__(f"{missing} is missing: run `pip install pyvi==0.1.1`")


class UnknownModel(ValueError):
    """A model file whose content is not the known one, so that it may not be read directly."""

    def __init__(self, path: Path, sha256: str) -> None:
        self.path = path
        self.sha256 = sha256
        super().__init__(
            f"{path.name} has the unknown SHA-256 {sha256[:12]}…:"
            " run `pip install --force-reinstall pyvi==0.1.1`"
        )


class ForbiddenPickle(ValueError):
    """A pickle that asks for something other than pyvi's model needs."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(f"the pickle holds {found}, which pyvi's model does not: do not open it")


@dataclass(frozen=True, slots=True)
class PyviModel:
    """pyvi's CRF and the lines of its word list (syllables of a word separated by one space)."""

    crf: "CrfModel"
    words: tuple[str, ...]


def model_directory() -> Path:
    """The folder of the installed pyvi's model files; PyviMissing if there is none."""
    spec = importlib.util.find_spec("pyvi")
    if spec is None or not spec.submodule_search_locations:
        raise PyviMissing("pyvi")
    return Path(next(iter(spec.submodule_search_locations))) / "models"


def load_model(directory: Path) -> PyviModel:
    """The model in `directory`, without running any code of its pickle.

    PyviMissing if a file is absent, UnknownModel if a file is not the known one.
    """
    pickled = _verified(directory / MODEL_FILE)
    words = _verified(directory / WORDS_FILE)
    return PyviModel(
        crf=read_crf_model(crf_bytes(pickled)), words=tuple(words.decode("utf-8").split("\n"))
    )


def crf_bytes(pickled: bytes) -> bytes:
    """The lCRF file inside a pickled sklearn_crfsuite.CRF; ForbiddenPickle if it is not there."""
    estimator = RestrictedUnpickler(io.BytesIO(pickled)).load()
    resource = _attribute(estimator, "modelfile")
    data = _attribute(resource, "__FILE_RESOURCE_DATA__")
    if not isinstance(data, bytes):
        raise ForbiddenPickle(f"model data of type {type(data).__name__}")
    return data


class InertRecord:
    """Stands for every class in the pickle: takes any arguments, keeps the state, does nothing."""

    def __new__(cls, *_args: object) -> "InertRecord":
        return super().__new__(cls)

    def __setstate__(self, state: object) -> None:
        self.state = state


def _latin1_bytes(text: object, encoding: object) -> bytes:
    """What `_codecs.encode` returns in a pickle of bytes written with protocol 2."""
    if not isinstance(text, str) or encoding != "latin1":
        raise ForbiddenPickle(f"text encoded as {encoding!r}")
    return text.encode("latin-1")


class RestrictedUnpickler(pickle.Unpickler):
    """Resolves the six names in pyvi's model, to inert stand-ins; ForbiddenPickle for others."""

    _STAND_INS: Final[dict[tuple[str, str], Callable[..., object]]] = {
        ("sklearn_crfsuite.estimator", "CRF"): InertRecord,
        ("sklearn_crfsuite._fileresource", "FileResource"): InertRecord,
        ("pycrfsuite._logparser", "TrainLogParser"): InertRecord,
        ("numpy.core.multiarray", "scalar"): InertRecord,
        ("numpy", "dtype"): InertRecord,
        ("_codecs", "encode"): _latin1_bytes,
    }

    def find_class(self, module: str, name: str, /) -> Callable[..., object]:
        """The stand-in of a global name; nothing is ever imported."""
        try:
            return self._STAND_INS[module, name]
        except KeyError:
            raise ForbiddenPickle(f"the name {module}.{name}") from None


def _attribute(record: object, name: str) -> object:
    state = record.state if isinstance(record, InertRecord) else None
    if not isinstance(state, dict) or name not in state:
        raise ForbiddenPickle(f"no {name}")
    value: object = state[name]
    return value


def _verified(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise PyviMissing(f"pyvi's {path.name}") from None
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != KNOWN_SHA256[path.name]:
        raise UnknownModel(path, sha256)
    return content


_HEADER = struct.Struct("<4sI4s9I")
_FEATURES_HEADER = struct.Struct("<4sII")
_FEATURE = struct.Struct("<IIId")
_CQDB_HEADER = struct.Struct("<4s5I")
_CQDB_BYTE_ORDER = 0x62445371
_CQDB_ENTRY = struct.Struct("<II")
_STATE, _TRANSITION = 0, 1


class CrfFormatError(ValueError):
    """A model file that cannot be read, with the reason and what to do."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"not a readable CRFsuite model ({reason}): reinstall the package that it came with"
        )


@dataclass(frozen=True, slots=True)
class CrfModel:
    """The weights of a first-order CRF, exactly as stored.

    `state` maps an attribute to its weight for each label, `transitions[a][b]` is the weight of
    label b after label a; both count labels in the order of `labels`. Absent weights are 0.0.
    """

    labels: tuple[str, ...]
    state: Mapping[str, tuple[float, ...]]
    transitions: tuple[tuple[float, ...], ...]


def read_crf_model(data: bytes) -> CrfModel:
    """The weights stored in an lCRF file; CrfFormatError if `data` is not one."""
    try:
        return _read(data)
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise CrfFormatError(str(error)) from error


def _read(data: bytes) -> CrfModel:
    magic, size, kind, *numbers = _HEADER.unpack_from(data)
    if magic != b"lCRF" or kind != b"FOMC" or size != len(data):
        raise CrfFormatError("wrong header")
    _version, _features, label_count, attribute_count, *offsets = numbers
    features_at, labels_at, attributes_at, *_references = offsets
    labels = _strings(data, labels_at, label_count)
    attributes = _strings(data, attributes_at, attribute_count)
    state = [[0.0] * label_count for _ in attributes]
    transitions = [[0.0] * label_count for _ in labels]
    for feature, source, target, weight in _features_at(data, features_at):
        if feature not in (_STATE, _TRANSITION):
            raise CrfFormatError(f"unknown feature type {feature}")
        (state if feature == _STATE else transitions)[source][target] = weight
    return CrfModel(
        labels=labels,
        state=dict(zip(attributes, map(tuple, state), strict=True)),
        transitions=tuple(map(tuple, transitions)),
    )


def _features_at(data: bytes, at: int) -> list[tuple[int, int, int, float]]:
    magic, _size, count = _FEATURES_HEADER.unpack_from(data, at)
    start = at + _FEATURES_HEADER.size
    stop = start + count * _FEATURE.size
    if magic != b"FEAT" or stop > len(data):
        raise CrfFormatError("wrong feature chunk")
    return list(_FEATURE.iter_unpack(data[start:stop]))


def _strings(data: bytes, at: int, count: int) -> tuple[str, ...]:
    """The strings of the CQDB chunk at offset `at`, in the order of their numbers."""
    magic, _size, _flags, byte_order, backward_count, backward_at = _CQDB_HEADER.unpack_from(
        data, at
    )
    if magic != b"CQDB" or byte_order != _CQDB_BYTE_ORDER or backward_count != count:
        raise CrfFormatError("wrong string chunk")
    entries = struct.unpack_from(f"<{count}I", data, at + backward_at)
    return tuple(_string(data, at + entry, number) for number, entry in enumerate(entries))


def _string(data: bytes, at: int, number: int) -> str:
    stored_number, length = _CQDB_ENTRY.unpack_from(data, at)
    start = at + _CQDB_ENTRY.size
    if stored_number != number or start + length > len(data):
        raise CrfFormatError(f"string {number} is not where it should be")
    return data[start : start + length - 1].decode("utf-8")  # the last byte is a NUL


class PyviLabeller:
    """Labels tokens with the installed pyvi; slow, and one call at a time."""

    def __init__(self) -> None:
        from pyvi.ViTokenizer import ViTokenizer  # here, so that only a fallback pays for it

        self._pyvi = ViTokenizer
        self._lock = Lock()  # CRFsuite's tagger keeps the sentence between its calls

    def labels(self, tokens: Sequence[str]) -> list[bool]:
        """For each token, whether it continues the word of the token before it."""
        if not tokens:
            return []
        features = self._pyvi.sent2features(list(tokens), is_training=False)
        with self._lock:
            [labels] = self._pyvi.model.predict([features])
        return [label == "I_W" for label in labels]
