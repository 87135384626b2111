"""What stands behind a satisfaction index, on the command line: gaps, factors, layers, indicators, reliability, weights."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from guanxi.core.sentences import gettext as _
from guanxi.project.measure.arguments import a_count, a_number, a_share, add_column, add_columns
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi.project.measure.satisfaction import OWN, add_confidence, add_scale, answers

QUESTIONS = {
    "expectation": "customers: what they expect",
    "understood": "managers: what they believe customers expect",
    "standard": "managers: what the standards demand",
    "delivered": "staff: what they deliver",
    "perception": "customers: what they perceive",
}
INDICATOR_QUESTIONS = {
    "aware": "knows us",
    "named-first": "names us first",
    "favourable": "speaks well of us",
    "bought": "bought",
    "returned": "bought again",
    "aggrieved": "was dissatisfied",
    "complained": "complained to us",
}


def _add_gaps(parser: argparse.ArgumentParser) -> None:
    """The options of the five gaps."""
    for name, what in QUESTIONS.items():
        add_columns(parser, name, f"{what}; the same items in the same order, blank for whom it was not asked")
    add_columns(parser, "promised", "what is promised outside (without it no promotion gap)", required=False)
    add_scale(parser)


def gaps(args: argparse.Namespace) -> dict[str, Any]:
    """The five gaps."""
    from guanxi_methods.satisfaction import FiveGaps  # scipy, which other measures need not

    columns = columns_of(args.file)
    asked = {name: answers(columns, getattr(args, name)) for name in QUESTIONS}
    if args.promised:
        asked["promised"] = answers(columns, args.promised)
    fitted = FiveGaps(args.scale, args.level).fit(**asked)
    return {
        "gaps": {name: vars(one) for name, one in fitted.gaps_.items()},
        "service_gap": vars(fitted.service_gap_),
        "largest": fitted.largest_,
        "n": fitted.n_,
        "warnings": fitted.notes_,
    }


def _add_two_factor(parser: argparse.ArgumentParser) -> None:
    """The options of the two-factor model."""
    add_columns(parser, "satisfaction", "how satisfied respondents are with each item: names, or a pattern with *")
    add_columns(parser, "overall", "the overall answer; several are averaged")
    parser.add_argument("--low", type=a_number, metavar="N", help="answers up to it are low (the lowest quarter)")
    parser.add_argument("--high", type=a_number, metavar="N", help="answers from it on are high (the highest quarter)")
    parser.add_argument("--significance", type=a_share, default=0.05, metavar="P", help="of an effect (.05)")
    add_scale(parser)


def two_factor(args: argparse.Namespace) -> dict[str, Any]:
    """Hygiene factors and motivators."""
    from guanxi_methods.satisfaction import TwoFactor  # as above

    columns = columns_of(args.file)
    fitted = TwoFactor(args.low, args.high, args.scale, args.significance, args.level).fit(
        answers(columns, args.satisfaction), answers(columns, args.overall)
    )
    return {
        "items": [vars(one) for one in fitted.items_],
        "factors": fitted.factors_,
        "low": fitted.cuts_[0],
        "high": fitted.cuts_[1],
        "r2": fitted.r2_,
        "n": fitted.n_,
        "warnings": fitted.notes_,
    }


def _add_reliability(parser: argparse.ArgumentParser) -> None:
    """The options of reliability."""
    add_columns(parser, "items", "items that are to measure one thing: names, or a pattern with *")
    add_confidence(parser)


def reliability(args: argparse.Namespace) -> dict[str, Any]:
    """Alpha and omega."""
    from guanxi_methods.satisfaction import Reliability  # as above

    columns = columns_of(args.file)
    fitted = Reliability(args.level).fit(answers(columns, args.items))
    return {
        "alpha": fitted.alpha_,
        "alpha_interval": fitted.alpha_interval_,
        "standardised_alpha": fitted.standardised_alpha_,
        "omega": fitted.omega_,
        "omega_interval": fitted.omega_interval_,
        "mean_correlation": fitted.mean_correlation_,
        "n": fitted.n_,
        "items": [
            {
                "item": name,
                "item_total": correlation,
                "alpha_without": fitted.alpha_without_[name],
                "loading": fitted.loadings_[name] if fitted.loadings_ else None,
                "uniqueness": fitted.uniquenesses_[name] if fitted.uniquenesses_ else None,
            }
            for name, correlation in fitted.item_total_.items()
        ],
        "warnings": fitted.notes_,
    }


def margin(text: str) -> tuple[str, dict[str, float]]:
    """A trait with the shares of its categories: `sex=f:.52,m:.48`."""
    name, sign, categories = text.partition("=")
    shares: dict[str, float] = {}
    for category in categories.split(","):
        kind, colon, share = category.rpartition(":")
        if not sign or not colon or not kind.strip():
            raise argparse.ArgumentTypeError(
                _("“%(text)s” is no margin; write a trait and its shares, such as sex=f:.52,m:.48") % {"text": text}
            )
        shares[kind.strip()] = a_number(share)
    return name.strip(), shares


def _add_weighting(parser: argparse.ArgumentParser) -> None:
    """The options of weighting."""
    parser.add_argument(
        "--margin",
        type=margin,
        action="append",
        metavar="TRAIT=KIND:SHARE,...",
        help="shares of the population; once for each trait (several are raked)",
    )
    add_column(parser, "responded", "1 for who answered, 0 for who did not: weigh by propensity", required=False)
    add_columns(parser, "traits", "traits known of everybody asked, for the propensity", required=False)
    parser.add_argument("--classes", type=a_count, metavar="N", help="groups of equal size by propensity; 5 is usual")
    add_column(parser, "weights", "weights to begin with", required=False)
    parser.add_argument("--out", type=Path, metavar="CSV", help="write the weight of every row to this file")


def weighting(args: argparse.Namespace) -> dict[str, Any]:
    """Weights for who did not answer."""
    from guanxi_methods.errors import MethodError  # as above

    columns = columns_of(args.file)
    if bool(args.margin) == bool(args.responded):
        raise MethodError("give --margin for raking, or --responded and --traits for the propensity")
    told = _raked(args, columns) if args.margin else _by_propensity(args, columns)
    weights = told.pop("weights_by_row")
    if args.out:
        rows = np.column_stack([np.arange(1, len(weights) + 1), weights])
        np.savetxt(args.out, rows, fmt=["%d", "%.10g"], delimiter=",", header="row,weight", comments="")
    used = weights[weights > 0]
    return {
        **told,
        "smallest_weight": float(used.min()),
        "largest_weight": float(used.max()),
    }


def _raked(args: argparse.Namespace, columns: Any) -> dict[str, Any]:
    """Weights by margins."""
    from guanxi_methods.satisfaction import Raking  # as above

    population = {columns.resolve(name): shares for name, shares in args.margin}
    traits = {name: columns.words(name) for name in population}
    start = columns.numbers(args.weights) if args.weights else None
    fitted = Raking(population).fit(traits, weights=start)
    return {
        "method": "raking" if len(population) > 1 else "post-stratification",
        "n": fitted.n_,
        "effective_n": fitted.effective_n_,
        "design_effect": fitted.design_effect_,
        "rounds": fitted.rounds_,
        "margins": fitted.margins_,
        "weights_by_row": fitted.weights_,
        "warnings": fitted.notes_,
    }


def _by_propensity(args: argparse.Namespace, columns: Any) -> dict[str, Any]:
    """Weights by propensity."""
    from guanxi_methods.errors import MethodError  # as above
    from guanxi_methods.satisfaction import ResponsePropensity  # as above

    if not args.traits:
        raise MethodError("--responded needs --traits, what is known of everybody asked")
    fitted = ResponsePropensity(args.classes).fit(answers(columns, args.traits), columns.numbers(args.responded))
    return {
        "method": "response propensity",
        "n": fitted.n_,
        "effective_n": fitted.effective_n_,
        "design_effect": fitted.design_effect_,
        "response_rate": fitted.response_rate_,
        "r_indicator": fitted.r_indicator_,
        "coefficients": fitted.coefficients_,
        "standard_errors": fitted.standard_errors_,
        "weights_by_row": fitted.weights_,
        "warnings": fitted.notes_,
    }


def group(text: str) -> tuple[str, str, str]:
    """A group of items: `down:material=goods*,price`."""
    place, sign, items = text.partition("=")
    way, colon, name = place.partition(":")
    if not (sign and colon and way.strip() and name.strip() and items.strip()):
        raise argparse.ArgumentTypeError(
            _("“%(text)s” is no group; write a way, a name and its columns, such as down:material=goods*")
            % {"text": text}
        )
    return way.strip(), name.strip(), items


def _add_layers(parser: argparse.ArgumentParser) -> None:
    """The options of the layers."""
    parser.add_argument(
        "--group",
        type=group,
        action="append",
        required=True,
        metavar="WAY:NAME=COLUMNS",
        help="items of a group, once for each: across:mind=..., down:material=..., factor:service=...",
    )
    add_column(parser, "weights", "how many people each respondent stands for", required=False)
    add_scale(parser)


def layers(args: argparse.Namespace) -> dict[str, Any]:
    """Satisfaction by layer and factor."""
    from guanxi_methods.satisfaction import SatisfactionLayers  # as above

    columns = columns_of(args.file)
    groups: dict[str, dict[str, list[str]]] = {}
    for way, name, items in args.group:
        groups.setdefault(way, {})[name] = columns.select(items)
    every = list(dict.fromkeys(item for way in groups.values() for items in way.values() for item in items))
    fitted = SatisfactionLayers(groups, args.scale, args.level).fit(
        columns.frame(every), weights=columns.numbers(args.weights) if args.weights else None
    )
    return {
        "groups": [
            {"way": way, "group": name, **vars(one)}
            for way, named in fitted.indices_.items()
            for name, one in named.items()
        ],
        "weakest": fitted.weakest_,
        "n": fitted.n_,
        "warnings": fitted.notes_,
    }


def _add_indicators(parser: argparse.ArgumentParser) -> None:
    """The options of the indicators."""
    for name, what in INDICATOR_QUESTIONS.items():
        add_column(parser, name, f"1 where the person {what}, 0 where not, blank where not asked", required=False)
    add_confidence(parser)


def indicators(args: argparse.Namespace) -> dict[str, Any]:
    """The indicators beside the index."""
    from guanxi_methods.errors import MethodError  # as above
    from guanxi_methods.satisfaction import SatisfactionIndicators  # as above

    columns = columns_of(args.file)
    asked = {name.replace("-", "_"): getattr(args, name.replace("-", "_")) for name in INDICATOR_QUESTIONS}
    given = {name: columns.numbers(column, missing="keep") for name, column in asked.items() if column}
    if not given:
        raise MethodError("no column is named: give at least one of {options}", options=", ".join(INDICATOR_QUESTIONS))
    fitted = SatisfactionIndicators(args.level).fit(**given)
    return {"rates": {name: vars(one) for name, one in fitted.rates_.items()}, "warnings": fitted.notes_}


MEASURES = (
    Measure(
        name="satisfaction.gaps",
        summary="the five gaps behind dissatisfaction, from questionnaires to customers, managers and staff",
        formula="""
