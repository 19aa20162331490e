"""What the gate of an evaluation found, in words: for the terminal, the report and JUnit."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.evaluation import (
    MAIN_MEASURE,
    RELATED_MEASURE,
    WORST,
    AboveCheck,
    AssertionResult,
    AssertionVerdict,
    Check,
    ClassesVerdict,
    Finding,
    FloorVerdict,
    MeanVerdict,
    NoSuggestionCheck,
    Note,
    NoteKind,
    ParityVerdict,
    QueriesVerdict,
    QueryVariant,
    RestorationVerdict,
    SuggestsCheck,
    TopCheck,
    TotalCheck,
    Verdict,
)

__all__ = ["VARIANT_NAMES", "VerdictText", "note_text", "printable", "signed", "verdict_text"]

VARIANT_NAMES: Final[Mapping[QueryVariant, str]] = {
    QueryVariant.AS_WRITTEN: "có dấu",
    QueryVariant.NO_ACCENTS: "không dấu",
    QueryVariant.HALF: "thiếu dấu",
    QueryVariant.OTHER_TONE: "kiểu dấu khác + NFD",
    QueryVariant.TELEX: "Telex",
}

_UNPRINTABLE: Final = frozenset(("Cc", "Cs", "Cn"))
_NOTES: Final[Mapping[NoteKind, str]] = {
    NoteKind.UNJUDGED: "Chủ đề chưa chấm, không tính",
    NoteKind.MISSING: "Bài đã chấm nhưng chỉ mục không có",
    NoteKind.NO_BASELINE: (
        "Chưa có baseline: chấp nhận bằng `timbao eval baseline --accept --reason …`"
    ),
    NoteKind.NEW: "Chủ đề mới hoặc đã sửa, chưa so",
    NoteKind.GONE: "Chủ đề có trong baseline, nay không có",
    NoteKind.JUDGEMENTS: "Điểm chấm (qrels) đã thay đổi từ lúc lập baseline",
}


@dataclass(frozen=True, slots=True)
class VerdictText:
    """A verdict in words; `kind` is the name of its kind for programs."""

    kind: str
    name: str
    expected: str
    got: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: cần {self.expected}, được {self.got}"


def verdict_text(verdict: Verdict) -> VerdictText:
    """What was looked at, what had to come and what came."""
    match verdict:
        case MeanVerdict(rule=rule, variant=variant, before=before, after=after):
            least = f"≥ {before - rule.drop:.4f} (baseline {before:.4f}, cho phép −{rule.drop:g})"
            got = f"{after:.4f} ({signed(after - before)})"
            if variant is None:
                return VerdictText("related", f"tin liên quan, {RELATED_MEASURE}", least, got)
            return VerdictText("measure", f"{rule.target}, {VARIANT_NAMES[variant]}", least, got)
        case QueriesVerdict(rule=rule, variant=variant, fallen=fallen):
            name = f"chủ đề giảm từ {rule.drop:g} {MAIN_MEASURE}, {VARIANT_NAMES[variant]}"
            return VerdictText("queries", name, f"< {rule.count}", str(fallen))
        case ClassesVerdict(rule=rule, variant=variant, groups=groups):
            name = f"lớp chủ đề, {VARIANT_NAMES[variant]}"
            expected = f"không lớp nào giảm quá {rule.drop:g} {MAIN_MEASURE}"
            got = ", ".join(f"{item.group} {signed(item.difference)}" for item in groups)
            return VerdictText("classes", name, expected, got or "không có")
        case FloorVerdict(measure=measure, floor=floor, mean=mean):
            return VerdictText("floor", f"{measure} tối thiểu", f"≥ {floor:g}", f"{mean:.4f}")
        case ParityVerdict(variant=variant, threshold=threshold, parity=parity):
            got = "không tìm được gì" if parity is None else f"{parity:.3f}"
            name = f"ngang bằng khi gõ {VARIANT_NAMES[variant]}"
            return VerdictText("parity", name, f"≥ {threshold:g}", got)
        case RestorationVerdict(wanted=wanted, right=right, missed=missed):
            total = right + len(missed)
            details = tuple(
                f"{item.restoration.query} → {item.restoration.reading}: "
                f"{_readings_text(item.finding.readings)}"
                for item in missed
            )
            expected, got = f"≥ {wanted}/{total}", f"{right}/{total}"
            return VerdictText("restoration", "khôi phục dấu", expected, got, details)
        case AssertionVerdict(result=AssertionResult(assertion=assertion, finding=finding)):
            name = f"{assertion.path.name}:{assertion.line}: {assertion.query}"
            return VerdictText("assertion", name, *_check_texts(assertion.check, finding))


def note_text(note: Note) -> str:
    """A note with the first few topics or articles that it is about."""
    return f"{_NOTES[note.kind]}: {_listed(note.ids)}" if note.ids else _NOTES[note.kind]


def signed(difference: float) -> str:
    """A difference with its sign and four decimals; no sign for what rounds to zero.

    >>> signed(-0.25), signed(0.00001)
    ('−0.2500', '0.0000')
    """
    text = f"{abs(difference):.4f}"
    if float(text) == 0:
        return text
    return f"{'−' if difference < 0 else '+'}{text}"


def printable(text: str) -> str:
    """The text without characters that neither XML nor HTML can hold."""
    return "".join(
        char for char in text if char in "\t\n" or unicodedata.category(char) not in _UNPRINTABLE
    )


def _check_texts(check: Check, finding: Finding) -> tuple[str, str]:
    """What an assertion expects, and what there was."""
    ranks = ["không thấy" if rank is None else f"hạng {rank}" for rank in finding.ranks]
    match check:
        case TopCheck(doc_id=doc_id, within=within):
            expected, got = f"{doc_id} trong {within} bài đầu", "".join(ranks)
        case AboveCheck(upper=upper, lower=lower):
            expected = f"{upper} trên {lower}"
            ranked = zip(check.articles, ranks, strict=False)
            got = ", ".join(f"{doc_id}: {rank}" for doc_id, rank in ranked)
        case TotalCheck(at_least=at_least):
            expected, got = f"tổng ≥ {at_least}", f"tổng {finding.total}"
        case NoSuggestionCheck(kind=kind):
            expected, got = f"không gợi ý {kind}", _readings_text(finding.readings)
        case SuggestsCheck(text=reading):
            expected, got = f"gợi ý “{reading}”", _readings_text(finding.readings)
    return expected, f"chỉ mục không có bài {finding.absent}" if finding.absent else got


def _readings_text(readings: Sequence[str]) -> str:
    return "gợi ý " + ", ".join(f"“{text}”" for text in readings) if readings else "không gợi ý gì"


def _listed(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:WORST])
    return shown if len(ids) <= WORST else f"{shown} và {len(ids) - WORST} nữa"
