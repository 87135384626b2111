"""Loyalty on the command line: the net promoter score, matrices, types, ladder and stages of customers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import numpy as np

from guanxi.project.measure.arguments import a_count, a_day, a_number, a_share, add_column
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import Note, TooFewError

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns
    from guanxi_methods.loyalty import Estimate

MOST_GROUPS = 20


def estimate(found: Estimate | None) -> dict[str, Any] | None:
    """A figure with its uncertainty as plain data."""
    if found is None:
        return None
    return {"value": found.value, "interval": found.interval, "standard_error": found.standard_error, "n": found.n}


def add_level(parser: argparse.ArgumentParser) -> None:
    """How sure an interval is."""
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="confidence of intervals (.95)")


def known_customers(columns: Columns, asked: str) -> tuple[Any, Any, Any, list[Note]]:
    """Number of each row's customer, their names, which rows have one, and what to say of the others."""
    codes, names = columns.codes(asked)
    is_known = codes >= 0
    if not is_known.any():
        raise TooFewError("no row has a customer in the column {name!r}", name=columns.resolve(asked))
    missing = int((~is_known).sum())
    notes = [Note("{count} rows without a customer were left out", count=missing)] if missing else []
    return codes, names, is_known, notes


def optional(columns: Columns, asked: str | None, **more: Any) -> Any:
    """A column of numbers, or None where none was named."""
    return columns.numbers(asked, **more) if asked else None


def a_cut(text: str) -> float | str:
    """A number, or median or mean."""
    return text if text in ("median", "mean") else a_number(text)


def _score(parser: argparse.ArgumentParser) -> None:
    """One question."""
    add_column(parser, "score", "answers from 0 to 10; rows without one are left out")
    add_column(parser, "weight", "weights of the answers", required=False)
    add_level(parser)
    parser.add_argument(
        "--interval-method",
        choices=("adjusted_wald", "score", "wald"),
        default="adjusted_wald",
        help="adjusted_wald adds 3/4, 1 1/2, 3/4 answers (default); score has no closed form; wald is too short",
    )


def _answers(columns: Columns, asked: str) -> Any:
    """Answers from 0 to 10; what is none is told by the column's own name."""
    from guanxi_methods.loyalty.net_promoter import as_answers  # scipy takes long to load

    return as_answers(columns.numbers(asked, missing="keep"), columns.resolve(asked))


def nps(args: argparse.Namespace) -> dict[str, Any]:
    """The net promoter score."""
    from guanxi_methods.loyalty import NetPromoterScore  # as above

    columns = columns_of(args.file)
    answers = _answers(columns, args.score)
    found = NetPromoterScore(args.level, args.interval_method).fit(answers, optional(columns, args.weight))
    detractors, passives, promoters = (100 * found.counts_ / found.counts_.sum()).tolist()
    return {
        "nps": found.nps_,
        "interval": found.interval_,
        "n": found.n_,
        "standard_error": found.standard_error_,
        "promoters_percent": promoters,
        "passives_percent": passives,
        "detractors_percent": detractors,
        "n_effective": found.n_effective_,
        "warnings": found.notes_,
    }


def _groups(parser: argparse.ArgumentParser) -> None:
    """Several samples."""
    add_column(parser, "score", "answers from 0 to 10; rows without one are left out")
    add_column(parser, "group", "which sample a row belongs to: region, quarter, product")
    add_level(parser)


def nps_compare(args: argparse.Namespace) -> dict[str, Any]:
    """Scores of groups, and each two compared."""
    from guanxi_methods.correction import adjust_p_values  # as above
    from guanxi_methods.loyalty import NetPromoterScore, compare_nps

    columns = columns_of(args.file)
    answers, words = _answers(columns, args.score), columns.words(args.group)
    names = sorted({str(word) for word in words if word})
    if not 2 <= len(names) <= MOST_GROUPS:
        raise TooFewError(
            "{name} holds {count} groups: from 2 to {most} can be compared",
            name=columns.resolve(args.group),
            count=len(names),
            most=MOST_GROUPS,
        )
    fitted = {name: NetPromoterScore(args.level).fit(answers[words == name]) for name in names}
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    compared = [(one, other, compare_nps(fitted[one], fitted[other], level=args.level)) for one, other in pairs]
    adjusted = adjust_p_values([found.p_value for _one, _other, found in compared])
    return {
        "groups": [
            {"group": name, "nps": one.nps_, "interval": one.interval_, "n": one.n_} for name, one in fitted.items()
        ],
        "comparisons": [
            {
                "first": one,
                "second": other,
                "difference": found.difference,
                "interval": found.interval,
                "p_value": found.p_value,
                "adjusted_p_value": for_all,
            }
            for (one, other, found), for_all in zip(compared, adjusted, strict=True)
        ],
        "warnings": [],
    }


