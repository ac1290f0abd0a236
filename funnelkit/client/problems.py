"""What can be wrong with a client's file: codes and values, worded in `funnelkit.show.problems`."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from funnelkit.client.exports.problems import ExportProblem

__all__ = ["ClientFileError", "Code", "Problem"]


class Code(StrEnum):
    """Everything that can be wrong; each code has one sentence in the reader's language."""

    NOT_FOUND = "not_found"
    NO_FOLDER = "no_folder"
    UNREADABLE = "unreadable"
    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"
    YAML = "yaml"
    TAB = "tab"
    ALIAS = "alias"
    TAG = "tag"
    CHARACTER = "character"
    TOO_DEEP = "too_deep"
    EMPTY_FILE = "empty_file"
    NOT_A_MAPPING = "not_a_mapping"
    NOT_A_LIST = "not_a_list"
    NOT_TEXT = "not_text"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    MISSING = "missing"
    EMPTY = "empty"
    UNKNOWN_FIELD = "unknown_field"
    COMMA = "comma"
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    NOT_A_MONTH = "not_a_month"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_ONE_OF = "not_one_of"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_SHARE = "not_a_share"
    NOT_POSITIVE = "not_positive"
    NOT_COUNTS = "not_counts"
    ORDER = "order"
    BEST_BELOW_NOW = "best_below_now"
    B_NOT_ABOVE_A = "b_not_above_a"
    C_NOT_AFTER_B = "c_not_after_b"
    CYCLE_NOT_ONE = "cycle_not_one"
    TWICE = "twice"
    LINE_AND_LEVER = "line_and_lever"
    CHANNELS_AND_LEVER = "channels_and_lever"
    NO_START = "no_start"
    TWO_STARTS = "two_starts"
    UNKNOWN_STAGE = "unknown_stage"
    RESERVED_STAGE = "reserved_stage"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_CHANNEL = "unknown_channel"
    NOT_OF_CHANNEL = "not_of_channel"
    NO_CHANNEL = "no_channel"
    TWO_COSTS = "two_costs"
    HISTORY_TOO_SHORT = "history_too_short"
    HISTORY_WITHOUT_LEADS = "history_without_leads"
    HISTORY_FALLING = "history_falling"
    HISTORY_INCREASING = "history_increasing"
    RUNNING_OUTSIDE = "running_outside"
    NO_FUNNEL = "no_funnel"
    GOAL_NEEDS = "goal_needs"
    RESERVED = "reserved"
    UNKNOWN_SCENARIO = "unknown_scenario"
    UNKNOWN_PARAMETER = "unknown_parameter"
    NOTHING_TO_SCALE = "nothing_to_scale"
    NOT_IN_A_ROW = "not_in_a_row"
    NOT_THE_LAST = "not_the_last"
    NOT_A_LEVER_HERE = "not_a_lever_here"
    NO_MARKETING = "no_marketing"
    NOT_IN_PROPORTION = "not_in_proportion"
    NO_NAME = "no_name"
    CHANGED = "changed"
    NOT_WRITABLE = "not_writable"
    NO_PLACE = "no_place"
    NOT_A_DAY = "not_a_day"
    OUTSIDE = "outside"
    COLUMNS_NEED = "columns_need"
    NOT_MEASURED = "not_measured"
    EXPORT = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    code : Code
    file : str
        The file as the user named it; empty for a notebook's parameter.
    line : int or None
        Counted from 1.
    field : str
        Path into the file, as in ``levers.win_rate.now``.
    found : str
        What stands there, shortened.
    values : mapping of str to str or float
        What the sentence needs beside it: limits, allowed values, the nearest known name.
    export : ExportProblem or None
        Why an export is not read, where it is one's problem.
    """

    code: Code
    file: str = ""
    line: int | None = None
    field: str = ""
    found: str = ""
    values: Mapping[str, str | float] = dataclasses.field(default_factory=dict)
    export: ExportProblem | None = None


class ClientFileError(Exception):
    """A client's file cannot be used; carries all its problems at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            "; ".join(f"{p.file}:{p.line or '?'} {p.field}: {p.code} ({p.found})" for p in problems)
        )
        self.problems = problems
