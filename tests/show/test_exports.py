"""Every refusal, remark and name of exports in both languages."""

import re
from collections.abc import Mapping

import pytest

from funnelkit.client.evidence.evidence import Lack
from funnelkit.client.exports.meanings import Content, Meaning, System
from funnelkit.client.exports.problems import Drop, ExportError, ExportProblem, Refusal, Remark
from funnelkit.client.exports.read import read_bytes
from funnelkit.show.export_summary import summary_lines
from funnelkit.show.export_words import CONTENTS, DROPS, MEANINGS, SYSTEMS
from funnelkit.show.exports import (
    LACKS,
    REFUSALS,
    REMARKS,
    refusal_line,
    refusal_sentence,
    remark_sentence,
)
from funnelkit.show.words import LANGUAGES, Words
from tests.client.exports.samples import DIRECT, SAMPLES

EN, RU = Words(language="en"), Words(language="ru")

VALUES: Mapping[str, str | float] = {
    "bytes": 500_000_000,
    "most": 400_000_000,
    "width": 7,
    "stated": 3,
    "other": "b.csv",
    "currency": "RUB",
    "begin": "2026-07-01",
    "end": "2026-07-12",
}


def problem(code: Refusal, found: str = "1,234") -> ExportProblem:
    return ExportProblem(
        code=code, file="Отчёт, июль.csv", row=7, column="Дата", found=found, values=VALUES
    )


def test_every_member_has_its_words() -> None:
    for words, members in (
        (REFUSALS, Refusal),
        (REMARKS, Remark),
        (DROPS, Drop),
        (MEANINGS, Meaning),
        (SYSTEMS, System),
        (CONTENTS, Content),
        (LACKS, Lack),
    ):
        assert set(words) == set(members)  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("code", list(Refusal))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_the_place_and_what_helps(code: Refusal, language: str) -> None:
    line = refusal_line(problem(code), Words(language=language))
    assert line.startswith("Отчёт, июль.csv:7: ")
    assert "Дата" in line
    assert ("1,234" in line) == ("{found}" in REFUSALS[code])
    assert not re.search(r"{(found|file|key|column|other|width|most|currency)}", line)
    if language == "ru":
        said = refusal_sentence(problem(code), RU)
        assert re.search("[а-я]{3}", said)
        assert said != refusal_sentence(problem(code), EN)


@pytest.mark.parametrize("remark", list(Remark))
def test_a_remark_says_of_what(remark: Remark) -> None:
    said = [remark_sentence(remark, "Потрачено", words) for words in (EN, RU)]
    assert said[0] != said[1]
    assert all(("Потрачено" in each) == ("{of}" in REMARKS[remark]) for each in said)


@pytest.mark.parametrize("names", [DROPS, MEANINGS, CONTENTS, LACKS])
def test_names_are_translated(names: Mapping[str, str]) -> None:
    for english in names.values():
        assert re.search("[а-я]", RU(english)), english


def test_a_question_shows_the_answer_as_the_clients_file_writes_it() -> None:
    assert refusal_sentence(problem(Refusal.AMBIGUOUS_NUMBER), EN) == (
        "is “1,234” a thousand and more, or a number with three decimals? Nothing else in the "
        'file tells. Answer in the client\'s file: exports: {files: {"Отчёт, июль.csv": '
        "{decimal: comma}}}, or decimal: point (on import: --decimal)"
    )
    assert refusal_sentence(problem(Refusal.NO_RATE, "USD"), RU) == (
        "суммы в USD, а валюта клиента — RUB. Сколько стоит один USD? Ответьте в файле клиента: "
        "exports: {rates: {USD: …}}"
    )


@pytest.mark.parametrize("hostile", ["{found} {0} {key!r}", "%s", "<b>&amp;", '"};x: {'])
def test_what_stands_in_a_file_is_never_a_pattern(hostile: str) -> None:
    for code in Refusal:
        for words in (EN, RU):
            said = refusal_sentence(problem(code, hostile), words)
            assert (hostile in said) == ("{found}" in REFUSALS[code])


def test_a_real_refusal_reads_like_a_sentence() -> None:
    with pytest.raises(ExportError) as raised:
        read_bytes(DIRECT.replace("02.07.2026;", "31.02.2026;").encode("cp1251"), "direct.csv")
    assert refusal_line(raised.value.problem, RU) == (
        "direct.csv:8: столбец «Дата»: найдено «31.02.2026», а должна быть дата вида 2026-07-01 "
        "или 01.07.2026"
    )
    with pytest.raises(ExportError) as raised:
        read_bytes(b"PK\x03\x04 broken", "book.csv")
    assert "()" not in refusal_line(raised.value.problem, EN)


def test_what_was_read_is_laid_beside_the_account() -> None:
    export = read_bytes(DIRECT.replace("7 804,65", "7 904,65").encode("cp1251"), "direct.csv")
    assert list(summary_lines(export, EN)) == [
        "direct.csv: Yandex Direct, advertising spend, 1 July 2026 to 2 July 2026, CP1251, RUB",
        "    3 rows read",
        "    not counted: 1 (rows of totals)",
        "    To compare with the account:",
        "        impressions — Показы           20,645  the file states 20,645",
        "        clicks — Клики                    217  the file states 217",
        "        spend — Расход (руб.)    7,804.65 RUB  the file states 7,904.65",
        "        conversions — Конверсии             7  the file states 7",
        "    Read besides: day — Дата, campaign — Кампания, campaign's number — № Кампании, "
        "group of ads — Группа",
        "    Not used: № Группы, № Объявления, Условие показа, CTR (%), Ср. цена клика (руб.), "
        "Отказы (%)",
        "    ! the file's own total differs from the sum of its rows: Расход (руб.)",
    ]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_system_is_summed_up(name: str, language: str) -> None:
    words = Words(language=language)
    export = read_bytes(SAMPLES[name].data, f"{name}.csv")
    lines = list(summary_lines(export, words))
    assert lines[0].startswith(f"{name}.csv: {words(SYSTEMS[export.system])}, ")
    assert not any(re.search(r"{\w*}|None|nan", line) for line in lines)
    for total in export.totals.values():
        assert any(words.number(total, 2) in line for line in lines)