def _matrix_of(first: str, second: str) -> Any:
    """The options of a matrix of two figures."""

    def add(parser: argparse.ArgumentParser) -> None:
        """Two columns with a cut through each."""
        for name in (first, second):
            add_column(parser, name, f"{name} of each customer; more is more")
            parser.add_argument(
                f"--{name}-cut",
                type=a_cut,
                default="median",
                metavar="CUT",
                help=f"from where {name} is high: a number, median (default) or mean",
            )
        add_level(parser)

    return add


def matrix(args: argparse.Namespace) -> dict[str, Any]:
    """Behaviour against attitude."""
    from guanxi_methods.loyalty import LoyaltyMatrix  # as above

    columns = columns_of(args.file)
    method = LoyaltyMatrix(args.behaviour_cut, args.attitude_cut, args.level)
    return _fields(
        method.fit(columns.numbers(args.behaviour, missing="keep"), columns.numbers(args.attitude, missing="keep"))
    )


def satisfaction_matrix(args: argparse.Namespace) -> dict[str, Any]:
    """Satisfaction against loyalty."""
    from guanxi_methods.loyalty import SatisfactionLoyaltyMatrix  # as above

    columns = columns_of(args.file)
    method = SatisfactionLoyaltyMatrix(args.satisfaction_cut, args.loyalty_cut, args.level)
    return _fields(
        method.fit(columns.numbers(args.satisfaction, missing="keep"), columns.numbers(args.loyalty, missing="keep"))
    )


def _shares(found: Any, key: str) -> list[dict[str, Any]]:
    """Customers of each kind with their share."""
    return [
        {
            key: name,
            "customers": count,
            "share": found.shares_[name].value,
            "interval": found.shares_[name].interval,
        }
        for name, count in found.counts_.items()
    ]


def _fields(found: Any) -> dict[str, Any]:
    """A matrix as plain data."""
    tie = found.association_
    return {
        "fields": _shares(found, "field"),
        "cuts": found.cuts_,
        "association": {"phi": tie.phi, "interval": None if tie.low is None else (tie.low, tie.high)},
        "n": sum(found.counts_.values()),
        "warnings": found.notes_,
    }


TYPE_CUTS = {"attachment": "median", "repeat": "median", "alternatives": 1.0, "price": "median", "promotion": "median"}


def _types(parser: argparse.ArgumentParser) -> None:
    """Five figures."""
    add_column(parser, "attachment", "attachment by survey; more is more")
    add_column(parser, "repeat", "repeat purchases, or share of wallet")
    add_column(parser, "alternatives", "suppliers the customer could turn to")
    add_column(parser, "price", "how far purchases follow the price")
    add_column(parser, "promotion", "how far purchases follow points, vouchers, gifts")
    add_column(parser, "customer", "names of the customers; with it every customer's evidence is told", required=False)
    for name, cut in TYPE_CUTS.items():
        parser.add_argument(
            f"--{name}-cut", type=a_cut, default=cut, metavar="CUT", help=f"number, median or mean ({cut})"
        )
    add_level(parser)


def types(args: argparse.Namespace) -> dict[str, Any]:
    """Types of loyalty with their evidence."""
    from guanxi_methods.loyalty import LoyaltyTypes  # as above

    columns = columns_of(args.file)
    cuts = [getattr(args, f"{name}_cut") for name in TYPE_CUTS]
    found = LoyaltyTypes(cuts[0], cuts[1], cuts[2], cuts[3], cuts[4], args.level).fit(
        *(columns.numbers(getattr(args, name), missing="keep") for name in TYPE_CUTS)
    )
    answer: dict[str, Any] = {"types": _shares(found, "type"), "cuts": found.cuts_, "n": found.codes_.size}
    if args.customer:
        answer["customers"] = [
            {
                "customer": name,
                "type": found.labels_[row],
                "closest": found.closest_[row] or None,
                "otherwise": found.otherwise_[row] or None,
                "evidence": [vars(one) for one in found.evidence(row)],
            }
            for row, name in enumerate(columns.words(args.customer))
        ]
    return {**answer, "warnings": found.notes_}


