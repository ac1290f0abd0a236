"""The command that shows exports and keeps them with a client."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from funnelkit.client.read import read_client
from funnelkit.faces.cli import main
from tests.client.evidence.company import CLIENT, keep, made_up
from tests.client.exports.samples import SAMPLES

OWN = "Кто;Когда;Сколько\nА;01.07.2026;5,50\nБ;02.07.2026;7\n"
COLUMNS = ("--column", "Кто=customer", "--column", "Когда=day", "--column", "Сколько=amount")


def run(*arguments: str | Path, typed: str | None = None, language: str = "en") -> Result:
    options = ("import", *arguments, "--language", language)
    return CliRunner().invoke(main, [str(a) for a in options], input=typed)


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep(tmp_path_factory.mktemp("downloads"), made_up()).parent / "exports"


@pytest.fixture
def client(tmp_path: Path) -> Path:
    file = tmp_path / "clients" / "kitchens" / "client.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("# кухни\n" + CLIENT, encoding="utf-8")
    return file


def importing(client: Path, *files: Path, **options: str | None) -> Result:
    more = ("--client", "kitchens", "--clients", client.parents[1])
    return run(*files, *more, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_without_a_client_it_only_shows(downloads: Path) -> None:
    before = contents(downloads)
    result = run(downloads / "direct.csv", downloads / "сделки.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "direct.csv: Yandex Direct, advertising spend, 1 January 2026 to" in result.stdout
    assert "сделки.csv: amoCRM, deals" in result.stdout
    assert contents(downloads) == before


def test_what_cannot_be_read_is_told_and_the_rest_shown(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(SAMPLES["ga4"].data)
    (tmp_path / "b.csv").write_bytes(b"\x89PNG....")
    result = run(tmp_path, tmp_path / "none.csv", language="ru")
    assert result.exit_code == 1
    assert "a.csv: Google Аналитика 4" in result.stdout
    assert "b.csv: это картинка" in result.stdout
    assert "none.csv: файл не открывается" in result.stdout


def test_it_shows_before_it_asks_and_asks_before_it_writes(client: Path, downloads: Path) -> None:
    before = contents(client.parent)
    result = importing(client, downloads, typed="n\n")
    assert result.exit_code == 0
    assert contents(client.parent) == before
    shown = result.stdout
    assert shown.index("To compare") < shown.index("Measured of July 2026 – September 2026")
    assert shown.index("Won deals") < shown.index("Copy into")


def test_what_is_kept_is_what_was_given_and_only_once(client: Path, downloads: Path) -> None:
    result = importing(client, downloads, typed="y\n")
    assert result.exit_code == 0
    assert contents(client.parent / "exports") == contents(downloads)
    assert client.read_text(encoding="utf-8") == "# кухни\n" + CLIENT
    assert f"funnelkit check kitchens --clients {client.parents[1]}" in result.stdout
    before = contents(client.parent)
    again = importing(client, downloads)
    assert (again.exit_code, contents(client.parent)) == (0, before)
    assert "All of it is there already; nothing was changed." in again.stdout
    renamed = client.parents[2] / "new name.csv"
    renamed.write_bytes((downloads / "direct.csv").read_bytes())
    third = importing(client, renamed)
    assert "new name.csv is there already as direct.csv" in third.stdout
    assert contents(client.parent) == before
    assert "win_rate" in read_client(client).measured


def test_spend_to_payment_is_shown_by_channel_or_by_campaign(client: Path, downloads: Path) -> None:
    shown = importing(client, downloads, typed="n\n").stdout
    assert "From spend to payment" in shown
    assert "without a channel" in shown
    assert "Кухни Поиск" not in shown
    more = ("--client", "kitchens", "--clients", client.parents[1], "--campaigns")
    shown = run(downloads, *more, typed="n\n", language="ru").stdout
    assert "От расхода до оплаты" in shown
    assert "Кухни Поиск  июль 2026" in shown


def test_nothing_is_copied_out_of_the_clients_folder(
    client: Path, downloads: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (client.parent / "linked").symlink_to(tmp_path / "elsewhere")
    text = CLIENT.replace("exports:\n", "exports:\n  folder: linked/within\n")
    client.write_text(text, encoding="utf-8")
    result = importing(client, downloads, typed="y\n")
    assert result.exit_code == 1
    assert "leads out of the client's folder" in result.stdout
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_was_kept_is_checked_in_both_languages(client: Path, downloads: Path) -> None:
    text = CLIENT.replace("{now: measured, plan: 40%}", "80%").replace("a: measured", "a: 9_000")
    client.write_text(text, encoding="utf-8")
    importing(client, downloads, typed="y\n")
    for language, contradicted in (
        ("en", "Won deals: 80% is typed, and the exports say 51.5%"),
        ("ru", "Закрыто в сделку: введено 80\N{NO-BREAK SPACE}%, а по выгрузкам"),
    ):
        options = ["check", "kitchens", "--clients", str(client.parents[1])]
        result = CliRunner().invoke(main, [*options, "--language", language])
        assert result.exit_code == 0, result.output
        assert contradicted in result.output
        assert "client.yaml:4: goal.a: " in result.output


def test_yes_asks_nothing_and_speaks_russian(client: Path, downloads: Path) -> None:
    more = ("--client", "kitchens", "--clients", client.parents[1], "--yes")
    result = run(downloads, *more, language="ru")
    assert result.exit_code == 0
    assert "3 файла скопированы в" in result.stdout
    assert "Конверсия" in result.stdout or "сделки" in result.stdout
    assert "Скопировать" not in result.stdout


def test_a_question_is_answered_by_an_option_and_kept(client: Path, tmp_path: Path) -> None:
    file = tmp_path / "payments: 2026.csv"
    file.write_text("client,date,amount\n1,07/01/2026,5\n2,08/01/2026,6\n")
    before = contents(client.parent)
    result = importing(client, file)
    assert result.exit_code == 1
    assert "does the day or the month come first in “07/01/2026”" in result.stdout
    assert "Nothing was copied" in result.stderr
    assert contents(client.parent) == before
    result = run(
        file,
        *("--client", "kitchens", "--clients", client.parents[1], "--yes"),
        *("--dates", "month_first"),
    )
    assert result.exit_code == 0, result.output
    text = client.read_text(encoding="utf-8")
    assert text.startswith("# кухни\ntitle: Кухни\n")
    assert '"payments_ 2026.csv": {dates: month_first}' in text
    assert (client.parent / "exports" / "payments_ 2026.csv").is_file()
    assert "stages: {lost: [Отказ], qualified: [Замер, Отказ]}" in text


def test_a_table_of_ones_own_is_explained(client: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN, encoding="utf-8")
    assert "--column" in run(file).stdout
    assert "sum — Сколько  12.5" in run(file, *COLUMNS).stdout
    wrong = run(file, "--column", "Кто=who")
    assert (wrong.exit_code, "HEADING=MEANING" in wrong.stderr) == (2, True)
    result = run(file, *COLUMNS, "--client", "kitchens", "--clients", client.parents[1], "--yes")
    assert result.exit_code == 0, result.output
    assert "Сколько: amount" in client.read_text(encoding="utf-8")


def test_two_kinds_of_money_are_asked_about_before_anything_is_kept(
    client: Path, tmp_path: Path
) -> None:
    for name in ("google_ads", "ozon_performance"):
        (tmp_path / f"{name}.csv").write_bytes(SAMPLES[name].data)
    before = contents(client.parent)
    result = importing(client, tmp_path / "google_ads.csv", tmp_path / "ozon_performance.csv")
    assert result.exit_code == 1
    assert "exports: {rates: {USD: …}}" in result.stdout
    assert "exports: {vat: 20%}" in result.stdout
    assert contents(client.parent) == before


def test_an_unknown_client_or_a_wrong_file_is_told(client: Path, downloads: Path) -> None:
    clients = ("--clients", client.parents[1])
    result = run(downloads, "--client", "kitchen", *clients)
    assert (result.exit_code, "kitchens" in result.stderr) == (1, True)
    client.write_text(CLIENT.replace("stages:", "stagse:"), encoding="utf-8")
    result = run(downloads, "--client", "kitchens", *clients)
    assert result.exit_code == 1
    assert "exports.stagse" in result.stderr
    assert not (client.parent / "exports").exists()
