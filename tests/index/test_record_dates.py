"""Times as pages, exports and feeds write them; what each says was read by a person."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import VIETNAM_TIME
from index.readers.bad_record import RecordError
from index.readers.record_dates import parse_time

SATURDAY_MORNING = """\
Thứ bảy, 7/3/2026, 08:01 (GMT+7)
Thứ Bảy, ngày 07/03/2026 - 08:01
Thu bay, 7-3-2026 08:01
T7, 07/03/2026 | 08:01 GMT+7
08:01 07/03/2026
08:01 | 07.03.2026
08:01 (GMT+7), 7/3/2026
08:01-07/03/2026
07/03/2026-08:01
08h01 ngày 7/3/2026
8g01 ngày 7-3-2026
8 giờ 1 phút ngày 7 tháng 3 năm 2026
lúc 8 giờ 01 phút sáng ngày 7/3/2026
8h01' ngày 7.3.2026
Cập nhật lúc 08:01, Thứ Bảy, 07/03/2026 (GMT+7)
Đăng ngày 07-03-2026 08:01
07/03/2026 lúc 08:01
07/03/2026 08:01:00 SA
7 Tháng Ba 2026, 08:01
2026-03-07 08:01
2026-03-07T08:01:00+07:00
2026-03-07 08:01:00 +0700
2026-03-07T08:01:00.000 +07:00
2026-03-07T08:01:00+07:00[Asia/Ho_Chi_Minh]
2026-03-07T01:01:00Z
2026-03-07 01:01:00 UTC
20260307T010100Z
202603070801
20260307080100
2026/03/07 08:01
1772845260
1772845260000
1772845260000000
1772845260.0
Sat, 07 Mar 2026 08:01:00 +0700
Sat, 07 Mar 2026 01:01:00 GMT
Sat, 7 Mar 26 08:01:00 +0700
Sat Mar  7 08:01:00 2026
Sat Mar 07 2026 08:01:00 GMT+0700 (Indochina Time)
March 7, 2026 8:01 AM
7 Mar 2026 08:01
7 mars 2026 à 08:01
2026年3月7日 08:01
07/Mar/2026:08:01:00 +0700
Hà Nội, ngày 7 tháng 3 năm 2026, 08:01
TP.HCM - 07/03/2026 08:01
Sáng 07/03/2026 08:01
2026-03-07 08:01:00 Asia/Ho_Chi_Minh
2026-W10-6T08:01
7-III-2026 08:01
1.77284526E+12
/Date(1772845260000+0700)/
datetime.datetime(2026, 3, 7, 8, 1)
Timestamp('2026-03-07 08:01:00')
46088.334027777775
"""


@pytest.mark.parametrize("written", SATURDAY_MORNING.splitlines())
def test_one_time_in_many_forms(written: str) -> None:
    found = parse_time(written)
    assert found is not None
    assert found[0] == datetime(2026, 3, 7, 8, 1, tzinfo=VIETNAM_TIME)
    assert found[1] == "minute"


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2026/03/07", (2026, 3, 7), "day"),
        ("07-03-2026", (2026, 3, 7), "day"),
        ("7/3/26", (2026, 3, 7), "day"),
        ("7 . 3 . 2026", (2026, 3, 7), "day"),
        ("03/17/2026", (2026, 3, 17), "day"),
        ("20260307", (2026, 3, 7), "day"),
        ("07032026", (2026, 3, 7), "day"),
        ("21 tháng 9 năm 2025", (2025, 9, 21), "day"),
        ("thứ tư ngày 26 tháng tư năm 2026", (2026, 4, 26), "day"),
        ("ngày 30 tháng mười hai, 2025", (2025, 12, 30), "day"),
        ("Chủ nhật, 8/3/2026", (2026, 3, 8), "day"),
        ("Sept. 21st, 2025", (2025, 9, 21), "day"),
        ("7. března 2026", (2026, 3, 7), "day"),
        ("2026-03", (2026, 3, 1), "month"),
        ("03/2026", (2026, 3, 1), "month"),
        ("tháng 3 năm 2026", (2026, 3, 1), "month"),
        ("tháng Giêng 2026", (2026, 1, 1), "month"),
        ("March 2026", (2026, 3, 1), "month"),
        ("2026", (2026, 1, 1), "year"),
        ("năm 1954", (1954, 1, 1), "year"),
    ],
)
def test_what_is_not_said_is_not_made_up(
    written: str, day: tuple[int, int, int], precision: str
) -> None:
    assert parse_time(written) == (datetime(*day, tzinfo=VIETNAM_TIME), precision)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("07/03/2026 08:01:05 CH", 20),
        ("7/3/2026 8:01 PM", 20),
        ("7/3/2026 12:30 AM", 0),
        ("12h30 trưa 7/3/2026", 12),
        ("1 giờ trưa 7/3/2026", 13),
        ("3 giờ chiều ngày 7/3/2026", 15),
        ("11 giờ đêm 7/3/2026", 23),
        ("2 giờ sáng 7/3/2026", 2),
    ],
)
def test_halves_of_the_day(written: str, hour: int) -> None:
    found = parse_time(written)
    assert found is not None
    assert found[0].hour == hour


@pytest.mark.parametrize(
    "written", ["", "  ", "null", "None", "N/A", "NaN", "-", "0000-00-00 00:00:00", "0001-01-01"]
)
def test_no_time(written: str) -> None:
    assert parse_time(written) is None


@pytest.mark.parametrize(
    "written",
    ["31/02/2026", "hôm qua", "3 giờ trước", "bài số 12", "1 2 3", "7/3", "07/03/2026 25:00"],
)
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(RecordError):
        parse_time(written)


@given(st.text(max_size=60) | st.from_regex(r"[0-9/:. hgTZ+-]{1,24}", fullmatch=True))
def test_no_text_makes_it_fail_in_another_way(written: str) -> None:
    try:
        found = parse_time(written)
    except RecordError:
        return
    assert found is None or found[0].utcoffset() is not None


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.times(),
    st.sampled_from(["%d/%m/%Y %H:%M", "%H:%M %d-%m-%Y", "%d.%m.%Y, %Hh%M", "%Y/%m/%d %H:%M"]),
)
def test_what_is_written_is_read(day: date, clock: time, form: str) -> None:
    whole = datetime.combine(day, clock.replace(second=0, microsecond=0), VIETNAM_TIME)
    assert parse_time(whole.strftime(form)) == (whole, "minute")
