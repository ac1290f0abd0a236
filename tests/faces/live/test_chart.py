"""A live chart without a browser: what it holds, what it sends, what it refuses."""

import json
from typing import Any

import altair as alt
import pandas as pd
import pytest

from funnelkit.faces.live import LiveChart
from funnelkit.faces.live.chart import live_texts, source
from funnelkit.faces.live.library import library, library_name
from funnelkit.show.words import LANGUAGES, Words


def plain(name: str = "points") -> alt.Chart:
    return alt.Chart(alt.NamedData(name)).mark_point().encode(x="x:Q", y="y:Q")


def listened(live: LiveChart) -> list[tuple[dict[str, Any], Any]]:
    """What a chart sends from now on, as pairs of a message and its buffers."""
    sent: list[tuple[dict[str, Any], Any]] = []
    live.send = lambda content, buffers=None: sent.append((content, buffers))
    return sent


def test_a_plain_chart_shows_its_first_rows() -> None:
    live = LiveChart(plain(), points=[{"x": 1, "y": 2.5}])
    assert live.spec["datasets"] == {"points": [{"x": 1, "y": 2.5}]}
    assert live.spec["data"] == {"name": "points"}
    assert live.spec["mark"]["type"] == "point"


def test_a_swap_is_one_message_and_a_page_opened_later_gets_the_same() -> None:
    live = LiveChart(plain(), points=[{"x": 1, "y": 2}])
    sent = listened(live)
    longer = [{"x": 1, "y": 3}, {"x": 2, "y": 4}]
    live.swap(points=longer)
    assert sent == [({"rows": {"points": longer}}, None)]
    assert live.get_state()["spec"]["datasets"] == {"points": longer}


def test_of_as_many_rows_as_before_those_that_changed_are_sent() -> None:
    live = LiveChart(plain(), points=[{"x": 1, "y": 2}, {"x": 2, "y": 4}])
    sent = listened(live)
    live.swap(points=[{"x": 1, "y": 2}, {"x": 2, "y": 5}])
    assert sent == [({"rows": {"points": {1: {"x": 2, "y": 5}}}}, None)]
    assert live.spec["datasets"]["points"] == [{"x": 1, "y": 2}, {"x": 2, "y": 5}]


def test_datasets_that_are_not_named_in_a_swap_stay() -> None:
    live = LiveChart(plain("a") | plain("b"), a=[{"x": 1, "y": 1}], b=[{"x": 2, "y": 2}])
    sent = listened(live)
    live.swap(b=[])
    assert [message["rows"] for message, _buffers in sent] == [{"b": []}]
    assert live.spec["datasets"] == {"a": [{"x": 1, "y": 1}], "b": []}


def test_every_dataset_that_a_chart_reads_is_there_from_the_start() -> None:
    chart = alt.vconcat(plain("a") + plain("b"), plain("c") | plain("d"))
    lookup = plain("e").transform_lookup("x", from_=alt.LookupData(alt.NamedData("f"), "x", ["z"]))
    live = LiveChart(alt.vconcat(chart, lookup), c=[{"x": 1, "y": 1}])
    empty: dict[str, list] = {name: [] for name in "abdef"}
    assert live.spec["datasets"] == {**empty, "c": [{"x": 1, "y": 1}]}


def test_a_chart_keeps_the_rows_that_it_came_with() -> None:
    own = pd.DataFrame({"x": [1], "y": [7]})
    came = alt.Chart(own).mark_line().encode(x="x:Q", y="y:Q")
    live = LiveChart(came + plain(), points=[{"x": 1, "y": 1}])
    live.swap(points=[])
    (kept,) = [rows for name, rows in live.spec["datasets"].items() if name != "points"]
    assert kept == [{"x": 1, "y": 7}]


