"""The consultant's Monday: a new client asked about, its file looked through."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from funnelkit.client.read import client_names, read_client
from funnelkit.faces.batch import make_report
from funnelkit.faces.cli import main
from funnelkit.faces.newclient import last_month
from funnelkit.faces.schema import schema_text
from tests.client.files import SMALL, changed

DEMOS = Path(__file__).parents[2] / "data" / "clients"

TYPED = (
    *("--turnover", "1 000 000", "--leads", "160", "--first-check", "30_000"),
    *("--repeat-check", "12000", "--active-customers", "84", "--repeat-purchases", "50%"),
    *("--sales-cycle", "15", "--target", "3e6", "--month", "2026-09"),
)


def run(*arguments: str | Path, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=typed)


def new(folder: Path, *arguments: str, language: str = "en", typed: str | None = None) -> Result:
    options = ("--clients", folder / "clients", "--language", language)
    return run("new", *arguments, *options, typed=typed)


def client(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "client.yaml").write_text(text, encoding="utf-8")


# ---------------------------------------------------------------- new, by options


def test_options_make_a_client_and_say_how(tmp_path: Path) -> None:
    result = new(tmp_path, "acme", *TYPED)
    folder = tmp_path / "clients"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        f"Written: {folder}/acme/client.yaml",
        "Solved from the other answers: Deals with new clients a month: 16.5",
        "Assumed: Visitors to leads: 2% (two visitors in a hundred leave a contact, until a "
        "counter says it)",
        "Assumed: Visitors: 8,000 (as many as the leads need at that rate)",
        "Assumed: Monthly retention: 83.6% (so high that the number of clients stays, 90% where "
        "there are none; until it is measured)",
        "The plan moves nothing yet: it is made in the workshop. Next:",
        f"    funnelkit schema {tmp_path}/client.schema.json",
        f"    funnelkit check acme --clients {folder}",
        f"    funnelkit workshop acme --clients {folder}",
    ]
    made = read_client(folder / "acme" / "client.yaml")
    assert made.plan.run({}).revenue[0] == pytest.approx(1_000_000, rel=1e-9)
    assert (made.title, made.currency, made.language) == ("acme", "USD", "en")
    assert (made.first_month, made.plan.goal.horizon) == (date(2026, 9, 1), 3)


def test_options_in_russian(tmp_path: Path) -> None:
    options = ("--title", "ООО «Ромашка»", "--currency", "kzt", "--months", "6")
    result = new(tmp_path, "ромашка", *TYPED, *options, language="ru")
    assert result.exit_code == 0
    assert "Решено из остальных ответов: Сделок с новыми клиентами в месяц: 16,5" in result.stdout
    assert "План пока ничего не меняет" in result.stdout
    made = read_client(tmp_path / "clients" / "ромашка" / "client.yaml")
    assert (made.title, made.currency, made.language) == ("ООО «Ромашка»", "KZT", "ru")
    assert made.plan.goal.horizon == 6
    assert made.sources == {"win_rate": "решено из точки A"}


def test_a_schema_that_is_there_is_not_asked_for(tmp_path: Path) -> None:
    assert run("schema", tmp_path / "client.schema.json").exit_code == 0
    assert (tmp_path / "client.schema.json").read_text(encoding="utf-8") == schema_text()
    assert "funnelkit schema" not in new(tmp_path, "acme", *TYPED).stdout


def test_an_existing_client_is_never_overwritten(tmp_path: Path) -> None:
    client(tmp_path / "clients", "acme", "mine\n")
    for name in ("acme", "ACME"):
        result = new(tmp_path, name, *TYPED)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"Error: There is a client “{name}” already; nothing was changed.\n"
    assert [f.name for f in (tmp_path / "clients").iterdir()] == ["acme"]
    assert (tmp_path / "clients" / "acme" / "client.yaml").read_text() == "mine\n"


def test_a_demo_is_not_overwritten() -> None:
    before = (DEMOS / "saldo" / "client.yaml").read_bytes()
    assert run("new", "saldo", "--clients", DEMOS, *TYPED).exit_code == 2
    assert (DEMOS / "saldo" / "client.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["../x", "/etc", "a/b", "..", "con", "🐞", "x" * 300, "", "a\nb"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_hostile_name_writes_nothing(name: str, language: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    result = new(tmp_path / "in", name, *TYPED, language=language)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr) < 250
    assert bool(re.search("[а-я]", result.stderr)) == (language == "ru")
    assert [p for p in tmp_path.rglob("*")] == [tmp_path / "in"]  # noqa: C416


def test_all_wrong_answers_are_told_at_once(tmp_path: Path) -> None:
    result = new(tmp_path, "acme", "--turnover", "lots", "--leads", "-1", "--first-check", "1,000")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "Error: --turnover: found “lots”, which is no number; allowed are 0.25, 25% or 1 000 000",
        "--leads: found “-1”; allowed is 0 to 1,000,000,000,000,000",
        "--first-check: “1,000” can be read in two ways; a thousand is 1000 or 1 000, a decimal "
        "1.234",
    ]
    assert not (tmp_path / "clients").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--deals", "200"), "200 deals cannot come from 160 leads."),
        (
            ("--turnover", "90 000 000"),
            "The turnover is $90,000,000, but even if all 160 leads became deals it would be "
            "$5,304,000.",
        ),
        (
            ("--turnover", "1000"),
            "The turnover is $1,000, but what is known already gives $504,000: one of them is "
            "wrong.",
        ),
        (("--target", "900000"), "The target $900,000 is not above the turnover $1,000,000."),
        (("--currency", "dollars"), "“dollars” is no currency; three letters, as in RUB or USD."),
    ],
)
def test_a_contradiction_ends_a_run_by_options(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    result = new(tmp_path, "acme", *TYPED, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"Error: {said}\n"
    assert not (tmp_path / "clients").exists()


def test_a_title_that_no_file_holds_writes_nothing(tmp_path: Path) -> None:
    for title in ("x" * 301, "bell \a"):
        result = new(tmp_path, "acme", *TYPED, "--title", title)
        assert result.exit_code == 2
        assert re.match(r"Error: client\.yaml:\d+: ", result.stderr)
    assert not (tmp_path / "clients").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "acme").touch()
    result = new(tmp_path, "acme", *TYPED)
    file = tmp_path / "clients" / "acme" / "client.yaml"
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {file} cannot be written: ")


def test_all_answers_known_but_another_turnover_is_a_doubt(tmp_path: Path) -> None:
    result = new(tmp_path, "acme", *TYPED, "--deals", "13")
    assert result.exit_code == 0
    said = "A is $1,000,000, but the levers give $894,000: check which is right."
    assert said in result.stdout
    assert said in run("check", "acme", "--clients", tmp_path / "clients").stdout


@pytest.mark.parametrize(
    ("today", "month"),
    [(date(2026, 9, 14), date(2026, 8, 1)), (date(2027, 1, 1), date(2026, 12, 1))],
)
def test_a_was_measured_in_the_last_whole_month(today: date, month: date) -> None:
    assert last_month(today) == month


# ---------------------------------------------------------------- new, asking


def test_questions_are_asked_with_unit_and_example(tmp_path: Path) -> None:
    answers = ["1 000 000", "160", "", "30 000", "12 000", "84", "0,5", "20", "?"]
    result = new(tmp_path, "acme", typed="\n".join(answers) + "\n")
    assert result.exit_code == 0
    asked = re.findall(r"\d/9 .*?\[\?\]: ", result.stdout)
    assert asked == [
        "1/9 Turnover a month, USD (e.g. 1 000 000) [?]: ",
        "2/9 Leads a month (people who leave a contact; e.g. 160) [?]: ",
        "3/9 Deals with new clients a month (e.g. 13) [?]: ",
        "4/9 First check of a new client, USD (e.g. 30 000) [?]: ",
        "5/9 Check of a repeat purchase, USD (e.g. 12 000) [?]: ",
        "6/9 Clients at present (e.g. 84) [?]: ",
        "7/9 Repeat purchases per client and month (0.5 is one in two months; e.g. 0.5) [?]: ",
        "8/9 Sales cycle in days (from the first contact to the deal; e.g. 15) [?]: ",
        "9/9 Target turnover a month, USD (e.g. 3 000 000) [?]: ",
    ]
    made = read_client(tmp_path / "clients" / "acme" / "client.yaml")
    assert made.plan.goal.b == 3_000_000
    assert made.plan.run({}).revenue[0] == pytest.approx(1_000_000, rel=1e-9)


def test_a_slip_and_a_contradiction_are_asked_again(tmp_path: Path) -> None:
    answers = ["много", "1 000 000", "160", "200", *[""] * 6]
    again = ["", "13"]
    result = new(tmp_path, "acme", language="ru", typed="\n".join(answers + again) + "\n")
    assert result.exit_code == 0
    assert "«много» — не число" in result.stdout
    assert "Из 160 лидов не может выйти 200 сделок." in result.stdout
    assert "Лидов в месяц (людей, которые оставили контакт; например, 160) [160]: " in result.stdout
    known = read_client(tmp_path / "clients" / "acme" / "client.yaml").evidence["win_rate"]
    assert (known.won, known.of) == (13, 160)  # type: ignore[union-attr]


def test_a_conversation_broken_off_leaves_nothing(tmp_path: Path) -> None:
    result = new(tmp_path, "acme", typed="1000000\n")
    assert result.exit_code == 1
    assert not (tmp_path / "clients").exists()


def test_a_taken_name_is_told_before_any_question(tmp_path: Path) -> None:
    client(tmp_path / "clients", "acme", "mine\n")
    assert new(tmp_path, "acme", typed="").stdout == ""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_report_of_eight_answers_is_made(language: str, tmp_path: Path) -> None:
    assert new(tmp_path, "acme", "--turnover", "1000000", language=language).exit_code == 0
    file = tmp_path / "clients" / "acme" / "client.yaml"
    outcome = make_report(file, tmp_path / "reports", language)
    assert outcome.reason == ""


# ---------------------------------------------------------------- check


BROKEN = changed("win_rate: 20%", "win_rat: 20%").replace("b: 3000", "b: 300").replace(
    "visitors: 100", "visitors: 1,000"
)  # fmt: skip
DOUBTFUL = changed("a: 1000", "a: 2000").replace(
    "win_rate: 20%", "win_rate: {now: {won: 2, of: 10}, plan: 18%}"
)


def check(folder: Path, *names: str, language: str = "en") -> Result:
    return run("check", *names, "--clients", folder, "--language", language)


def test_all_problems_of_all_clients_are_told_at_once(tmp_path: Path) -> None:
    client(tmp_path, "broken", BROKEN)
    client(tmp_path, "empty", "")
    client(tmp_path, "doubtful", DOUBTFUL)
    result = check(tmp_path)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "broken: 3 problems",
        "    broken/client.yaml:4: goal.b: B (300) is not above A (1,000)",
        "    broken/client.yaml:6: levers.visitors: “1,000” can be read in two ways; a thousand is "
        "1000 or 1 000, a decimal 1.234",
        "    broken/client.yaml:8: levers.win_rat: there is no such field; did you mean "
        "“win_rate”?",
        "doubtful: no problems, 5 doubts",
        "    doubtful/client.yaml:4: goal.a: A is $2,000, but the levers give $1,000: "
        "check which is right.",
        "    doubtful/client.yaml:5: levers: Contribution is not known without: margin.",
        "    doubtful/client.yaml:5: levers: Profit is not known without: managers, fixed_costs, "
        "cost_per_manager, marketing_fixed, cost_per_visitor.",
        "    doubtful/client.yaml:8: levers.win_rate.plan: Won deals: planned worse than now, 18% "
        "after 20%.",
        "    doubtful/client.yaml:8: levers.win_rate.now: Won deals: counted on 10 only, the true "
        "share may be 5.7% to 51%.",
        "empty: 1 problem",
        "    empty/client.yaml:1: the file is empty",
    ]


def test_doubts_alone_stop_nothing(tmp_path: Path) -> None:
    client(tmp_path, "doubtful", DOUBTFUL)
    client(tmp_path, "broken", BROKEN)
    result = check(tmp_path, "doubtful", language="ru")
    assert result.exit_code == 0
    assert result.stdout.replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "doubtful: ошибок нет, 5 сомнений",
        "    doubtful/client.yaml:4: goal.a: Точка A — 2 000 $, а рычаги дают 1 000 $: "
        "проверьте, что верно.",
        "    doubtful/client.yaml:5: levers: Маржинальный доход не посчитать без: margin.",
        "    doubtful/client.yaml:5: levers: Прибыль не посчитать без: managers, fixed_costs, "
        "cost_per_manager, marketing_fixed, cost_per_visitor.",
        "    doubtful/client.yaml:8: levers.win_rate.plan: Закрыто в сделку: план хуже нынешнего, "
        "18 % после 20 %.",
        "    doubtful/client.yaml:8: levers.win_rate.now: Закрыто в сделку: посчитано всего на 10, "
        "на самом деле доля может быть от 5,7 % до 51 %.",
    ]


def test_the_demos_have_no_problems() -> None:
    result = check(DEMOS)
    assert result.exit_code == 0
    said = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert [line.split(":")[0] for line in said] == client_names(DEMOS)


def test_a_client_that_is_not_there_is_a_problem_among_others(tmp_path: Path) -> None:
    client(tmp_path, "acme", SMALL)
    result = check(tmp_path, "acne", "acme")
    assert result.exit_code == 1
    assert "did you mean “acme”?" in result.stdout
    assert "acme: no problems" in result.stdout


def test_no_clients_at_all_is_told(tmp_path: Path) -> None:
    result = check(tmp_path / "nowhere")
    assert result.exit_code == 1
    assert result.stderr == f"Error: there are no clients in {tmp_path}/nowhere\n"


# ---------------------------------------------------------------- all commands


def test_the_schema_is_written_where_one_says(tmp_path: Path) -> None:
    result = run("schema", tmp_path / "s.json")
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path}/s.json\n")
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["title"] == "client.yaml"


@pytest.mark.parametrize("command", ["new", "check", "batch", "workshop"])
def test_clients_may_live_anywhere(command: str) -> None:
    result = run(command, "--help")
    assert (result.exit_code, "--clients" in result.stdout) == (0, True)
