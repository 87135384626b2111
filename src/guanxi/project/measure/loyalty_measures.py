"""More of loyalty on the command line: its measures, its link with satisfaction, the four degrees."""

from __future__ import annotations

import argparse
from typing import Any

from guanxi.project.measure.arguments import a_count, a_scale, add_column, add_columns, numbers
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.loyalty import OWN, add_level, add_log, estimate, known_customers, optional
from guanxi.project.measure.opening import columns_of


def _measures(parser: argparse.ArgumentParser) -> None:
    """A log with what was bought."""
    add_log(parser)
    add_column(parser, "product", "product or product line, for cross-buying", required=False)
    add_column(parser, "full-price", "1 where nothing was taken off the price, else 0", required=False)
    parser.add_argument("--window-days", type=a_count, default=365, metavar="DAYS", help="window of the rates (365)")


def behaviour(args: argparse.Namespace) -> dict[str, Any]:
    """Behavioural measures of a log."""
    from guanxi_methods.loyalty import BehaviouralLoyalty  # scipy takes long to load

    columns = columns_of(args.file)
    codes, _names, used, notes = known_customers(columns, args.customer)
    given = {
        "amount": optional(columns, args.amount),
        "product": columns.words(args.product) if args.product else None,
        "full_price": optional(columns, args.full_price),
    }
    found = BehaviouralLoyalty(args.window_days, args.level).fit(
        codes[used],
        columns.days(args.date)[used],
        at=args.at,
        **{name: None if values is None else values[used] for name, values in given.items()},
    )
    return {
        "measures": {name: estimate(one) for name, one in found.measures_.items()},
        "customers": found.n_customers_,
        "warnings": [*notes, *found.notes_],
    }


def _attitude(parser: argparse.ArgumentParser) -> None:
    """Questions on one scale."""
    add_columns(parser, "items", "questions on one scale")
    parser.add_argument("--scale", type=a_scale, required=True, metavar="LO,HI", help="lowest and highest answer")
    add_columns(parser, "reverse", "questions whose high answers speak against loyalty", required=False)
    add_level(parser)


def attitude(args: argparse.Namespace) -> dict[str, Any]:
    """Attitudinal measures of answers."""
    from guanxi_methods.loyalty import AttitudinalLoyalty  # as above

    columns = columns_of(args.file)
    items = columns.select(args.items)
    reverse = columns.select(args.reverse) if args.reverse else []
    answers = {name: columns.numbers(name, missing="keep") for name in items}
    found = AttitudinalLoyalty(args.scale, reverse, args.level).fit(answers)
    return {
        "index_100": found.index_.value,
        "interval": found.index_.interval,
        "n": found.index_.n,
        "alpha": found.alpha_,
        "items": [
            {
                "item": one.item,
                "mean": one.mean.value,
                "interval": one.mean.interval,
                "index_100": one.index_100.value,
                "top_box": one.top_box.value,
                "top_box_interval": one.top_box.interval,
                "is_reversed": one.is_reversed,
                "n": one.mean.n,
            }
            for one in found.items_
        ],
        "warnings": found.notes_,
    }


def _share(parser: argparse.ArgumentParser) -> None:
    """Ours and all."""
    add_column(parser, "ours", "what the customer does with us: money, units, visits, needs, minutes")
    add_column(parser, "total", "the same with all suppliers, ours included")
    add_level(parser)


def share(args: argparse.Namespace) -> dict[str, Any]:
    """Share of wallet, visits, needs."""
    from guanxi_methods.loyalty import LoyaltyShare  # as above

    columns = columns_of(args.file)
    found = LoyaltyShare(args.level).fit(columns.numbers(args.ours), columns.numbers(args.total))
    return {
        "share": found.share_.value,
        "interval": found.share_.interval,
        "mean_share": found.mean_share_.value,
        "mean_share_interval": found.mean_share_.interval,
        "customers": found.share_.n,
        "warnings": found.notes_,
    }


def _price(parser: argparse.ArgumentParser) -> None:
    """Purchases at several prices."""
    add_column(parser, "customer", "who bought")
    add_column(parser, "price", "price asked")
    add_column(parser, "quantity", "quantity bought in the period")
    add_level(parser)


