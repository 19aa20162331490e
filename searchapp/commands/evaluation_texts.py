"""What the gate of an evaluation found, in words: for the terminal, the report and JUnit."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from index.evaluation import (
    MAIN_MEASURE,
    RELATED_MEASURE,
    WORST,
    AboveCheck,
    ArchiveChange,
    AssertionResult,
    AssertionVerdict,
    Check,
    ClassesVerdict,
    Finding,
    FloorVerdict,
    FoundVerdict,
    LostVerdict,
    MeanVerdict,
    NoSuggestionCheck,
    Note,
    NoteKind,
    ParityVerdict,
    Part,
    QueriesVerdict,
    QueryVariant,
    RemovedVerdict,
    RestorationVerdict,
    SuggestsCheck,
    TopCheck,
    TotalCheck,
    Verdict,
)

from ..text.i18n import translated
from ..text.messages import N_, Gettext

__all__ = [
    "VerdictText",
    "archive_text",
    "gettext_of",
    "note_text",
    "printable",
    "related_title",
    "sentence",
    "signed",
    "variant_name",
    "verdict_text",
]

_VARIANT_NAMES: Final[Mapping[QueryVariant, str]] = {
    QueryVariant.AS_WRITTEN: N_("có dấu"),
    QueryVariant.NO_ACCENTS: N_("không dấu"),
    QueryVariant.HALF: N_("thiếu dấu"),
    QueryVariant.OTHER_TONE: N_("kiểu dấu khác + NFD"),
    QueryVariant.TELEX: N_("Telex"),
}

_UNPRINTABLE: Final = frozenset(("Cc", "Cs", "Cn"))
_NOTES: Final[Mapping[NoteKind, str]] = {
    NoteKind.UNJUDGED: N_("Chủ đề chưa chấm, không tính"),
    NoteKind.LOST: N_("Bài đã chấm nhưng chỉ mục không có, bỏ qua theo yêu cầu"),
    NoteKind.NO_BASELINE: N_(
        "Chưa có baseline: chấp nhận bằng `timbao eval baseline --accept --reason …`"
    ),
    NoteKind.NEW: N_("Chủ đề mới hoặc đã sửa, chưa so"),
    NoteKind.REMOVED: N_("Có trong baseline, nay không chấm, bỏ qua theo yêu cầu"),
    NoteKind.JUDGEMENTS: N_(
        "Điểm chấm (qrels) đã thay đổi từ lúc lập baseline: baseline được tính lại theo điểm mới"
    ),
    NoteKind.ARCHIVE: N_(
        "Kho bài không còn là kho của baseline: chỉ so trên những bài có ở cả hai; muốn so đúng "
        "mã nguồn thì cố định kho bằng `timbao eval freeze`"
    ),
    NoteKind.ARCHIVE_UNKNOWN: N_(
        "Baseline không ghi đã đo trên kho bài nào: không rõ kho có thay đổi hay không"
    ),
    NoteKind.PROGRAM: N_("Chương trình khác với lúc lập baseline"),
    NoteKind.ENGINE_ONLY: N_("Không chấm được từ tệp kết quả, cần chỉ mục"),
}
_PARTS: Final[Mapping[Part, str]] = {
    Part.TOPICS: N_("chủ đề không còn, hết điểm chấm hoặc đã đổi câu tìm"),
    Part.JUDGEMENTS: N_("chủ đề có ít điểm chấm hơn"),
    Part.RELATED: N_("tin liên quan không còn chấm hoặc chấm ít hơn"),
    Part.VARIANTS: N_("cách gõ không còn đo"),
    Part.ASSERTIONS: N_("khẳng định"),
    Part.RESTORATIONS: N_("câu khôi phục dấu"),
}


@dataclass(frozen=True, slots=True)
class VerdictText:
    """A verdict in words; `kind` is the name of its kind for programs."""

    kind: str
    name: str
    expected: str
    got: str
    details: tuple[str, ...] = ()


def gettext_of(code: str) -> Gettext:
    """What puts a message into one of the LANGUAGES."""
    return partial(translated, code)


def variant_name(variant: QueryVariant, _: Gettext) -> str:
    """A way of typing as people call it."""
    return _(_VARIANT_NAMES[variant])


def related_title(_: Gettext) -> str:
    """The measure of related news as people call it."""
    return ", ".join((_("tin liên quan"), RELATED_MEASURE))


def verdict_text(verdict: Verdict, _: Gettext) -> VerdictText:
    """What was looked at, what had to come and what came."""
    match verdict:
        case FoundVerdict(found=found, judged=judged):
            name = _("chủ đề tìm được bài đúng")
            return VerdictText("found", name, "≥ 1", f"{found}/{judged}")
        case LostVerdict(articles=articles):
            name, expected = _("bài đã chấm có trong chỉ mục"), _("đủ cả")
            got = _("thiếu %(ids)s", ids=_listed(articles, _)) if articles else expected
            return VerdictText("lost", name, expected, got)
        case RemovedVerdict(removals=removals):
            details = tuple(
                f"{_(_PARTS[item.part])}: "
                + (_listed(item.ids, _) if item.ids else f"{item.before} → {item.after}")
                for item in removals
            )
            name, expected = _("bộ chấm còn đủ như baseline"), _("không bớt gì")
            got = _("bớt %(count)s mục", count=len(removals)) if removals else expected
            return VerdictText("removed", name, expected, got, details)
        case MeanVerdict():
            return _mean_text(verdict, _)
        case QueriesVerdict(rule=rule, variant=variant, fallen=fallen):
            name = _(
                "chủ đề giảm từ %(drop)s %(measure)s, %(variant)s",
                drop=f"{rule.drop:g}",
                measure=MAIN_MEASURE,
                variant=variant_name(variant, _),
            )
            return VerdictText("queries", name, f"< {rule.count}", str(fallen))
        case ClassesVerdict(rule=rule, variant=variant, groups=groups):
            name = _("lớp chủ đề, %(variant)s", variant=variant_name(variant, _))
            expected = _(
                "không lớp nào giảm quá %(drop)s %(measure)s",
                drop=f"{rule.drop:g}",
                measure=MAIN_MEASURE,
            )
            got = ", ".join(f"{item.group} {signed(item.difference)}" for item in groups)
            return VerdictText("classes", name, expected, got or _("không có"))
        case FloorVerdict(measure=measure, floor=floor, mean=mean):
            name = _("%(measure)s tối thiểu", measure=measure)
            return VerdictText("floor", name, f"≥ {floor:g}", f"{mean:.4f}")
        case ParityVerdict(variant=variant, threshold=threshold, parity=parity):
            got = _("không tìm được gì") if parity is None else f"{parity:.3f}"
            name = _("ngang bằng khi gõ %(variant)s", variant=variant_name(variant, _))
            return VerdictText("parity", name, f"≥ {threshold:g}", got)
        case RestorationVerdict(wanted=wanted, right=right, missed=missed):
            total = right + len(missed)
            details = tuple(
                f"{item.restoration.query} → {item.restoration.reading}: "
                f"{_readings_text(item.finding.readings, _)}"
                for item in missed
            )
            expected, got = f"≥ {wanted}/{total}", f"{right}/{total}"
            return VerdictText("restoration", _("khôi phục dấu"), expected, got, details)
        case AssertionVerdict(result=AssertionResult(assertion=assertion, finding=finding)):
            name = f"{assertion.path.name}:{assertion.line}: {assertion.query}"
            return VerdictText("assertion", name, *_check_texts(assertion.check, finding, _))


def sentence(text: VerdictText, _: Gettext) -> str:
    """A verdict in one line."""
    return _(
        "%(name)s: cần %(expected)s, được %(got)s",
        name=text.name,
        expected=text.expected,
        got=text.got,
    )


def note_text(note: Note, _: Gettext) -> str:
    """A note with the first few topics, articles or names that it is about."""
    said = _(_NOTES[note.kind])
    return f"{said}: {_listed(note.ids, _)}" if note.ids else said


def archive_text(change: ArchiveChange, _: Gettext) -> str:
    """How the archive differs from that of the baseline."""
    numbers = {"before": change.before, "after": change.after}
    if not change.comparable:
        return _("Kho bài đã thay đổi: %(before)s → %(after)s bài", **numbers)
    return _(
        "Kho bài đã thay đổi: %(before)s → %(after)s bài (thêm %(new)s, mất %(gone)s, sửa "
        "%(edited)s)",
        **numbers,
        new=change.new,
        gone=change.gone,
        edited=change.edited,
    )


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


def _mean_text(verdict: MeanVerdict, _: Gettext) -> VerdictText:
    rule, before = verdict.rule, verdict.before
    expected = _(
        "≥ %(least)s (baseline %(before)s, cho phép −%(drop)s)",
        least=f"{before - rule.drop:.4f}",
        before=f"{before:.4f}",
        drop=f"{rule.drop:g}",
    )
    got = f"{verdict.after:.4f} ({signed(verdict.after - before)})"
    kind, name = "measure", rule.target
    if verdict.variant is None:
        kind, name = "related", related_title(_)
    else:
        name += f", {variant_name(verdict.variant, _)}"
    if rule.p_value is not None and verdict.p_value is not None:
        name += f", p < {rule.p_value:g}"
        expected = _("%(least)s, hoặc p ≥ %(p)s", least=expected, p=f"{rule.p_value:g}")
        got += f", p = {verdict.p_value:.4f}"
    return VerdictText(kind, name, expected, got)


def _check_texts(check: Check, finding: Finding, _: Gettext) -> tuple[str, str]:
    """What an assertion expects, and what there was."""
    ranks = [
        _("không thấy") if rank is None else _("hạng %(rank)s", rank=rank) for rank in finding.ranks
    ]
    match check:
        case TopCheck(doc_id=doc_id, within=within):
            expected = _("%(id)s trong %(within)s bài đầu", id=doc_id, within=within)
            got = "".join(ranks)
        case AboveCheck(upper=upper, lower=lower):
            expected = _("%(upper)s trên %(lower)s", upper=upper, lower=lower)
            ranked = zip(check.articles, ranks, strict=False)
            got = ", ".join(f"{doc_id}: {rank}" for doc_id, rank in ranked)
        case TotalCheck(at_least=at_least):
            expected = _("tổng ≥ %(count)s", count=at_least)
            got = _("tổng %(count)s", count=finding.total)
        case NoSuggestionCheck(kind=kind):
            expected = _("không gợi ý %(kind)s", kind=kind)
            got = _readings_text(finding.readings, _)
        case SuggestsCheck(text=reading):
            expected = _("gợi ý “%(text)s”", text=reading)
            got = _readings_text(finding.readings, _)
    if finding.absent:
        got = _("chỉ mục không có bài %(id)s", id=finding.absent)
    return expected, got


def _readings_text(readings: Sequence[str], _: Gettext) -> str:
    if not readings:
        return _("không gợi ý gì")
    return _("gợi ý %(texts)s", texts=", ".join(f"“{text}”" for text in readings))


def _listed(ids: Sequence[str], _: Gettext) -> str:
    shown = ", ".join(ids[:WORST])
    if len(ids) <= WORST:
        return shown
    return _("%(shown)s và %(count)s nữa", shown=shown, count=len(ids) - WORST)
