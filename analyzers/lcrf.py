"""Reader of the binary model files of CRFsuite ("lCRF"), standard library only.

Layout (little endian, after CRFsuite's `crf1d_model.c` and `cqdb.c`): a header with the offsets of
its chunks; FEAT, the weights as (type, source, target, float64); and two CQDB chunks, which map
label and attribute strings to the numbers used by FEAT. CRFsuite's hash tables inside a CQDB chunk
are not needed here: its backward array lists the offset of every string in order of its number.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

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