def price(args: argparse.Namespace) -> dict[str, Any]:
    """Price sensitivity."""
    from guanxi_methods.loyalty import PriceSensitivity  # as above

    columns = columns_of(args.file)
    found = PriceSensitivity(args.level).fit(
        columns.numbers(args.price), columns.numbers(args.quantity), columns.words(args.customer)
    )
    return {
        "elasticity": found.elasticity_.value,
        "interval": found.elasticity_.interval,
        "customers": found.elasticity_.n,
        "warnings": found.notes_,
    }


def _tolerance(parser: argparse.ArgumentParser) -> None:
    """What customers say they accept."""
    add_column(parser, "accepted", "highest rise in percent at which the customer would stay")
    parser.add_argument("--rises", type=numbers, default=[5.0, 10.0, 20.0], metavar="PERCENT,...", help="(5,10,20)")
    add_level(parser)


def tolerance(args: argparse.Namespace) -> dict[str, Any]:
    """Stated price tolerance."""
    from guanxi_methods.loyalty import price_tolerance  # as above

    columns = columns_of(args.file)
    found = price_tolerance(columns.numbers(args.accepted, missing="keep"), args.rises, level=args.level)
    return {
        "stay": [{"rise_percent": rise, "share": one.value, "interval": one.interval} for rise, one in found.items()],
        "n": next(iter(found.values())).n if found else 0,
    }


def _incidents(parser: argparse.ArgumentParser) -> None:
    """Who had an incident and who stayed."""
    add_column(parser, "incident", "1 for customers with an incident of quality, else 0")
    add_column(parser, "stayed", "1 for customers who bought again, else 0")
    add_level(parser)


def incidents(args: argparse.Namespace) -> dict[str, Any]:
    """Tolerance of incidents."""
    from guanxi_methods.loyalty import incident_tolerance  # as above

    columns = columns_of(args.file)
    found = incident_tolerance(columns.numbers(args.incident), columns.numbers(args.stayed), level=args.level)
    return {name: estimate(one) for name, one in vars(found).items()}


def _curve(parser: argparse.ArgumentParser) -> None:
    """Satisfaction and loyalty."""
    add_column(parser, "satisfaction", "satisfaction of each customer on one scale")
    add_column(parser, "loyalty", "1 for who stayed and 0 for who did not, or any figure of loyalty")
    add_column(parser, "market", "market or segment that differs in competition", required=False)
    parser.add_argument(
        "--loyalty-scale", type=a_scale, metavar="LO,HI", help="ends of loyalty, for the logistic slope"
    )
    parser.add_argument("--bootstrap", type=a_count, default=500, metavar="N", help="samples drawn again (500)")
    add_level(parser)


def curve(args: argparse.Namespace) -> dict[str, Any]:
    """The static curve."""
    from guanxi_methods.loyalty import SatisfactionLoyaltyCurve  # as above

    columns = columns_of(args.file)
    found = SatisfactionLoyaltyCurve(args.loyalty_scale, args.bootstrap, args.level).fit(
        columns.numbers(args.satisfaction, missing="keep"),
        columns.numbers(args.loyalty, missing="keep"),
        columns.words(args.market) if args.market else None,
    )
    every = list(found.curves_.items())
    lines = [
        {"market": name, "line": line, **(estimate(getattr(one, line)) or {"value": None})}
        for name, one in every
        for line in ("slope", "curvature", "logit_slope")
    ]
    return {
        "levels": [
            {
                "market": name,
                "satisfaction": point.satisfaction,
                "customers": point.loyalty.n,
                "loyalty": point.loyalty.value,
                "interval": point.loyalty.interval,
                "fitted": point.fitted,
                "fitted_interval": None if point.fitted_low is None else (point.fitted_low, point.fitted_high),
            }
            for name, one in every
            for point in one.points
        ],
        "zones": [
            {
                "market": name,
                "zone": zone.name,
                "from": zone.low,
                "to": zone.high,
                "customers": zone.loyalty.n,
                "loyalty": zone.loyalty.value,
                "interval": zone.loyalty.interval,
                "support": zone.support,
            }
            for name, one in every
            for zone in one.zones
        ],
        "lines": lines,
        "warnings": found.notes_,
    }


