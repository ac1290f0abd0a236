"""The CDNOW sample, which the papers fit; tests/data/README.md names its source."""

import gzip
from functools import cache
from pathlib import Path

import numpy as np

from funnelkit.plan.orders import Orders

FILE = Path(__file__).parents[1] / "data" / "CDNOW_sample.txt.gz"
HALF, END = (int(np.datetime64(day).astype(int)) for day in ("1997-09-30", "1998-06-30"))
"""Ends of the papers' calibration and holdout, days since 1970-01-01."""

WEEK = 7.0


def rows() -> list[list[str]]:
    return [line.split() for line in gzip.decompress(FILE.read_bytes()).decode().splitlines()]


@cache
def cdnow() -> Orders:
    log = rows()
    days = [np.datetime64(f"{d[:4]}-{d[4:6]}-{d[6:]}") for _, _, d, _, _ in log]
    return Orders.of([row[1] for row in log], days, [float(row[4]) for row in log])