def test_vega_lite_as_a_dict_is_a_chart_and_stays_as_it_was() -> None:
    spec = plain().to_dict() | {"datasets": {"points": [{"x": 1, "y": 1}]}}
    before = json.dumps(spec)
    live = LiveChart(spec)
    live.swap(points=[{"x": 9, "y": 9}])
    assert json.dumps(spec) == before
    assert live.spec["datasets"]["points"] == [{"x": 9, "y": 9}]


def test_rows_of_the_caller_stay_the_callers() -> None:
    rows = [{"x": 1, "y": 1}]
    live = LiveChart(plain(), points=rows)
    live.swap(points=rows)
    rows[0]["x"] = 99
    rows.append({"x": 2, "y": 2})
    assert live.spec["datasets"]["points"] == [{"x": 1, "y": 1}]


def test_a_data_frame_with_dates_and_gaps_is_sent_as_json_knows_it() -> None:
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-09-01", "2026-09-02"]),
            "y": [1.5, float("nan")],
            "n": [1, 2],
            "name": ["<b>", "б"],
        }
    )
    live = LiveChart(plain(), points=[])
    sent = listened(live)
    live.swap(points=frame)
    for rows in (live.spec["datasets"]["points"], sent[0][0]["rows"]["points"]):
        told = json.loads(json.dumps(rows, allow_nan=False))
        assert [row["day"][:10] for row in told] == ["2026-09-01", "2026-09-02"]
        assert [row["y"] for row in told] == [1.5, None]
        assert [row["n"] for row in told] == [1, 2]
        assert [row["name"] for row in told] == ["<b>", "б"]


def test_missing_and_endless_numbers_become_gaps() -> None:
    live = LiveChart(plain(), points=[{"x": float("nan"), "y": float("inf")}, {"x": 0.1 + 0.2}])
    assert live.spec["datasets"]["points"] == [{"x": None, "y": None}, {"x": 0.3}]


def test_an_unknown_dataset_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(KeyError, match=r"no pionts.*reads: a, b"):
        LiveChart(plain("a") | plain("b"), pionts=[])
    live = LiveChart(plain("a") | plain("b"), a=[{"x": 1, "y": 1}])
    sent = listened(live)
    with pytest.raises(KeyError, match=r"no c, d.*reads: a, b"):
        live.swap(a=[], d=[], c=[])
    assert sent == []
    assert live.spec["datasets"]["a"] == [{"x": 1, "y": 1}]


def test_a_chart_without_named_data_says_that_it_has_none() -> None:
    chart = alt.Chart(alt.UrlData("https://example.org/a.csv")).mark_point()
    with pytest.raises(KeyError, match="no named dataset"):
        LiveChart(chart, points=[])


def test_the_library_is_sent_once_for_each_time_it_is_asked_for_and_nothing_else_is() -> None:
    live = LiveChart(plain())
    sent = listened(live)
    for content in ({"kind": "library"}, {"kind": "dance"}, {}, {"rows": {}}):
        live._heard(content)
    assert sent == [({"kind": "library"}, [library()])]
    assert live.get_state()["_library"] == library_name()


def test_the_library_is_not_part_of_what_every_chart_carries() -> None:
    state = LiveChart(plain()).get_state()
    assert sum(len(str(value)) for value in state.values()) < 60_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_says_what_happened_in_its_readers_language(language: str) -> None:
    live = LiveChart(plain(), language=language)
    assert live._texts == live_texts(Words(language=language))
    assert all(live._texts.values())


def test_without_a_language_a_chart_speaks_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    for lang, language in (("ru_RU.UTF-8", "ru"), ("de_DE.UTF-8", "en")):
        monkeypatch.setenv("LANG", lang)
        assert LiveChart(plain())._texts == live_texts(Words(language=language))


def test_files_of_a_package_are_joined_in_order() -> None:
    both = source("funnelkit.faces.live", "live.js", "chart.js")
    parts = [source("funnelkit.faces.live", name) for name in ("live.js", "chart.js")]
    assert both == "\n".join(parts)
    assert all(parts)
