"""Times as newspapers' exports write them."""

import re
from datetime import datetime
from typing import Final

from ..article import VIETNAM_TIME, Precision
from .bad_record import RecordError

__all__ = ["parse_time"]

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?P<time>[T ].+)?")
_SPACE_BEFORE_OFFSET: Final = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_VIETNAMESE: Final = re.compile(
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
    r"(?:,?\s+(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
)


def parse_time(text: str) -> tuple[datetime, Precision]:
    """The aware time that the text names, and whether it names a time of day.

    Takes ISO 8601, YYYY-MM-DD and dd/mm/yyyy [HH:MM]; without an offset it is Vietnam's time,
    without a time of day its midnight.

    Raises:
        RecordError: another format, or a date that does not exist.
    """
    text = _SPACE_BEFORE_OFFSET.sub("", text.strip())
    try:
        if iso := _ISO.fullmatch(text):
            time = datetime.fromisoformat(text)
            has_time = iso["time"] is not None
        elif written := _VIETNAMESE.fullmatch(text):
            parts = {name: int(value) for name, value in written.groupdict("0").items()}
            time = datetime(**parts, tzinfo=VIETNAM_TIME)
            has_time = written["hour"] is not None
        else:
            raise RecordError(
                f"{text[:40]!r} is not a date (expected ISO 8601, YYYY-MM-DD or dd/mm/yyyy HH:MM)"
            )
    except ValueError as error:
        if isinstance(error, RecordError):
            raise
        raise RecordError(f"{text[:40]!r} is not a possible date") from error
    if time.utcoffset() is None:
        time = time.replace(tzinfo=VIETNAM_TIME)
    return time, "minute" if has_time else "day"
