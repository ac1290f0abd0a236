"""The command line."""

import sys
from functools import partial
from pathlib import Path

import click
from tqdm import tqdm

from funnelkit import __version__
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import client_names, find, read_client
from funnelkit.faces.check import check_command, schema_command
from funnelkit.faces.importing import import_command
from funnelkit.faces.imports import without_parsers
from funnelkit.faces.newclient import new_command
from funnelkit.faces.options import READER, clients_option
from funnelkit.show.problems import problem_lines
from funnelkit.show.words import LANGUAGES, Words

__all__ = ["main"]

_words = Words(language=READER)


@click.group(
    help=_words("From point A to point B: a workbook that takes a revenue target apart."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__)
def main() -> None:
    """Run funnelkit from the command line."""


main.add_command(new_command)
main.add_command(check_command)
main.add_command(schema_command)
main.add_command(import_command)


@main.command(
    name="batch",
    help=_words(
        "Make the reports of the named clients, or of all.\n\nExample: funnelkit batch saldo"
    ),
)
@click.argument("names", nargs=-1)
@clients_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help=_words("Folder for the reports."),
)
@click.option(
    "--pdf",
    is_flag=True,
    help=_words("Print every report as a PDF, too; this takes Chrome, Chromium or Edge."),
)
@click.option(
    "--force", is_flag=True, help=_words("Make reports anew, also those that nothing changed for.")
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help=_words("Have the reports made by the Dask cluster whose scheduler is at this address."),
)
@click.option("--jobs", type=click.IntRange(min=1), help=_words("Reports made at the same time."))
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=READER,
    show_default=True,
    help=_words("Language of messages and of the list; a report has its client's language."),
)
def batch_command(
    names: tuple[str, ...],
    clients: Path,
    out: Path,
    pdf: bool,
    force: bool,
    cluster: str | None,
    jobs: int | None,
    language: str,
) -> None:
    # Imported here, so that --help and a mistyped name answer at once.
    with without_parsers():
        from funnelkit.faces.batch import make_report
        from funnelkit.faces.cluster import ClusterError, cluster_batch
        from funnelkit.faces.pool import batch
        from funnelkit.faces.portfolio import write_index
        from funnelkit.faces.printing import printed

    words = Words(language=language)
    chosen = dict.fromkeys(names or client_names(clients))
    if not chosen:
        raise click.ClickException(words("there are no clients in {folder}", folder=clients))
    try:
        files = [find(name, clients).resolve() for name in chosen]
    except ClientFileError as error:
        raise click.ClickException("\n".join(problem_lines(error.problems, words))) from None
    out = out.resolve()
    outcomes = []
    try:
        write_index((), out, language)
        with tqdm(total=len(files), desc=words("Reports"), unit="", disable=None) as progress:
            job = partial(make_report, force=force)
            made_now = (
                cluster_batch(files, out, reader=language, address=cluster, job=job)
                if cluster
                else batch(files, out, reader=language, jobs=jobs, job=job)
            )
            for outcome in printed(made_now, out, words) if pdf else made_now:
                outcomes.append(outcome)
                progress.set_postfix_str(outcome.client, refresh=False)
                progress.update()
                if outcome.reason:
                    failed = words("{client}: no report", client=outcome.client)
                    progress.write(f"{failed}\n{outcome.reason}", file=sys.stderr)
                elif outcome.no_pdf:
                    failed = words("{client}: no PDF", client=outcome.client)
                    progress.write(f"{failed}: {outcome.no_pdf}", file=sys.stderr)
        index = write_index(outcomes, out, language)
    except KeyboardInterrupt:
        write_index(outcomes, out, language)
        click.echo(words("Stopped: {made} reports were finished.", made=len(outcomes)), err=True)
        click.echo(words("The same command again goes on from there."), err=True)
        sys.exit(130)
    except ClusterError as error:
        raise click.ClickException(
            words("no cluster with a worker answers at {address}", address=cluster)
            if error.installed
            else words("a cluster takes the package distributed: pip install funnelkit[cluster]")
        ) from None
    except OSError as error:
        raise click.ClickException(
            words("nothing can be written into {folder}: {error}", folder=out, error=error)
        ) from None
    made = sum(not outcome.reason for outcome in outcomes)
    click.echo(words("{made} of {all} reports made.", made=made, all=len(outcomes)))
    if same := sum(outcome.unchanged for outcome in outcomes):
        click.echo(
            words.plural(
                "{n} of them stands from an earlier run: nothing changed for it.",
                "{n} of them stand from an earlier run: nothing changed for them.",
                same,
            )
        )
    click.echo(words("Open {index}", index=index))
    if made < len(outcomes) or any(outcome.no_pdf for outcome in outcomes):
        sys.exit(1)


@main.command(
    name="workshop",
    help=_words(
        "Open a client's own copy of the workbook in JupyterLab.\n\n"
        "Example: funnelkit workshop saldo"
    ),
)
@click.argument("client")
@clients_option
@click.option("--no-open", is_flag=True, help=_words("Only make the copy and say where it is."))
def workshop_command(client: str, clients: Path, no_open: bool) -> None:
    from funnelkit.faces.notebooks import levels_of
    from funnelkit.faces.workshop import FOLDER, open_workshop, workshop_copy

    try:
        file = find(client, clients)
        read = read_client(file)
        if not (file.parent / FOLDER).is_dir():
            click.echo(_words("Running the client's copies of the notebooks once …"), err=True)
        copy = workshop_copy(file, read.language, levels_of(read))
    except ClientFileError as error:
        raise click.ClickException("\n".join(problem_lines(error.problems, _words))) from None
    click.echo(copy)
    if not no_open:
        click.echo(_words("Opening it in JupyterLab; end it here with Ctrl+C."), err=True)
        sys.exit(open_workshop(copy))


@main.command(
    name="notebooks",
    help=_words("Execute the notebooks and build their twins in the other languages."),
)
def notebooks_command() -> None:
    from funnelkit.faces.notebooks import build
    from funnelkit.faces.portfolio import record_demos

    for path in (*record_demos(), *build()):
        click.echo(path)


if __name__ == "__main__":
    main()
