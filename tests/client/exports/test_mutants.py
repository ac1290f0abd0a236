"""A damaged file gives its true total, one that says what is different, or an error in code."""

import time

import pytest

from funnelkit.client.exports.problems import Drop, ExportError, Refusal, Remark
from funnelkit.client.exports.read import read_bytes
from tests.client.exports.mutants import mutant

TOLD = {Remark.NO_LINE_END, Remark.TOTAL_DIFFERS, Remark.CLICKS_ABOVE_IMPRESSIONS}


def judge(seed: int) -> str:
    """Read a mutant; return what became of it."""
    sample, damage, data = mutant(seed)
    begin = time.perf_counter()
    export = problem = None
    try:
        export = read_bytes(data, "mutant.csv")
    except ExportError as error:
        problem = error.problem
    assert time.perf_counter() - begin < 20, (seed, damage)
    if export is None:
        assert problem is not None
        assert isinstance(problem.code, Refusal)
        assert problem.file == "mutant.csv"
        return "refused"
    known = [m for m in export.totals if m in sample.totals]
    same = all(export.totals[m] == pytest.approx(sample.totals[m], rel=1e-12) for m in known)
    if same:
        return "same"
    # a file without a line is a file of fewer rows, and says so itself
    counted = export.rows + export.dropped.get(Drop.MERGED, 0) != sample.rows
    assert counted or TOLD & export.remarks.keys(), (seed, damage)
    return "told"


def test_damaged_files_are_never_read_wrongly() -> None:
    outcomes = [judge(seed) for seed in range(600)]
    assert {"refused", "same", "told"} == set(outcomes)


@pytest.mark.stress
def test_thousands_of_damaged_files_are_never_read_wrongly() -> None:
    outcomes = [judge(seed) for seed in range(600, 8600)]
    assert outcomes.count("refused") > 1000
