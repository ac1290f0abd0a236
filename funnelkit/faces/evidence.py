"""What the notebook of evidence shows, cell by cell."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from funnelkit import __version__
from funnelkit.client.client import Client
from funnelkit.client.evidence.log import Read, read_log
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.read import find, read_client
from funnelkit.faces import lifetime_pictures as pictures
from funnelkit.faces import worth_pictures
from funnelkit.faces.cells import Record, WorkbookError
from funnelkit.faces.evidence_record import evidence_record
from funnelkit.faces.parameters import EVIDENCE_PARAMETERS, read_parameters
from funnelkit.model.ltv import ltv_within
from funnelkit.plan.clientele import Clientele
from funnelkit.plan.cohorts import Cohorts
from funnelkit.plan.contracts import Contracts
from funnelkit.plan.habits import Habits, tried
from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.plan.worth import Worth, worth_of
from funnelkit.show import evidence_tables, lifetime_tables
from funnelkit.show.lifetime_words import too_little
from funnelkit.show.picture import Picture
from funnelkit.show.problems import problem_lines
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["EvidenceLevel", "evidence_level"]

HORIZONS = (3, 6, 12, 24)
"""Months within which clients' worth is shown, besides the one asked for."""

USUAL, LONGEST = 12, 60
"""Months that clients' worth is reckoned for where nobody says otherwise, and at most."""


def evidence_level(namespace: Mapping[str, object], *, language: str) -> "EvidenceLevel":
    """Open a client for the notebook of evidence.

    Parameters
    ----------
    namespace : mapping
        The notebook's ``globals()`` with its parameters, or a plain mapping of parameters.
    language : {"en", "ru"}
        Language of the notebook.

    Raises
    ------
    WorkbookError
        If a parameter is unknown or wrong, the client's file cannot be used or has no exports.
    """
    try:
        parameters = read_parameters(namespace, EVIDENCE_PARAMETERS)
        horizon = parameters.overrides.get("horizon", USUAL)
        if not (1 <= horizon <= LONGEST and horizon == int(horizon)):
            values = {"low": 1.0, "high": float(LONGEST)}
            problem = Problem(
                code=Code.OUT_OF_RANGE, field="horizon", found=str(horizon), values=values
            )
            raise ClientFileError((problem,))
        client = read_client(find(parameters.client))
        if client.found is None:
            file = f"{client.path.parent.name}/{client.path.name}"
            problem = Problem(code=Code.NO_EXPORTS, file=file, field="exports")
            raise ClientFileError((problem,))
    except ClientFileError as error:
        lines = problem_lines(error.problems, Words(language=language))
        raise WorkbookError("\n".join(lines)) from None
    return EvidenceLevel(client, int(horizon), language)


