import numpy as np
import pytest

from funnelkit.client.evidence.naming import campaigns, channels
from funnelkit.client.evidence.stages import LOST, OPEN, WON, qualified_rows, states
from funnelkit.client.export_fields import StagesField
from funnelkit.client.exports.read import read_bytes
from tests.client.exports.samples import SAMPLES

HEAD = "ID;Стадия сделки;Сумма;Дата создания;Источник;UTM_SOURCE;UTM_MEDIUM;UTM_CAMPAIGN\n"


def named(row: str, **own: list[str]) -> str:
    export = read_bytes(f"{HEAD}1;Новая;5;01.07.2026;{row}\n".encode(), "deals.csv")
    return str(channels(export, own)[0])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Сайт;yandex;cpc;x", "yandex_direct"),
        ("Сайт;Yandex;;x", "yandex_direct"),
        ("Сайт;yandex;organic;", "yandex"),
        ("Сайт;vk;target;", "vk_ads"),
        ("Сайт;google;cpc;", "google_ads"),
        ("Сайт;ig;paid;", "meta_ads"),
        ("Авито;;;", "Авито"),
        (";;;", ""),
        ("(not set);;;", ""),
        ("google / organic;;;", "google"),
        ("google / cpc;;;", "google_ads"),
    ],
)
def test_a_row_is_called_by_what_it_says(row: str, expected: str) -> None:
    assert named(row) == expected


def test_the_clients_own_names_go_first() -> None:
    own = {"Блогеры": ["*blog*"], "Поиск": ["yandex"]}
    assert named("Сайт;instagram;cpc;BLOG_anna", **own) == "Блогеры"
    assert named("Сайт;yandex;cpc;x", **own) == "Поиск"
    assert named("поиск;;;", **own) == "Поиск"
    assert named("Авито;;;", **own) == "Авито"


def test_a_channel_may_be_called_by_what_it_would_be_without_the_client() -> None:
    own = {"Директ": ["yandex_direct"]}
    assert named("Сайт;yandex;cpc;x", **own) == "Директ"
    assert named("Сайт;yandex;organic;", **own) == "yandex"
    export = read_bytes(SAMPLES["yandex_direct"].data, "d.csv")
    assert set(channels(export, own)) == {"Директ"}


def test_an_advertising_system_is_a_channel() -> None:
    export = read_bytes(SAMPLES["yandex_direct"].data, "d.csv")
    assert set(channels(export, {})) == {"yandex_direct"}
    assert channels(export, {"РСЯ": ["*рся*"]}).tolist() == [
        *("yandex_direct", "РСЯ", "yandex_direct")
    ]
    assert campaigns(export)[0] == "Кухни Поиск"


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("Успешно реализовано", WON),
        ("Закрыто и не реализовано", LOST),
        ("142", WON),
        ("143", LOST),
        ("Сделка успешна", WON),
        ("Сделка «успешна»", WON),
        ("C2:WON", WON),
        ("C11:LOSE", LOST),
        ("Closed Won", WON),
        ("closedlost", LOST),
        ("Замер", OPEN),
        ("", OPEN),
    ],
)
def test_closed_stages_of_systems_are_known(stage: str, state: int) -> None:
    assert states(np.array([stage], dtype=object), StagesField())[0] == state


def test_the_clients_stages_go_first() -> None:
    own = StagesField(won=["Подписан"], lost=["Успешно"], qualified=["Замер"])
    stages = np.array(["подписан", "УСПЕШНО", "замер", "Новая"], dtype=object)
    assert states(stages, own).tolist() == [WON, LOST, OPEN, OPEN]
    assert qualified_rows(stages, own).tolist() == [False, False, True, False]
