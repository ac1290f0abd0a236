"""The board's row "Name … [Save]": the sliders' state becomes a scenario of the client's file."""

from collections.abc import Callable, Mapping
from html import escape

import ipywidgets as widgets

from funnelkit.client.client import Client
from funnelkit.client.problems import ClientFileError
from funnelkit.client.save import save_beside
from funnelkit.show.problems import problem_lines
from funnelkit.show.words import Words

__all__ = ["SaveRow"]


class SaveRow:
    """A name, a button, and a sentence about what came of it.

    Parameters
    ----------
    client : Client
    levers : callable
        Returns the levers to save, by which the sliders differ from the file's plan;
        ClientFileError where no scenario can say how they stand.
    words : Words
    """

    def __init__(
        self, client: Client, levers: Callable[[], Mapping[str, float]], words: Words
    ) -> None:
        self._client, self._levers, self._words = client, levers, words
        self.name = widgets.Text(
            placeholder=words("Name of a scenario"),
            layout=widgets.Layout(flex="1 1 auto", width="auto"),
        )
        self.button = widgets.Button(
            description=words("Save"), icon="save", layout={"width": "auto"}
        )
        self.button.on_click(lambda _button: self.save())
        self.note = widgets.HTML(layout=widgets.Layout(display="none"))
        self.widget = widgets.VBox([widgets.HBox([self.name, self.button]), self.note])
        self.widget.add_class("fk-save")

    def save(self) -> None:
        """Save under the name that was typed, and say where; or say what is wrong."""
        name = self.name.value.strip()
        try:
            self._client = save_beside(self._client, name, self._levers())
        except ClientFileError as error:
            self._say("fk-problem", problem_lines(error.problems, self._words))
        else:
            said = self._words("Saved as “{name}” in {file}", name=name, file=self._client.path)
            self._say("fk-said", [said])

    def _say(self, kind: str, lines: list[str]) -> None:
        text = "<br>".join(map(escape, lines))
        self.note.value = f'<span class="{kind}">{text}</span>'
        self.note.layout.display = ""