class EvidenceLevel:
    """A client's exports and what they say, as the notebook of evidence shows it.

    Parameters
    ----------
    client : Client
        With exports.
    horizon : int
        Months that clients' worth is reckoned for.
    language : {"en", "ru"}
        Language of everything shown; the client's own texts stay as typed.
    """

    def __init__(self, client: Client, horizon: int, language: str) -> None:
        self.client = client
        self.horizon = horizon
        self.words = Words(language=language, currency=client.currency)

    @cached_property
    def read(self) -> Read:
        """The exports, row by row."""
        found = self.client.found
        settings = found.settings if found else ExportsField()
        return read_log(self.client.path.parent, settings, self.client.currency)

    @cached_property
    def clientele(self) -> Clientele | LifetimeError:
        """The log of the client's own clients."""
        log = self.read.log
        if log is None:
            return LifetimeError(Lack.SHAPE, 0.0)
        return tried(lambda: Clientele.of(log.client, log.day, log.amount))

    @cached_property
    def habits(self) -> Habits | Contracts | LifetimeError:
        """How clients buy again, or stay."""
        clientele = self.clientele
        if isinstance(clientele, LifetimeError):
            return clientele
        if clientele.contractual:
            return tried(lambda: Contracts.of(clientele))
        return Habits.of(clientele)

    @property
    def horizons(self) -> tuple[int, ...]:
        """Months within which clients' worth is shown."""
        return tuple(sorted({*HORIZONS, self.horizon}))

    @cached_property
    def worth(self) -> Worth | LifetimeError:
        """What clients are worth."""
        habits = self.habits
        if isinstance(habits, LifetimeError):
            return habits
        return worth_of(
            habits,
            horizons=self.horizons,
            chosen=self.horizon,
            discount=self.client.plan.business.discount,
            margin=self.margin,
        )

    @property
    def margin(self) -> float:
        """Share of what clients pay that is contribution; 1 where the file does not say it."""
        return self.client.plan.present("margin") if self.has_margin else 1.0

    @property
    def has_margin(self) -> bool:
        """Whether the client's file says what of all sales is contribution."""
        plan = self.client.plan
        return plan.has("margin") and bool(np.isfinite(plan.present("margin")))

    @cached_property
    def typed(self) -> np.ndarray:
        """What a new client brings within 0, 1, ... months by the levers; NaN beside revenue."""
        if not self.has_margin:
            return np.full(max(self.horizons) + 1, np.nan)
        one = self.client.plan.per_customer(dict(self.client.plan.now))
        return ltv_within(
            np.arange(max(self.horizons) + 1),
            one.first_value.item(),
            one.monthly_value.item(),
            self.client.plan.now.get("retention_rate", np.nan),
            self.client.plan.business.discount,
        )

    @property
    def files(self) -> Table:
        """What was read."""
        return evidence_tables.files_table(self.client, self.read, self.words)

    @property
    def point_a(self) -> Table:
        """What exports say beside what the file says."""
        return evidence_tables.point_a_table(self.client, self.words)

    @property
    def months(self) -> Table:
        """The measured months."""
        return evidence_tables.months_table(self.client, self.words)

    @property
    def sure(self) -> Table:
        """How complete the exports are."""
        return evidence_tables.completeness_table(self.client, self.words)

    @property
    def log(self) -> Table:
        """The order log."""
        caption = self.words("The order log")
        if isinstance(self.clientele, LifetimeError):
            return too_little(caption, self.clientele, self.words)
        nameless = self.read.log.nameless if self.read.log else 0
        return lifetime_tables.clientele_table(self.clientele, nameless, self.words)

    @property
    def channels(self) -> Table | None:
        """From spend to payment, by channel; nothing where no export has channels."""
        return evidence_tables.channels_table(self.client, self.words)

    @property
    def lacking(self) -> Table | None:
        """What the exports do not say."""
        return evidence_tables.lacking_table(self.client, self.words)

    @property
    def cohorts(self) -> Picture | Table:
        """Which share of each cohort bought in each month."""
        return pictures.cohorts_picture(self._cohorts, self.words)

    @property
    def cumulative(self) -> Picture | Table:
        """What a client of each cohort has brought so far."""
        return pictures.cumulative_picture(self._cohorts, self.margin, self.words)

    @property
    def _cohorts(self) -> Cohorts | None:
        return None if isinstance(self.clientele, LifetimeError) else self.clientele.cohorts

    @property
    def fit(self) -> Picture | Table:
        """What the model says of the log beside the log itself."""
        match self.habits:
            case Contracts() as contracts:
                return pictures.survival_picture(contracts, self.words)
            case Habits() as habits:
                return pictures.repeats_picture(habits, self.words)
            case error:
                return too_little(self.words("Model and log"), error, self.words)

    @property
    def holdout(self) -> Picture | Table | None:
        """What the first half of the log foretold of the second.

        Nothing for clients with a contract, of whom `fit` says it.
        """
        match self.habits:
            case Contracts():
                return None
            case Habits() as habits:
                return pictures.tracking_picture(habits, self.words)
            case error:
                return too_little(self.words("Foretold and made purchases"), error, self.words)

    @property
    def ltv(self) -> Picture | Table:
        """LTV by horizon, with its interval."""
        if isinstance(self.worth, LifetimeError) or isinstance(self.clientele, LifetimeError):
            return self.values
        so_far = self.clientele.brought() * self.clientele.kept * self.margin
        return worth_pictures.worth_picture(self.worth, self.typed, so_far, self.words)

    @property
    def values(self) -> Table:
        """What clients are worth, by horizon."""
        if isinstance(self.worth, LifetimeError):
            return too_little(self.words("What clients are worth"), self.worth, self.words)
        places = list(self.horizons)
        return lifetime_tables.worth_table(
            self.worth, self.typed[places].tolist(), self.words, note=self._note
        )

    @property
    def _note(self) -> str:
        words, business = self.words, self.client.plan.business
        if not self.has_margin:
            return words("The client's file names no margin of all sales, so the sums are revenue.")
        margin = words.share(self.margin)
        said = words("Contribution at a margin of {margin}.", margin=margin)
        if business.discount:
            rate = words.share(business.discount)
            said = words(
                "Contribution at a margin of {margin}, discounted by {rate} a month.",
                margin=margin,
                rate=rate,
            )
        sure = words(
            "The intervals say how well the log determines the models, not whether clients go on "
            "as they did."
        )
        return f"{said} {sure}"

    @property
    def tenths(self) -> Picture | Table:
        """What each tenth of the clients will bring."""
        if isinstance(self.worth, LifetimeError) or isinstance(self.clientele, LifetimeError):
            return self.values
        return worth_pictures.tenths_picture(
            self.clientele, self.worth, self.horizon, self.margin, self.words
        )

    @property
    def best_clients(self) -> Table | None:
        """Who will bring most; nothing where nobody knows."""
        if isinstance(self.worth, LifetimeError) or isinstance(self.clientele, LifetimeError):
            return None
        return lifetime_tables.best_clients_table(
            self.clientele, self.worth, self.horizon, self.words
        )

    @property
    def parameters(self) -> Table:
        """The models' parameters, with their standard errors."""
        if isinstance(self.habits, LifetimeError):
            return too_little(self.words("The models' parameters"), self.habits, self.words)
        return lifetime_tables.parameters_table(self.habits, self.words)

    @property
    def record(self) -> Record:
        """The numbers this notebook stands for."""
        return Record(
            evidence_record(
                self.client, self.read, self.clientele, self.habits, self.worth, __version__
            ),
            self.words,
        )