understanding = understood - expectation     procedure = standard - understood     behaviour = delivered - standard
perception = perception - delivered          promotion = delivered - promised      (means; negative: falls short)
The first four add up to the service gap, perception - expectation.
One row a person, a question not put to someone is blank. Intervals: paired where the same people were asked, else Welch.
""",
        source='A. Parasuraman, V. A. Zeithaml, L. L. Berry, "A conceptual model of service quality", Journal of Marketing '
        "49(4), 1985; N. Hill, Handbook of Customer Satisfaction Measurement, Gower 1996, for the names; measuring them in "
        "figures so is Guanxi's own definition.",
        arguments=_add_gaps,
        run=gaps,
    ),
    Measure(
        name="satisfaction.two-factor",
        summary="hygiene factors and motivators (保健, 激励), by penalties and rewards in the overall answer",
        formula="""
overall = b0 + sum of p_j [S_j <= low] + sum of r_j [S_j >= high] + e, least squares
hygiene: p_j significantly below 0 alone; motivator: r_j significantly above 0 alone; performance: both; else indifferent
low, high: the lowest and the highest quarter of the scale unless given.
""",
        source="F. Herzberg, B. Mausner, B. B. Snyderman, The Motivation to Work, Wiley 1959; D. R. Brandt, in Add Value to "
        "Your Service, American Marketing Association 1987.",
        arguments=_add_two_factor,
        run=two_factor,
    ),
    Measure(
        name="satisfaction.reliability",
        summary="whether items measure one thing: Cronbach's alpha and McDonald's omega with intervals",
        formula="""
