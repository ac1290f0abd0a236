"""Asking about a new client, in a terminal or by options."""

from collections.abc import Mapping
from dataclasses import replace

import click

from funnelkit.client.answers import ANSWERS, ContradictionError, answer
from funnelkit.client.new import Beginning, begin
from funnelkit.client.problems import ClientFileError
from funnelkit.show.interview import conflict_sentence, prompt_text
from funnelkit.show.problems import problem_lines, problem_sentence
from funnelkit.show.words import Words

__all__ = ["Refusal", "ask", "take"]


class Refusal(click.ClickException):
    """What was typed cannot be used: exit status 2, as for any wrong option."""

    exit_code = 2


def take(typed: Mapping[str, str | None], words: Words) -> Beginning:
    """Make a beginning of the answers given as options.

    Raises
    ------
    Refusal
        With everything that is wrong with them.
    """
    answers: dict[str, float | None] = {}
    wrong: list[str] = []
    for name in ANSWERS:
        try:
            answers[name] = answer(name, typed.get(name) or "")
        except ClientFileError as error:
            option = "--" + name.replace("_", "-")
            wrong += problem_lines(
                tuple(replace(problem, field=option) for problem in error.problems), words
            )
    if wrong:
        raise Refusal("\n".join(wrong))
    try:
        return begin(answers)
    except ContradictionError as error:
        raise Refusal(conflict_sentence(error, words)) from None


def ask(words: Words) -> Beginning:
    """Ask the questions, and those again whose answers contradict each other."""
    click.echo(words("Enter or ? where a number is not known."))
    typed: dict[str, str] = {}
    answers: dict[str, float | None] = {}
    again: tuple[str, ...] = ANSWERS
    while True:
        for name in ANSWERS:
            if name in again:
                typed[name], answers[name] = _ask(name, typed.get(name, "?"), words)
        try:
            return begin(answers)
        except ContradictionError as error:
            click.echo(conflict_sentence(error, words))
            again = error.questions


def _ask(name: str, before: str, words: Words) -> tuple[str, float | None]:
    """Ask one question until the answer can be read."""
    place = f"{ANSWERS.index(name) + 1}/{len(ANSWERS)}"
    prompt = f"{place} {prompt_text(name, words.currency, words)}"
    while True:
        text: str = click.prompt(prompt, default=before, type=str)
        try:
            return text, answer(name, text)
        except ClientFileError as error:
            for problem in error.problems:
                click.echo(problem_sentence(problem, words))
