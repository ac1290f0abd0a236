import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.exports.column import Column
from funnelkit.client.exports.private import mask, without_people, without_private


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+79991234567", "…"),
        ("8 (999) 123-45-67", "…"),
        ("79991234567", "…"),
        ("'+79991234567", "'…"),
        ("тел. (4012) 12-34-56", "тел. …"),
        ("+1 (212) 555-0100", "…"),
        ("Ann <ann.lee@example.org>", "Ann <…>"),
        ("https://t.me/x?utm=a@b", "https://t.me/x?utm=a@b"),
        ("Кухня 3000 x 2400", "Кухня 3000 x 2400"),
        ("Поиск 2026-07-01", "Поиск 2026-07-01"),
        ("M-12345678901", "M-12345678901"),
    ],
)
def test_phones_and_mails_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_a_column_is_masked_and_keeps_its_other_texts() -> None:
    column, hidden = without_private(Column.of("Тема", ["a", "a@b.org", "c@d.org", "a"]))
    assert hidden
    assert [column.at(row) for row in range(4)] == ["a", "…", "…", "a"]
    assert without_private(Column.of("Тема", ["a", 5.0]))[1] is False


def test_clients_stay_apart() -> None:
    cells = ["Ann", "a@b.org", "+7 999 123-45-67", " A@B.org", 17.0, "17"]
    column, hidden = without_people(Column.of("Клиент", cells))
    assert hidden
    assert [column.at(row) for row in range(6)] == ["Ann", "#1", "#2", "#1", "17", "17"]


@given(st.text(max_size=30), st.emails(), st.text(max_size=30))
def test_no_ordinary_mail_gets_through(before: str, mail: str, after: str) -> None:
    local, _, domain = mail.partition("@")
    if local.replace(".", "").isalnum() and domain.rpartition(".")[2].isalpha():
        assert mail not in mask(f"{before} {mail} {after}")