def _ladder(parser: argparse.ArgumentParser) -> None:
    """What the rungs rest on."""
    add_column(parser, "purchases", "number of purchases")
    add_column(parser, "contacts", "number of contacts", required=False)
    add_column(parser, "opportunities", "number of opportunities: needs told, quotations, trials", required=False)
    add_column(parser, "share", "our share of the customer's wallet or needs, 0 to 1", required=False)
    add_column(parser, "referrals", "number of referrals", required=False)
    add_column(parser, "joint-projects", "number of joint projects or framework contracts", required=False)
    parser.add_argument("--client-purchases", type=a_count, default=4, metavar="N", help="purchases of a client (4)")
    parser.add_argument("--client-share", type=a_number, default=0.5, metavar="SHARE", help="share of a client (.5)")
    add_level(parser)


def ladder(args: argparse.Namespace) -> dict[str, Any]:
    """The ladder of loyalty."""
    from guanxi_methods.loyalty import LoyaltyLadder  # as above

    columns = columns_of(args.file)
    found = LoyaltyLadder(args.client_purchases, args.client_share, args.level).fit(
        columns.numbers(args.purchases),
        optional(columns, args.contacts),
        optional(columns, args.opportunities),
        optional(columns, args.share, missing="keep"),
        optional(columns, args.referrals),
        optional(columns, args.joint_projects),
    )
    rungs = []
    for name, count in found.counts_.items():
        step = found.conversion_.get(name)
        rungs.append(
            {
                "rung": name,
                "customers": count,
                "reached": found.reached_[name],
                "conversion": step.value if step else None,
                "interval": step.interval if step else None,
            }
        )
    return {"rungs": rungs, "n": found.codes_.size, "warnings": found.notes_}


def add_log(parser: argparse.ArgumentParser) -> None:
    """A log of purchases."""
    add_column(parser, "customer", "who bought; rows without a customer are left out")
    add_column(parser, "date", "when; a customer's day is one purchase")
    add_column(parser, "amount", "what was paid; rows of 0 or less are returns and no purchases", required=False)
    parser.add_argument("--at", type=a_day, metavar="DATE", help="last day looked at (the last of the file)")
    add_level(parser)


def _stage(parser: argparse.ArgumentParser) -> None:
    """A log, and how careful to be."""
    add_log(parser)
    parser.add_argument(
        "--alpha", type=a_share, default=0.1, metavar="SHARE", help="chance under which it is no chance (.1)"
    )
    parser.add_argument("--list", action="store_true", help="tell every customer's stage with its evidence")


def stage(args: argparse.Namespace) -> dict[str, Any]:
    """The stages of relationships."""
    from guanxi_methods.loyalty import RelationshipStage  # as above

    columns = columns_of(args.file)
    codes, names, used, notes = known_customers(columns, args.customer)
    amounts = optional(columns, args.amount)
    found = RelationshipStage(alpha=args.alpha, level=args.level).fit(
        codes[used], columns.days(args.date)[used], None if amounts is None else amounts[used], at=args.at
    )
    reasons, counts = np.unique(found.reasons_, return_counts=True)
    answer: dict[str, Any] = {
        "stages": _shares(found, "stage"),
        "reasons": dict(zip(reasons.tolist(), counts.tolist(), strict=True)),
        "mean_interval_days": found.mean_interval_days_,
        "customers": found.codes_.size,
    }
    if args.list:
        answer["list"] = [
            {
                "customer": names[code],
                "stage": found.labels_[row],
                "reason": found.reasons_[row],
                **{name: values[row] for name, values in found.evidence_.items()},
            }
            for row, code in enumerate(found.customers_.tolist())
        ]
    return {**answer, "warnings": [*notes, *found.notes_]}