WAVES = ("satisfaction-before", "satisfaction-after", "loyalty-before", "loyalty-after")


def _change(parser: argparse.ArgumentParser) -> None:
    """Two waves of the same customers."""
    for name in WAVES:
        add_column(parser, name, f"{name.replace('-', ' ')} the change, the same customer in the same row")
    add_level(parser)


def change(args: argparse.Namespace) -> dict[str, Any]:
    """The dynamic link."""
    from guanxi_methods.loyalty import SatisfactionLoyaltyChange  # as above

    columns = columns_of(args.file)
    found = SatisfactionLoyaltyChange(args.level).fit(
        *(columns.numbers(getattr(args, name.replace("-", "_")), missing="keep") for name in WAVES)
    )
    return {
        "slope": estimate(found.slope_),
        "drift": estimate(found.drift_),
        "rise_slope": estimate(found.rise_slope_),
        "fall_slope": estimate(found.fall_slope_),
        "asymmetry": estimate(found.asymmetry_),
        "asymmetry_p": found.asymmetry_p_,
        "satisfaction_change": estimate(found.satisfaction_change_),
        "loyalty_change": estimate(found.loyalty_change_),
        "by_direction": {name: estimate(one) for name, one in found.by_direction_.items()},
        "table": found.table_,
        "customers": found.n_customers_,
        "warnings": found.notes_,
    }


def _degrees(parser: argparse.ArgumentParser) -> None:
    """Four figures of each customer."""
    add_column(parser, "satisfaction", "answers on satisfaction; may be missing")
    add_column(parser, "loyalty", "answers on loyalty; may be missing")
    add_column(parser, "retained", "1 for who is still a customer, else 0")
    add_column(parser, "contribution", "profit or revenue")
    add_column(parser, "group", "segment, tier or region", required=False)
    for name in ("satisfaction", "loyalty"):
        parser.add_argument(
            f"--{name}-scale", type=a_scale, default=(0.0, 100.0), metavar="LO,HI", help=f"ends of {name} (0,100)"
        )
    add_level(parser)


def degrees(args: argparse.Namespace) -> dict[str, Any]:
    """The four degrees."""
    from guanxi_methods.loyalty import FourDegrees  # as above

    columns = columns_of(args.file)
    found = FourDegrees(args.satisfaction_scale, args.loyalty_scale, args.level).fit(
        columns.numbers(args.satisfaction, missing="keep"),
        columns.numbers(args.loyalty, missing="keep"),
        columns.numbers(args.retained),
        columns.numbers(args.contribution),
        columns.words(args.group) if args.group else None,
    )
    return {
        "groups": [
            {"group": group, "customers": one.customers, "customer_share": one.customer_share}
            for group, one in found.degrees_.items()
        ],
        "degrees": [
            {"group": group, "degree": name, **(estimate(getattr(one, name)) or {"value": None})}
            for group, one in found.degrees_.items()
            for name in ("satisfaction", "loyalty", "retention", "contribution", "contribution_per_customer")
        ],
        "together": [{"first": one, "second": two, **(estimate(r) or {})} for (one, two), r in found.together_.items()],
        "warnings": found.notes_,
    }