alpha = p/(p-1) (1 - sum of variances / variance of the sum); interval: 1 - (1 - alpha) F, Feldt
omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances), one factor by maximum likelihood;
interval: delta method on log(1 - omega), not leaning on normal answers.
""",
        source="L. J. Cronbach, Psychometrika 16, 1951; L. S. Feldt, D. J. Woodruff, F. A. Salih, Applied Psychological "
        "Measurement 11(1), 1987; R. P. McDonald, Test Theory, Erlbaum 1999, ch. 6.",
        arguments=_add_reliability,
        run=reliability,
    ),
    Measure(
        name="satisfaction.weighting",
        summary="weights for who did not answer, and the effective sample size they leave",
        formula="""
--margin: weights times (share due / share had), trait after trait until all agree (raking; one trait: post-stratification)
--responded, --traits: 1 / p, p = probability of answering by logistic regression, or the rate of its class (--classes)
effective n = (sum of w)^2 / sum of w^2
""",
        source="W. E. Deming, F. F. Stephan, Annals of Mathematical Statistics 11(4), 1940; R. J. A. Little, International "
        "Statistical Review 54(2), 1986; L. Kish, Survey Sampling, Wiley 1965.",
        arguments=_add_weighting,
        run=weighting,
    ),
    Measure(
        name="satisfaction.layers",
        summary="satisfaction by layer across and down (理念 行为 视觉, 物质 精神 社会) and by factor",
        formula="""
CSI of a group = mean over its items of mean(S_j); interval by the delta method over respondents.
""",
        source=OWN,
        arguments=_add_layers,
        run=layers,
    ),
    Measure(
        name="satisfaction.indicators",
        summary="awareness, first-named, reputation, return, grievance and complaint rates, sales power",
        formula="""
awareness = aware / asked          first_named = named first / asked      reputation = favourable / aware
return_rate = returned / bought    grievance_rate = aggrieved / bought    complaint_rate = complained / bought
silent_grievance_rate = aggrieved without complaint / aggrieved           sales_power = bought / aware
Intervals: Wilson.
""",
        source="Guanxi's own definition: the indicators are taught without formulas.",
        arguments=_add_indicators,
        run=indicators,
    ),
)