OWN = "Guanxi's own definition"
MEASURES = (
    Measure(
        name="loyalty.nps",
        summary="the net promoter score with its interval",
        formula="""
NPS = 100 (m - d) / n, m = answers of 9 and 10, d = answers of 0 to 6, n = all answers; from -100 to 100.
SE = 100 sqrt([(m + d)/n - ((m - d)/n)^2] / n)   (multinomial variance)
interval: score +- z SE after adding 3/4, 1 1/2, 3/4 answers to d, passives, m (adjusted Wald).
""",
        source='F. F. Reichheld, "The one number you need to grow", Harvard Business Review 81(12), 2003; B. Rocks, '
        '"Interval estimation for the Net Promoter Score", The American Statistician 70(4), 2016.',
        arguments=_score,
        run=nps,
    ),
    Measure(
        name="loyalty.nps-compare",
        summary="net promoter scores of several groups, and whether each two of them differ",
        formula="""
z = (s2 - s1) / sqrt(SE1^2 + SE2^2), scores and errors after adding 3/4, 1 1/2, 3/4 answers to each group.
adjusted_p_value: Holm's, for all pairs together.
""",
        source='B. Rocks 2016 (see loyalty.nps); J. R. Lewis and J. Sauro, "How to statistically compare two Net Promoter '
        'Scores", MeasuringU 2021.',
        arguments=_groups,
        run=nps_compare,
    ),
    Measure(
        name="loyalty.matrix",
        summary="the loyalty matrix: behaviour against attitude - absolute, latent, inertia, none",
        formula="""
attitude high, behaviour high: absolute    attitude high, behaviour low: latent
attitude low, behaviour high: inertia      both low: none             (a figure at its cut is high)
""",
        source='A. S. Dick and K. Basu, "Customer loyalty: toward an integrated conceptual framework", Journal of the Academy '
        "of Marketing Science 22(2), 1994, figure 2; the cuts are the user's.",
        arguments=_matrix_of("behaviour", "attitude"),
        run=matrix,
    ),
    Measure(
        name="loyalty.satisfaction-matrix",
        summary="satisfaction against loyalty: apostles, hostages, mercenaries, defectors",
        formula="""
satisfaction high, loyalty high: apostle      satisfaction high, loyalty low: mercenary
satisfaction low, loyalty high: hostage       both low: defector      (a figure at its cut is high)
""",
        source='T. O. Jones and W. E. Sasser, "Why satisfied customers defect", Harvard Business Review 73(6), 1995.',
        arguments=_matrix_of("satisfaction", "loyalty"),
        run=satisfaction_matrix,
    ),
    Measure(
        name="loyalty.types",
        summary="why customers are loyal: premium, monopoly, incentivised, price, inertia - with the evidence",
        formula="""
The first rule that holds:
  premium       attachment high, repeat purchase high
  monopoly      repeat purchase high, alternatives low
  incentivised  repeat purchase high, response to promotion high
  price         attachment low, response to price high
  inertia       repeat purchase high
  none          nothing of it
""",
        source=f"K. Sindell, Loyalty Marketing for the Internet Age, Dearborn 2000 (the types); {OWN} (rules and cuts).",
        arguments=_types,
        run=types,
    ),
    Measure(
        name="loyalty.ladder",
        summary="the ladder of loyalty: from suspect to partner, and how many went on from each rung",
        formula="""
suspect - onlooker (1 contact) - prospect (1 opportunity) - first_time (1 purchase) - repeat (2) -
client (--client-purchases and --client-share) - advocate (client with a referral) - partner (client with a joint project)
conversion = customers on this rung or higher / on the rung below or higher
""",
        source=f"J. Griffin, Customer Loyalty, Jossey-Bass 1995; {OWN} (conditions).",
        arguments=_ladder,
        run=ladder,
    ),
    Measure(
        name="loyalty.stage",
        summary="stages of relationships from purchases: exploration, build-up, stability, decline",
        formula="""
x purchases, first on day f, last on day l, looked at on day T; g = mean interval of all. The first rule that holds:
  decline      P = ((2g + l - f) / (2g + T - f))^(x + 1) < alpha                                  (silent)
  exploration  x < 3
  decline      x >= 5 and improbably few purchases in the later half of f..T (binomial < alpha)   (falling)
  build-up     x >= 5 and improbably many (growing); or x < 5 (young)
  stability    else
""",
        source='F. R. Dwyer, P. H. Schurr and S. Oh, "Developing buyer-seller relationships", Journal of Marketing 51(2), 1987 '
        f"(the stages); {OWN} (the rules).",
        arguments=_stage,
        run=stage,
    ),
)