MEASURES = (
    Measure(
        name="loyalty.measures",
        summary="behavioural measures of a log: repeat rate, retention, intervals, tenure, cross-buying, full price",
        formula="""
repeat_rate = customers with at least 2 purchases / customers          (Wilson's interval, as of every rate)
repeat_rate_in_window = of those seen for a window: bought again within it
retention = of those who bought in the window before the last: bought in the last
purchase_interval_days = mean of (last - first) / (x - 1) over customers with x >= 2   (Student's, as of every mean)
cross_buying = customers with at least 2 different products / customers
full_price_share = money at full price / money                         (ratio over customers)
""",
        source="F. F. Reichheld and W. E. Sasser, Zero defections, Harvard Business Review 68(5), 1990 (retention); "
        f"{OWN} (windows).",
        arguments=_measures,
        run=behaviour,
    ),
    Measure(
        name="loyalty.attitude",
        summary="attitudinal measures of a survey: each item, the index from 0 to 100, Cronbach's alpha",
        formula="""
y = 100 (x - LO) / (HI - LO), or 100 - y for --reverse; score of a respondent = mean of the items answered
index = mean score; alpha = k/(k-1) (1 - sum of item variances / variance of the sum)
""",
        source="V. A. Zeithaml, L. L. Berry and A. Parasuraman, The behavioral consequences of service quality, Journal of "
        f"Marketing 60(2), 1996 (items); L. J. Cronbach, Psychometrika 16, 1951; {OWN} (equal weights).",
        arguments=_attitude,
        run=attitude,
    ),
    Measure(
        name="loyalty.share",
        summary="share of wallet, of visits, of needs met, of attention",
        formula="""
share = sum of ours / sum of total, interval of a ratio over customers; mean_share = mean of ours / total
""",
        source="W. G. Cochran, Sampling Techniques, 3rd ed., Wiley 1977, section 6.4 (ratio).",
        arguments=_share,
        run=share,
    ),
    Measure(
        name="loyalty.price-sensitivity",
        summary="price sensitivity: by how many percent customers buy less if the price is one percent higher",
        formula="""
ln q = own level of the customer + e ln p; error clustered by customer
""",
        source="J. M. Wooldridge, Econometric Analysis of Cross Section and Panel Data, 2nd ed., MIT Press 2010, 10.5.",
        arguments=_price,
        run=price,
    ),
    Measure(
        name="loyalty.price-tolerance",
        summary="share of customers who would stay at each rise of price, by what they say",
        formula="""
share with accepted rise >= rise, Wilson's interval
""",
        source=f"{OWN}.",
        arguments=_tolerance,
        run=tolerance,
    ),
    Measure(
        name="loyalty.incidents",
        summary="tolerance of quality incidents: who stayed after one, against who had none",
        formula="""
share who stayed with and without an incident, their difference with Newcombe's hybrid interval
""",
        source="R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in "
        f"Medicine 17, 1998, method 10; {OWN} (the measure).",
        arguments=_incidents,
        run=incidents,
    ),
    Measure(
        name="loyalty.curve",
        summary="how loyalty goes with satisfaction: levels, rising curve, zones, bend, market by market",
        formula="""
loyalty by level with interval; rising (isotonic) fit; zones = neighbouring levels put together by least squares, how
many by BIC; slope and curvature by least squares (HC3); log odds per step for loyalty from LO to HI
""",
        source="T. O. Jones and W. E. Sasser, Why satisfied customers defect, Harvard Business Review 73(6), 1995; J. L. "
        "Heskett et al., Putting the service-profit chain to work, Harvard Business Review 72(2), 1994; W. D. Fisher, "
        f"Journal of the American Statistical Association 53, 1958 (partition); {OWN} (zones from data).",
        arguments=_curve,
        run=curve,
    ),
    Measure(
        name="loyalty.change",
        summary="how a change of satisfaction goes with a change of loyalty, the same customers at two times",
        formula="""
dl = a + b ds;   dl = a + b+ max(ds, 0) + b- min(ds, 0);   asymmetry = b- - b+;   errors HC3
""",
        source="V. Mittal, P. Kumar and M. Tsiros, Attribute-level performance, satisfaction, and behavioral intentions over "
        "time, Journal of Marketing 63(2), 1999; E. W. Anderson and M. W. Sullivan, Marketing Science 12(2), 1993.",
        arguments=_change,
        run=change,
    ),
    Measure(
        name="loyalty.degrees",
        summary="the four degrees side by side: satisfaction, loyalty, retention, contribution",
        formula="""
satisfaction, loyalty = 100 (mean - LO) / (HI - LO); retention = 100 retained / customers
contribution = 100 sum of the group / sum of all; Spearman's correlations of the four over customers
""",
        source=f"{OWN}; E. C. Fieller, H. O. Hartley and E. S. Pearson, Biometrika 44, 1957 (error of the correlations).",
        arguments=_degrees,
        run=degrees,
    ),
)
