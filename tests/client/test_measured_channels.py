"""Channels whose numbers come from exports, or contradict them."""

from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.client.contradictions import contradictions
from funnelkit.client.document import load
from funnelkit.client.doubts import doubts
from funnelkit.client.problems import ClientFileError, Code
from funnelkit.client.read import read_client
from funnelkit.faces.board.channel_panels import channel_panels
from funnelkit.plan.uncertainty import Counts
from funnelkit.show.channel_inputs import channel_inputs_table
from funnelkit.show.doubts import doubt_lines
from funnelkit.show.words import Words
from tests.client.evidence.company import CLIENT, Company, keep, made_up

RU, EN = (Words(language=language, currency="RUB") for language in ("ru", "en"))
MONTHS = (7, 8, 9)
CHANNELS = """\
  channels: {Директ: [yandex_direct]}
marketing:
  channels:
    - name: Директ
      source: кабинет
      budget: {now: measured, best: 400_000}
      price: measured
      landing_rate: {now: measured, plan: 2%}
    - {name: Авито, clicks: 500, landing_rate: 3%}
"""


@pytest.fixture(scope="module")
def company() -> Company:
    return made_up()


@pytest.fixture(scope="module")
def folder(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep(tmp_path_factory.mktemp("kitchens"), company).parent


def read(folder: Path, channels: str = CHANNELS) -> Client:
    (folder / "client.yaml").write_text(CLIENT + channels, encoding="utf-8")
    return read_client(folder / "client.yaml")


def truth(company: Company) -> tuple[float, float, float]:
    """Spend, clicks and leads of the advertised channel in the period."""
    bought = [row for row in company.spend if row[0].month in MONTHS]
    leads = [d for d in company.deals if d.created.month in MONTHS and d.source[1] == "cpc"]
    return sum(row[4] for row in bought), float(sum(row[3] for row in bought)), float(len(leads))


def test_a_channel_is_filled_in_where_its_file_wants_it(folder: Path, company: Company) -> None:
    spend, clicks, leads = truth(company)
    client = read(folder)
    assert client.marketing
    media = client.marketing.media
    assert media.now.amount[0] == pytest.approx(spend / 3)
    assert media.now.price[0] == pytest.approx(spend / clicks)
    assert media.known["landing_rate"] == (Counts(won=leads, of=clicks), None)
    assert media.plan.rates["landing_rate"][0] == 0.02
    keys = {key for key in client.measured if key.startswith("Директ.")}
    assert keys == {"Директ.budget", "Директ.price", "Директ.landing_rate"}
    assert client.measured["Директ.price"].files == ("direct.csv",)
    assert client.measured["Директ.landing_rate"].files == ("direct.csv", "сделки.csv")
    assert not any(found.channel for found in contradictions(client))


def test_the_inputs_and_the_slider_say_where_it_comes_from(folder: Path) -> None:
    client = read(folder)
    assert client.marketing
    media = client.marketing.media
    rows = {(row[1], row[4], row[5]) for row in channel_inputs_table(client, media, EN).rows}
    source = "direct.csv; July 2026 – September 2026"
    assert ("Ad spend", "measured", f"кабинет; {source}") in rows
    assert ("CPC", "measured", source) in rows
    assert ("Clicks", "typed", "") in rows
    sliders = {
        slider.text: slider
        for panel in channel_panels(client, (client.plan,), media, RU, None)
        for slider in panel.sliders
    }
    noted = sliders["Директ"].meaning
    assert noted.endswith(" Измерено (direct.csv; июль 2026 – сентябрь 2026).")
    assert sliders["Авито"].meaning.endswith(" Введено вручную.")


def test_what_is_typed_otherwise_is_told_with_both_numbers(folder: Path, company: Company) -> None:
    spend, clicks, _leads = truth(company)
    typed = CHANNELS.replace("now: measured, best", "now: 150_000, best")
    typed = typed.replace("price: measured", f"price: {spend / clicks * 1.04:.4f}")
    client = read(folder, typed.replace("now: measured, plan", "now: 5%, plan"))
    assert client.marketing
    found = {each.name: each for each in contradictions(client) if each.channel}
    assert found.keys() == {"budget", "landing_rate"}
    assert (found["budget"].typed, found["landing_rate"].typed) == (150_000, 0.05)
    assert found["budget"].measured.value == pytest.approx(spend / 3)
    document = load(client.path, "kitchens")
    lines = "\n".join(doubt_lines(doubts(client), client, document, EN)).replace("\xa0", " ")
    assert "client.yaml:14: marketing.channels" in lines
    assert "Директ: Ad spend: RUB 150,000 is typed, and the exports say RUB 78,855" in lines
    said = "\n".join(doubt_lines(doubts(client), client, document, RU)).replace("\xa0", " ")
    assert "Директ: Из кликов в лиды: введено 5 %, а по выгрузкам 0,93 %" in said
    rows = channel_inputs_table(client, client.marketing.media, EN).rows
    assert rows[0][4].replace("\xa0", " ") == "typed; the exports say RUB 78,855"


def test_a_channel_that_no_export_has_cannot_be_measured(folder: Path) -> None:
    with pytest.raises(ClientFileError) as raised:
        read(folder, CHANNELS.replace("clicks: 500", "clicks: measured"))
    (problem,) = raised.value.problems
    assert problem.code is Code.NOT_MEASURED
    assert "clicks" in problem.field
