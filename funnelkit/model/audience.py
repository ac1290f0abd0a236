"""Whether an audience is big enough for the impressions of a plan."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.quantity import checked, over

__all__ = ["Reach", "reach"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """People behind impressions; arrays of shape (..., channels), not to be added up.

    Attributes
    ----------
    people : ndarray
        Impressions / frequency.
    used : ndarray
        Share of the audience that has to be reached; above 1 the audience is too small.
    short : ndarray
        People that the audience lacks; 0 where it is big enough.
    """

    people: Array
    used: Array
    short: Array


def reach(impressions: Array, *, frequency: ArrayLike, audience: ArrayLike = np.nan) -> Reach:
    """Count the people that impressions need, each of whom sees them `frequency` times.

    Examples
    --------
    >>> plan = reach(np.array([90_000.0]), frequency=3, audience=25_000)
    >>> plan.people.tolist(), plan.used.tolist(), plan.short.tolist()
    ([30000.0], [1.2], [5000.0])
    """
    people = over(impressions, checked("frequency", frequency))
    most = checked("audience", audience)
    return Reach(people=people, used=over(people, most), short=np.maximum(people - most, 0.0))
