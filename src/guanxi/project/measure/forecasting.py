"""Forecasts on the command line."""

import argparse
from typing import Any

import numpy as np

from guanxi.project.measure.arguments import a_count, a_day, a_share, add_column
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of


def _days(text: str) -> list[np.datetime64]:
    """Days separated by commas."""
    return [a_day(word) for word in text.split(",") if word.strip()]


def _options(parser: argparse.ArgumentParser) -> None:
    """Where time and counts stand, and how far ahead."""
    add_column(parser, "time", "when a bin begins; without --count, when each call came")
    add_column(parser, "count", "calls of the bin; without it every row is one call", required=False)
    parser.add_argument(
        "--horizon-days",
        type=a_count,
        required=True,
        metavar="N",
        help="kept back and forecast: the last N days that occur",
    )
    parser.add_argument(
        "--bin-minutes", type=a_count, metavar="M", help="width of a bin (as the times are; 30 for calls)"
    )
    parser.add_argument("--closed", type=_days, default=[], metavar="DAYS", help="days left out: 2026-10-01,2026-10-02")
    parser.add_argument(
        "--method", choices=("auto", "svd", "mean", "naive"), default="auto", help="which candidates (auto)"
    )
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the intervals (.95)")
    parser.add_argument("--bins", action="store_true", help="adds the forecast of every bin to that of the days")


def arrivals(args: argparse.Namespace) -> dict[str, Any]:
    """The error on the days kept back, and the days to come."""
    from guanxi_methods.forecasting import ArrivalForecast, hold_out  # numpy alone, but other measures need it not

    columns = columns_of(args.file)
    moments = columns.moments(args.time)
    counts = None if args.count is None else columns.numbers(args.count)
    parameters = {
        "method": args.method,
        "bin_seconds": None if args.bin_minutes is None else 60 * args.bin_minutes,
        "closed": args.closed,
        "level": args.level,
    }
    found = hold_out(moments, counts, horizon_days=args.horizon_days, **parameters)
    model = ArrivalForecast(args.horizon_days, **parameters).fit(moments, counts)
    ahead = model.forecast_
    told = {
        "wape": found.wape,
        "wape_naive": found.wape_naive,
        "wape_week_before": found.wape_week_before,
        "wape_days": found.wape_days,
        "wape_days_naive": found.wape_days_naive,
        "bias": found.bias,
        "coverage": found.coverage,
        "coverage_days": found.coverage_days,
        "level": found.level,
        "hold_out": {
            "from": str(found.days[0]),
            "to": str(found.days[-1]),
            "days": int(found.days.size),
            "days_before": found.trained_days,
            "calls": float(np.nansum(found.actual)),
            "forecast": float(found.forecast.mean.sum()),
        },
        "method": str(found.chosen),
        "method_ahead": str(model.chosen_),
        "rolling_wape": model.wape_,
        "rolling_wape_naive": model.wape_naive_,
        "calls": float(np.nansum(model.table_.counts)),
        "days": int(model.table_.days.size),
        "bins_a_day": int(model.table_.starts.size),
        "bin_minutes": model.table_.bin_seconds / 60,
        "outlier_days": model.outlier_days_,
        "forecast": [
            {"day": str(day), "calls": calls, "low": low, "high": high}
            for day, calls, low, high in zip(ahead.days, ahead.totals, ahead.totals_low, ahead.totals_high, strict=True)
        ],
        "warnings": list(dict.fromkeys([*found.notes, *model.notes_])),
    }
    if args.bins:
        told["bins"] = [
            {
                "time": str(day.astype("datetime64[s]") + np.timedelta64(int(start), "s")),
                "calls": ahead.mean[row, place],
                "low": ahead.low[row, place],
                "high": ahead.high[row, place],
            }
            for row, day in enumerate(ahead.days)
            for place, start in enumerate(ahead.starts)
        ]
    return told


MEASURES = (
    Measure(
        name="forecasting.arrivals",
        summary="calls by day and time of day ahead, with the error on the last days kept back against the seasonal naive",
        formula="""
y(i,j) = sqrt(count of day i, bin j, + 1/4) ~ sum over k of score(i,k) profile(k,j), by singular values
score(i,k) = weekday, days after a closed day, place in the month + u(i,k),  u(i,k) = phi(k) u(i-1,k) + e
forecast = (sum over k of score x profile)^2 - 1/4 + s(j)^2
WAPE = sum |count - forecast| / sum count over all bins of the days kept back;
naive: each bin as on the last same weekday before the days kept back. Factors, calendar and half-life are chosen by
rolling origins on the days before, means of the same weekday being candidates too.
""",
        source="H. Shen & J. Z. Huang, Manufacturing & Service Operations Management 10(3), 2008; J. Weinberg, L. D. Brown & "
        "J. R. Stroud, JASA 102, 2007; J. W. Taylor, Management Science 54(2), 2008; R. Ibrahim et al., International Journal "
        "of Forecasting 32(3), 2016.",
        arguments=_options,
        run=arrivals,
    ),
)
