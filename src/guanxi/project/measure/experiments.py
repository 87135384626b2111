"""Experiments on the command line: two arms, the size of one, watching it, uplift, and who goes into which arm."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from guanxi.project.measure.arguments import a_count, a_number, a_share, add_column, add_columns, counts
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import MethodError, Note

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns

INTERVALS: tuple[Literal["score", "miettinen-nurminen", "newcombe", "agresti-caffo", "wald"], ...] = (
    "score",
    "miettinen-nurminen",
    "newcombe",
    "agresti-caffo",
    "wald",
)
CATEGORIES_AT_MOST = 30


def _arms(parser: argparse.ArgumentParser) -> None:
    """Successes out of trials, arm by arm."""
    parser.add_argument("--successes", type=counts, required=True, metavar="X1,X2", help="control first")
    parser.add_argument("--trials", type=counts, required=True, metavar="N1,N2", help="customers in each arm")
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the interval (.95)")
    parser.add_argument("--interval", choices=INTERVALS, default="score", help="of the difference (score)")
    parser.add_argument("--test", choices=("score", "fisher"), default="score", help="for the p-value (score)")


def ab(args: argparse.Namespace) -> dict[str, Any]:
    """Two arms compared, or several with the first."""
    from guanxi_methods import experiments  # scipy takes long to load
    from guanxi_methods.experiments.two_arms import can_be_exact

    if len(args.successes) > 2:
        return _several(args)
    found = experiments.compare_proportions(
        args.successes, args.trials, level=args.level, interval=args.interval, test=args.test
    )
    others: dict[str, Any] = {
        name: experiments.compare_proportions(args.successes, args.trials, level=args.level, interval=name).interval
        for name in INTERVALS
    }
    warnings: list[Note] = list(found.notes)
    fisher = None
    if can_be_exact(args.successes, args.trials):
        fisher = experiments.compare_proportions(args.successes, args.trials, level=args.level, test="fisher").p_value
    else:
        warnings.append(Note("the arms are too large for Fisher's test, which is left out"))
    ratio = experiments.sample_ratio_mismatch(args.trials)
    return {
        "difference": found.difference,
        "interval": found.interval,
        "p_value": found.p_value,
        "rates": found.rates,
        "z": found.statistic,
        "ratio": found.ratio,
        "ratio_interval": found.ratio_interval,
        "level": found.level,
        "interval_method": found.interval_method,
        "test": found.test,
        "intervals": others,
        "p_value_fisher": fisher,
        "equal_arms_p_value": ratio.p_value,
        "warnings": warnings,
    }


def _several(args: argparse.Namespace) -> dict[str, Any]:
    """Every arm against the first, corrected for their number."""
    from guanxi_methods import experiments  # as above

    if args.interval != "score" or args.test != "score":
        raise MethodError("several arms are compared by the score test and its intervals alone")
    found = experiments.compare_arms(args.successes, args.trials, level=args.level)
    rows: list[dict[str, Any]] = [
        {
            "arm": arm + 1,
            "difference": one.difference,
            "interval": one.interval,
            "p_value": one.p_value,
            "adjusted_p_value": adjusted,
        }
        for arm, one, adjusted in zip(found.arms, found.comparisons, found.adjusted_p_values, strict=True)
    ]
    best = max(rows, key=lambda row: abs(row["difference"]))
    return {
        "difference": best["difference"],
        "interval": best["interval"],
        "p_value": best["adjusted_p_value"],
        "arms": rows,
        "overall_p_value": found.overall_p_value,
        "level": args.level,
    }


def _means(parser: argparse.ArgumentParser) -> None:
    """What was measured of each customer, and in which arm."""
    _treated(parser)
    add_column(parser, "covariate", "known before the experiment; takes noise off (CUPED)", required=False)
    add_column(parser, "stratum", "the effect is worked out within each, and averaged", required=False)
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the interval (.95)")


def _treated(parser: argparse.ArgumentParser) -> None:
    """Who was treated, and what came of it."""
    add_column(parser, "outcome", "what came of it")
    add_column(parser, "treated", "who was treated: 0 and 1, or two words")
    parser.add_argument("--treated-value", metavar="VALUE", help="which value means treated; needed for two words")


def means(args: argparse.Namespace) -> dict[str, Any]:
    """The effect on a mean: as it is, by strata, or freed of what was known before."""
    from guanxi_methods import experiments  # scipy takes long to load

    columns = columns_of(args.file)
    outcome, treated = columns.numbers(args.outcome), _is_treated(columns, args)
    if args.covariate and args.stratum:
        raise MethodError("give --covariate or --stratum, not both")
    if args.stratum:
        within = experiments.StratifiedEffect(args.level).fit(outcome, treated, columns.words(args.stratum))
        strata = [
            {"stratum": name, "customers": size, "difference": effect, "standard_error": error}
            for name, (size, effect, error) in within.strata_.items()
        ]
        return {
            "difference": within.difference_,
            "interval": within.interval_,
            "p_value": within.p_value_,
            "standard_error": within.standard_error_,
            "strata": strata,
        }
    if not args.covariate:
        return asdict(experiments.compare_means(outcome[~treated], outcome[treated], level=args.level))
    before = columns.numbers(args.covariate, missing="keep")
    fitted = experiments.Cuped(args.level).fit(outcome, treated, before)
    return {
        **asdict(fitted.comparison_),
        "theta": fitted.theta_,
        "variance_reduction": fitted.variance_reduction_,
        "unadjusted": asdict(fitted.unadjusted_),
        "warnings": fitted.notes_,
    }


def _is_treated(columns: Columns, args: argparse.Namespace) -> Any:
    """Who was treated, as true and false."""
    from guanxi_methods.experiments.means import as_treated  # as above

    if args.treated_value is None:
        return as_treated(columns.numbers(args.treated))
    return as_treated(_is_word(columns, args.treated, args.treated_value))


def _is_word(columns: Columns, asked: str, value: str) -> Any:
    """Where a column holds the word that is meant."""
    words = columns.words(asked)
    if (words == "").any():
        row = words.tolist().index("") + 1
        raise MethodError("{name} holds a missing value, first in row {row}", name=columns.resolve(asked), row=row)
    if value not in words:
        raise MethodError("no row has {value!r} in the column {name!r}", value=value, name=columns.resolve(asked))
    return words == value


def _power(parser: argparse.ArgumentParser) -> None:
    """Either two shares, or a difference of means with its spread."""
    parser.add_argument("--p1", type=a_number, metavar="SHARE", help="share in the control")
    parser.add_argument("--p2", type=a_number, metavar="SHARE", help="share that must not be missed")
    parser.add_argument("--difference", type=a_number, help="of means, in the unit of --sd")
    parser.add_argument("--sd", type=a_number, help="standard deviation within an arm")
    parser.add_argument("--n1", type=a_count, metavar="N", help="customers in the first arm, where they are given")
    parser.add_argument("--power", type=a_share, default=0.8, metavar="SHARE", help="chance to find it (.8)")
    parser.add_argument("--alpha", type=a_share, default=0.05, metavar="SHARE", help="chance of a false alarm (.05)")
    parser.add_argument("--ratio", type=a_number, default=1.0, help="second arm over first (1)")
    parser.add_argument("--sides", type=int, choices=(1, 2), default=2, help="of the test (2)")


def power(args: argparse.Namespace) -> dict[str, Any]:
    """Customers needed, or what those there are can find."""
    from guanxi_methods import experiments  # scipy takes long to load

    shared = {"alpha": args.alpha, "ratio": args.ratio, "sides": args.sides}
    if args.p1 is not None and args.difference is None and args.sd is None:
        if args.n1 is None:
            if args.p2 is None:
                raise MethodError("give --p2, or --n1 to learn which share is found")
            n1, n2 = experiments.size_for_proportions(args.p1, args.p2, power=args.power, **shared)
            exact = experiments.size_for_proportions(
                args.p1,
                args.p2,
                power=args.power,
                alpha=args.alpha,
                ratio=args.ratio,
                sides=args.sides,
                continuity=True,
            )
            achieved = experiments.power_for_proportions(args.p1, args.p2, n1=n1, **shared)
            return {"n1": n1, "n2": n2, "n1_continuity": exact[0], "n2_continuity": exact[1], "power": achieved}
        found = experiments.detectable_proportion(args.p1, n1=args.n1, power=args.power, **shared)
        told = {"n1": args.n1, "detectable_p2": found, "detectable_difference": found - args.p1}
        if args.p2 is not None:
            told["power"] = experiments.power_for_proportions(args.p1, args.p2, n1=args.n1, **shared)
        return told
    if args.p1 is None and args.p2 is None and args.difference is not None and args.sd is not None:
        if args.n1 is not None:
            achieved = experiments.power_for_means(args.difference, args.sd, n1=args.n1, **shared)
            return {"n1": args.n1, "power": achieved}
        n1, n2 = experiments.size_for_means(args.difference, args.sd, power=args.power, **shared)
        achieved = experiments.power_for_means(args.difference, args.sd, n1=n1, **shared)
        return {"n1": n1, "n2": n2, "power": achieved}
    raise MethodError("give --p1 and --p2 for shares, or --difference and --sd for means")


def _watch(parser: argparse.ArgumentParser) -> None:
    """Totals at each look."""
    add_columns(parser, "successes", "two columns: totals of control and treatment, a row for each look")
    add_columns(parser, "trials", "two columns: customers so far")
    parser.add_argument(
        "--planned", type=a_count, required=True, metavar="N",
        help="customers an arm at which the interval is to be narrowest; chosen before the first look",
    )  # fmt: skip
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of all looks together (.95)")


def watch(args: argparse.Namespace) -> dict[str, Any]:
    """Two shares compared at every look, however often one looks."""
    from guanxi_methods import experiments  # scipy takes long to load

    columns = columns_of(args.file)
    won, tried = (columns.matrix(columns.select(asked), missing="refuse") for asked in (args.successes, args.trials))
    found = experiments.always_valid_proportions(won, tried, planned=args.planned, level=args.level)
    looks = [
        {"look": look + 1, "difference": found.difference[look], "interval": found.interval[look],
         "p_value": found.p_value[look]}
        for look in range(found.difference.size)
    ]  # fmt: skip
    first = found.first_significant
    return {
        "difference": found.difference[-1],
        "interval": found.interval[-1],
        "p_value": found.p_value[-1],
        "first_significant": None if first is None else first + 1,
        "looks": looks,
    }


def _uplift(parser: argparse.ArgumentParser) -> None:
    """Whom the treatment moved."""
    _treated(parser)
    parser.add_argument("--outcome-value", metavar="VALUE", help="which word is a success, where outcomes are words")
    add_columns(parser, "features", "known before the treatment; all other columns unless given", required=False)
    add_columns(parser, "exclude", "columns that are no features", required=False)
    parser.add_argument("--method", choices=("two-model", "transformed-outcome"), default="two-model")
    parser.add_argument("--bootstrap", type=a_count, default=200, metavar="N", help="resamples for the intervals (200)")
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the intervals (.95)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of parts and resamples (0)")


def uplift(args: argparse.Namespace) -> dict[str, Any]:
    """How well the features tell whom a treatment moves."""
    from guanxi_methods import experiments  # scipy takes long to load

    columns = columns_of(args.file)
    treated = _is_treated(columns, args)
    if args.outcome_value is None:
        outcome: Any = columns.numbers(args.outcome)
    else:
        outcome = _is_word(columns, args.outcome, args.outcome_value)
    taken = {columns.resolve(args.treated), columns.resolve(args.outcome)}
    taken |= set(columns.select(args.exclude)) if args.exclude else set()
    wanted = columns.select(args.features) if args.features else [name for name in columns.names if name not in taken]
    method = experiments.Uplift(args.method, n_bootstrap=args.bootstrap, level=args.level, random_state=args.seed)
    method.fit(_features(columns, wanted), treated, outcome)
    names = ("customers", "predicted", "actual", "low", "high")
    return {
        "effect": method.effect_,
        "effect_interval": method.effect_interval_,
        "qini": method.qini_,
        "qini_interval": method.qini_interval_,
        "auuc": method.auuc_,
        "auuc_interval": method.auuc_interval_,
        "treated": method.n_[1],
        "untreated": method.n_[0],
        "features": list(method.feature_names_),
        "groups": [dict(zip(names, group, strict=True)) for group in method.groups_],
        "warnings": method.notes_,
    }


def _features(columns: Columns, wanted: list[str]) -> dict[str, Any]:
    """Columns of numbers as they are, of words as a column of 0 and 1 for each word but the first."""
    made: dict[str, Any] = {}
    frame = columns.frame(wanted)
    for name, column in zip(frame.names, frame.columns, strict=True):
        if column.dtype.kind != "O":
            made[name] = column
            continue
        words = sorted(set(column.tolist()))
        if len(words) > CATEGORIES_AT_MOST:
            raise MethodError(
                "the column {name!r} has {count} different words, too many for a feature: leave it out by --exclude",
                name=name, count=len(words),
            )  # fmt: skip
        made |= {f"{name}={word}": (column == word).astype(float) for word in words[1:]}
    if not made:
        raise MethodError("no feature is left: the columns named hold the same word throughout")
    return made


_TWO_ARMS = """
difference = p2 - p1,  p = (x1 + x2) / (n1 + n2)
z = (p2 - p1) / sqrt(p (1 - p) (1/n1 + 1/n2)), two-sided p-value
interval: all differences d that the same test does not reject, its variance at the shares most likely
under p2 - p1 = d (Mee's score interval). So it leaves 0 out exactly when p < 1 - level.
Several arms: each against the first, intervals at 1 - alpha / k, p-values by Holm.
"""

MEASURES = (
    Measure(
        name="experiments.ab",
        summary="two shares compared: difference, interval and p-value of one and the same test",
        formula=_TWO_ARMS,
        source="R. W. Mee, Biometrics 40, 1984; R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890; "
        "M. W. Fagerland, S. Lydersen & P. Laake, Statistical Methods in Medical Research 24, 2015.",
        arguments=_arms,
        run=ab,
        file="none",
    ),
    Measure(
        name="experiments.means",
        summary="the effect on a mean: plain, within strata, or freed of what was known before (CUPED)",
        formula="""
t = (m2 - m1) / sqrt(s1^2/n1 + s2^2/n2), Welch's degrees of freedom
CUPED: outcome less theta x covariate, theta = cov / var pooled within the arms
strata: sum of n_s/n (m2_s - m1_s), variance sum of (n_s/n)^2 (s2_s^2/n2_s + s1_s^2/n1_s)
""",
        source="B. L. Welch, Biometrika 34, 1947; A. Deng et al., WSDM 2013; W. G. Cochran, Sampling Techniques, 1977, "
        "5A.9.",
        arguments=_means,
        run=means,
    ),
    Measure(
        name="experiments.power",
        summary="customers an experiment needs, or what it can find with those it has",
        formula="""
shares: n1 = (z_a sqrt((r+1) p q) + z_b sqrt(r p1 q1 + p2 q2))^2 / (r (p2 - p1)^2),  n2 = r n1,  p = (p1 + r p2)/(r + 1)
with continuity: n1/4 (1 + sqrt(1 + 2 (r+1) / (n1 r |p2 - p1|)))^2
means: the fewest for which noncentral t beyond the critical value has the power asked for
""",
        source="J. L. Fleiss, B. Levin & M. C. Paik, Statistical Methods for Rates and Proportions, 2003, 4.14-4.19; "
        "J. Cohen, Psychological Bulletin 112, 1992.",
        arguments=_power,
        run=power,
        file="none",
    ),
    Measure(
        name="experiments.watch",
        summary="two shares compared at every look, right however often one looks",
        formula="""
d +- sqrt(v (1 + g) / g (2 ln(1/alpha) + ln(1 + g))),  g = rho^2 t,  rho^2 = r / planned,  r = 2 ln(1/alpha) + ln(1 + r)
p = min over looks of sqrt(1 + g) exp(-d^2 / (2 v) g / (1 + g))
""",
        source="H. Robbins, Annals of Mathematical Statistics 41, 1970; R. Johari et al., Operations Research 70, 2022; "
        "I. Waudby-Smith et al., Annals of Statistics 52, 2024.",
        arguments=_watch,
        run=watch,
    ),
    Measure(
        name="experiments.uplift",
        summary="whom a treatment moves, with the Qini coefficient and its interval on customers not learned from",
        formula="""
two-model: predicted outcome if treated less predicted outcome if not (ridge, logistic where outcomes are 0 and 1)
transformed-outcome: ridge of Y (W - e) / (e (1 - e))
Q(f) = (Rt(f) - Rc(f) Nt(f) / Nc(f)) / Nt(1) over the best ranked share f;  qini = area under Q - Q(1) / 2
auuc = area under (Rt(f)/Nt(f) - Rc(f)/Nc(f)) f
""",
        source="N. J. Radcliffe, Direct Marketing Analytics Journal 1, 2007; P. Gutierrez & J.-Y. Gerardy, PMLR 67, 2017; "
        "S. Athey & G. Imbens, PNAS 113, 2016.",
        arguments=_uplift,
        run=uplift,
    ),
)
