"""What is said in the place of an article that was withdrawn: no more than was given."""

from typing import Final

from msgspec import UNSET

from index import Withdrawal

from ..text.formatting import date_text
from ..text.messages import N_, lazy_gettext
from .problems import ApiError

__all__ = ["Withdrawn"]

#: By whether the headline is known, and whether a reason was given.
_TEXTS: Final = {
    (False, False): N_("Tin này đã được gỡ ngày %(day)s."),
    (False, True): N_("Tin này đã được gỡ ngày %(day)s. Lý do: %(reason)s."),
    (True, False): N_("Tin %(title)s đã được gỡ ngày %(day)s."),
    (True, True): N_("Tin %(title)s đã được gỡ ngày %(day)s. Lý do: %(reason)s."),
}


class Withdrawn(ApiError):
    """An article that must not be shown any more."""

    def __init__(self, withdrawal: Withdrawal) -> None:
        source = f" ({withdrawal.source})" if withdrawal.source else ""
        sentence = _TEXTS[bool(withdrawal.headline), bool(withdrawal.reason)]
        super().__init__(
            "withdrawn",
            lazy_gettext(
                sentence,
                day=date_text(withdrawal.on),
                title=f"“{withdrawal.headline}”{source}",
                reason=withdrawal.reason.rstrip(" ."),
            ),
            withdrawn_at=withdrawal.on.isoformat(),
            withdrawn_reason=withdrawal.reason or UNSET,
            withdrawn_headline=withdrawal.headline or UNSET,
            withdrawn_source=withdrawal.source or UNSET,
        )
