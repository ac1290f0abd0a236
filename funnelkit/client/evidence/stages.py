"""What a deal's stage means: won, lost, or still open."""

import re

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.export_fields import StagesField

__all__ = ["LOST", "OPEN", "WON", "qualified_rows", "states"]

OPEN, WON, LOST = 0, 1, 2

_KNOWN = {
    WON: (
        *("успешно реализовано", "успешно", "142", "closed - won"),  # amoCRM
        *("сделка успешна", "won"),  # Bitrix24
        *("closed won", "closedwon"),  # HubSpot
    ),
    LOST: (
        *("закрыто и не реализовано", "143", "closed - lost"),
        *("сделка провалена", "анализ причины провала", "lose", "apology"),
        *("closed lost", "closedlost"),
    ),
}
"""Closed stages that systems name themselves, and no account can rename the meaning of.

amocrm.ru/developers (statuses 142 and 143), Bitrix24 crm.status, HubSpot default pipeline.
"""

_PIPELINE = re.compile(r"^c[0-9]+:")
"""What Bitrix24 puts before the stages of pipelines other than the first."""


def plain_stage(name: str) -> str:
    """Write a stage's name in one way."""
    text = re.sub(r"[«»“”\"]", "", name).casefold().replace("ё", "е")
    return _PIPELINE.sub("", " ".join(text.split()))


def states(stages: NDArray[np.object_], settings: StagesField) -> NDArray[np.int8]:
    """Tell of each deal whether it is won, lost or open, shape (deals,).

    What the client's file says goes before what is known of the systems.
    """
    meant = {name: state for state, names in _KNOWN.items() for name in names}
    meant |= {plain_stage(name): LOST for name in settings.lost}
    meant |= {plain_stage(name): WON for name in settings.won}
    return _looked_up(stages, meant)


def qualified_rows(stages: NDArray[np.object_], settings: StagesField) -> NDArray[np.bool_]:
    """Tell which deals stand in a stage that only qualified leads reach, shape (deals,)."""
    return _looked_up(stages, {plain_stage(name): 1 for name in settings.qualified}) > 0


def _looked_up(stages: NDArray[np.object_], meant: dict[str, int]) -> NDArray[np.int8]:
    names, place = np.unique(stages.astype(str), return_inverse=True)
    found: NDArray[np.int8] = np.array(
        [meant.get(plain_stage(name), 0) for name in names], dtype=np.int8
    )[place]
    return found
