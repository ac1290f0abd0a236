"""What stands on the board in words, in the reader's language."""

from funnelkit.show.words import Words

__all__ = ["board_texts"]


def board_texts(words: Words) -> dict[str, str]:
    """Return the texts of the board's own buttons, fields and marks, by what they are."""
    return {
        "all": words("All"),
        "tree": words("Tree of B"),
        "waterfall": words("From A to B"),
        "funnel": words("Funnel"),
        "months": words("Months"),
        "channels": words("Channels"),
        "economics": words("An order"),
        "spend": words("Budget"),
        "payback": words("Payback"),
        "compare": words("Compare"),
        "undo": words("Undo"),
        "redo": words("Redo"),
        "reset": words("Back to the plan"),
        "reset_one": words("Back to the plan: {lever}", lever="{lever}"),
        "present": words("Full screen"),
        "solve": words("Solve for B"),
        "lock": words("Lock or unlock: {lever}", lever="{lever}"),
        "real": words("realistic"),
        "known": words("measured or guessed"),
        "today": words("today"),
        "scenario": words("Scenario"),
        "name": words("Name of a scenario"),
        "pin": words("Pin"),
        "unpin": words("Unpin {name}", name="{name}"),
        "save": words("Save"),
        "pins": words("Pinned:"),
        "warnings": words("What speaks against it"),
        "calm": words("Nothing speaks against the plan as the sliders stand."),
        "new": words("new"),
        "decide": words("Record a decision"),
        "what": words("What was decided"),
        "who": words("Who does it"),
        "by": words("By the end of"),
        "money": words("Expected in B's month"),
        "cancel": words("Cancel"),
        "slow": words("No answer from the kernel yet. If it was restarted, run the cell again."),
    }
