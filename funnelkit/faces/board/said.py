"""What the board has to say to whoever did something."""

from dataclasses import dataclass

__all__ = ["Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about what was just done.

    Attributes
    ----------
    sentence : str
        In the reader's language; empty where there is nothing to say.
    problem : bool
        Whether it was not done.
    lever : str
        The slider that the sentence is about; empty where it is about none.
    copy : str
        Text that would have been written, for a person to keep.
    name : str
        Another name under which it can be done.
    """

    sentence: str = ""
    problem: bool = False
    lever: str = ""
    copy: str = ""
    name: str = ""
