"""What a query was read as, and what of it was not searched as typed, in sentences for people."""

from typing import Final, assert_never

from index import (
    All,
    Any,
    FieldValue,
    InField,
    Node,
    Prefix,
    QueryNotice,
    Quoted,
    Without,
    Words,
)

from ..text.messages import N_, Gettext

__all__ = ["notice_text", "reading_text"]

_FIELDS: Final = {
    "all": N_("toàn bài %(clause)s"),
    "tatca": N_("toàn bài %(clause)s"),
    "title": N_("tiêu đề %(clause)s"),
    "tieude": N_("tiêu đề %(clause)s"),
    "lead": N_("sa-pô %(clause)s"),
    "sapo": N_("sa-pô %(clause)s"),
    "body": N_("nội dung %(clause)s"),
    "noidung": N_("nội dung %(clause)s"),
    "caption": N_("chú thích ảnh %(clause)s"),
    "chuthich": N_("chú thích ảnh %(clause)s"),
    "related": N_("tin liên quan %(clause)s"),
    "lienquan": N_("tin liên quan %(clause)s"),
}
_VALUES: Final = {
    "authors": N_("tác giả “%(value)s”"),
    "sections": N_("chuyên mục “%(value)s”"),
    "sources": N_("nguồn “%(value)s”"),
    "date": N_("đăng %(value)s"),
}
_NOTICES: Final = {
    "nothing-to-search": N_("Không có chữ nào để tìm trong “%(text)s”."),
    "unclosed-quote": N_("Thiếu một dấu ngoặc kép; phần sau dấu mở được tìm nguyên cụm."),
    "stray-quote": N_("Dấu ngoặc kép lẻ được bỏ qua."),
    "unclosed-group": N_("Thiếu dấu ngoặc đóng; đã coi như đóng ở cuối câu."),
    "unexpected-close": N_("Dấu ngoặc đóng lẻ được bỏ qua."),
    "empty-group": N_("Cặp ngoặc trống được bỏ qua."),
    "missing-operand": N_("“%(text)s” không đi với từ nào nên được bỏ qua."),
    "minus-number": N_("“%(text)s” được tìm như một số. Để bỏ các tin có số đó, hãy gõ: %(offer)s"),
    "loose-minus": N_(
        "Dấu “%(text)s” đứng rời được bỏ qua. Để bỏ một từ hay cụm từ, hãy gõ dấu liền trước nó."
    ),
    "capital-words": N_("VÀ, HOẶC, KHÔNG trong câu viết hoa được tìm như từ thường."),
    "ignored-sign": N_("“%(text)s” được bỏ qua."),
    "leading-wildcard": N_("Dấu * chỉ dùng được ở cuối từ; dấu * ở đầu “%(text)s” được bỏ qua."),
    "inner-wildcard": N_("Dấu * chỉ dùng được ở cuối từ; dấu * trong “%(text)s” được bỏ qua."),
    "no-window": N_("“%(text)s” thiếu số tiếng (từ 1 đến 30) sau dấu ~ nên được tìm nguyên cụm."),
    "wide-window": N_("Khoảng cách trong “%(text)s” được giảm còn 30 tiếng, mức rộng nhất."),
    "sign-in-phrase": N_("Trong ngoặc kép, “%(text)s” không phải phép tìm."),
    "bad-date": N_("“%(text)s” không phải là ngày, nên không lọc theo ngày."),
    "date-order": N_("Ngày đầu ở sau ngày cuối; đã tìm từ %(offer)s."),
    "no-source": N_("Kho không có nguồn “%(text)s”."),
    "no-section": N_("Kho không có chuyên mục “%(text)s”."),
    "no-authors": N_("Kho không có tác giả “%(text)s”."),
    "too-deep": N_("Câu có quá nhiều ngoặc lồng nhau, nên được tìm như các từ thường."),
}
_NEAREST: Final = N_("Gần nhất: “%(offer)s”.")


def notice_text(notice: QueryNotice, translate: Gettext) -> str:
    """What a reader should know of a sign or value that is not searched as it was typed."""
    message = _NOTICES[notice.kind]
    text = translate(message, text=notice.text, offer=notice.offer.replace("..", " – "))
    if notice.kind.startswith("no-") and notice.offer:
        text = f"{text} {translate(_NEAREST, offer=notice.offer)}"
    return text


def reading_text(node: Node, translate: Gettext) -> str:
    """A query with signs as one says it: có “đà nẵng”, không có “quảng nam”."""
    match node:
        case Words(text):
            words = [f"“{word}”" for word in text.split()]
            if len(words) == 1:
                return translate("có %(words)s", words=words[0])
            return translate("có đủ các từ %(words)s", words=" ".join(words))
        case Quoted(text, window=None):
            return translate("có “%(phrase)s”", phrase=text)
        case Quoted(text, window=window):
            return translate(
                "có các từ của “%(phrase)s” trong khoảng %(window)s tiếng",
                phrase=text,
                window=window,
            )
        case Prefix(text):
            return translate("có từ bắt đầu bằng “%(prefix)s”", prefix=text)
        case FieldValue(field, text):
            return translate(_VALUES[field], value=text.replace("..", " – "))
        case InField(field, child):
            return translate(_FIELDS[field], clause=_inner(child, translate))
        case Without(FieldValue() as child):
            return translate("không phải %(clause)s", clause=reading_text(child, translate))
        case Without(child):
            return translate("không %(clause)s", clause=_inner(child, translate))
        case All(children, _):
            return ", ".join(
                _inner(child, translate)
                if isinstance(child, Any)
                else reading_text(child, translate)
                for child in children
            )
        case Any(children):
            return translate(" hoặc ").join(_inner(child, translate) for child in children)
        case _:
            assert_never(node)


def _inner(node: Node, translate: Gettext) -> str:
    """Part of a longer sentence: in brackets where it is of several parts itself."""
    text = reading_text(node, translate)
    return f"({text})" if isinstance(node, All | Any) else text
