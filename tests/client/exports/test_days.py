from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.exports.column import Column
from funnelkit.client.exports.days import days, is_day, month_first, parse_days, span
from funnelkit.client.exports.problems import ExportError, Refusal

DAY = date(2026, 7, 1)


def read(cells: list[object], *, usual: bool = False, optional: bool = False) -> list[date | None]:
    lines = np.arange(2, 2 + len(cells))
    parsed = parse_days(Column.of("Дата", cells), lines, optional=optional)
    first = month_first([parsed], lines, usual=usual)
    return days(parsed, lines, month_first=first)[0].tolist()


@pytest.mark.parametrize(
    "cell",
    [
        "2026-07-01",
        "2026/07/01",
        "2026-7-1",
        "2026-07-01 23:59:59",
        "2026-07-01T10:00:00Z",
        "2026-07-01T10:00:00.123+03:00",
        "20260701",
        20260701,
        20260701.0,
        "01.07.2026",
        "1.7.2026",
        "01.07.26",
        "01.07.2026 г.",
        "01.07.2026 10:12",
        "01.07.2026, 10:12",
        "1 июля 2026",
        "1 июля 2026 г.",
        "1 июл. 2026",
        "1\N{NO-BREAK SPACE}июля\N{NO-BREAK SPACE}2026",
        "Jul 1, 2026",
        "July 1, 2026",
        "jul 1 2026",
        "1 Jul 2026",
        "1 July 2026",
        "46204",
        46204,
        46204.5,
        "46204,5",
        DAY,
        datetime(2026, 7, 1, 23, 59),
        "2026-07",
        "июль 2026",
        "July 2026",
        "01.07.2026 - 07.07.2026",
        "2026-07-01/2026-07-07",
        "2026-07-01 — 2026-07-07",
    ],
)
def test_what_systems_write_is_read(cell: object) -> None:
    assert read([cell]) == [DAY]
    assert is_day(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "31.02.2026",
        "2026-02-31",
        "20260231",
        "00.07.2026",
        "1 жуля 2026",
        "32 июля 2026",
        "13/13/2026",
        "01.07.1850",
        "7",
        7,
        "yesterday",
        "07.07.2026 - 01.07.2026",
        "2026-13",
        True,
        12.5,
        "2026-07-01 and more",
        "",
        None,
    ],
)
def test_what_is_no_day_is_refused_by_its_row(cell: object) -> None:
    with pytest.raises(ExportError) as raised:
        read(["13/07/2026", cell])
    problem = raised.value.problem
    assert (problem.code, problem.row, problem.column) in (
        (Refusal.NOT_A_DATE, 3, "Дата"),
        (Refusal.AMBIGUOUS_DATE, 2, "Дата"),
    )


def test_a_missing_day_is_missing_where_it_may_be() -> None:
    assert read(["2026-07-01", "", "не закрыта", None], optional=True) == [DAY, None, None, None]


def test_the_order_is_the_files() -> None:
    assert read(["07/01/2026", "07/13/2026"]) == [DAY, date(2026, 7, 13)]
    assert read(["01/07/2026", "13/07/2026"]) == [DAY, date(2026, 7, 13)]
    assert read(["01-07-2026", "13-07-26"]) == [DAY, date(2026, 7, 13)]
    assert read(["07/01/2026"], usual=True) == [DAY]
    assert read(["13/07/2026"], usual=True) == [date(2026, 7, 13)]
    assert read(["07/07/2026"]) == [date(2026, 7, 7)]


@pytest.mark.parametrize("cells", [["07/01/2026"], ["07/13/2026", "13/07/2026"]])
def test_an_order_that_nothing_decides_is_asked_about(cells: list[object]) -> None:
    with pytest.raises(ExportError) as raised:
        read(cells)
    assert raised.value.problem.code is Refusal.AMBIGUOUS_DATE


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2100, 12, 31)), min_size=1),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%b %d, %Y", "%d %B %Y", "%d.%m.%Y %H:%M"]),
)
def test_days_in_any_form_are_read_back(calendar: list[date], form: str) -> None:
    assert read([day.strftime(form) for day in calendar]) == calendar


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_workbooks_count_is_a_day(day: date) -> None:
    assert read([(day - date(1899, 12, 30)).days]) == [day]


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), min_size=1), st.booleans())
def test_days_with_strokes_are_read_right_or_asked_about(calendar: list[date], us: bool) -> None:
    cells: list[object] = [day.strftime("%m/%d/%Y" if us else "%d/%m/%Y") for day in calendar]
    if any(day.day > 12 for day in calendar) or all(day.day == day.month for day in calendar):
        assert read(cells) == calendar
        return
    with pytest.raises(ExportError) as raised:
        read(cells)
    assert raised.value.problem.code is Refusal.AMBIGUOUS_DATE


def test_a_title_names_its_period() -> None:
    both = (date(2026, 6, 16), date(2026, 6, 19))
    assert span(";Кампания № 29645639, период 16.06.2026-19.06.2026") == both
    assert span("# Start date: 20260616 # End date: 20260619") == both
    assert span("Report 2026-06-16") is None
    assert span("") is None


@given(st.text(max_size=20) | st.text(alphabet="0123456789./- :", max_size=12))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert is_day(text) in (True, False)


def test_a_month_ends_with_its_last_day() -> None:
    lines = np.array([2])
    parsed = parse_days(Column.of("Месяц", ["2028-02"]), lines, optional=False)
    assert days(parsed, lines, month_first=False)[1] == date(2028, 3, 1) - timedelta(days=1)
