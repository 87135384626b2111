"""Dealing customers to the arms of an experiment, and whether they came as planned, on the command line."""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict
from typing import Any

from guanxi.project.measure.arguments import a_share, add_column, counts, numbers
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import MethodError

# Shares that differ from 1 by rounding alone sum to 1.
SAME = 1e-9


def _assign(parser: argparse.ArgumentParser) -> None:
    """Who is dealt, and to which arms."""
    add_column(parser, "customer", "each once")
    parser.add_argument("--experiment", required=True, metavar="NAME", help="another name deals anew")
    parser.add_argument("--arms", required=True, metavar="ARM=SHARE,...", help="such as control=.1,offer=.9; sums to 1")
    parser.add_argument("--held-out", type=a_share, default=0.0, metavar="SHARE", help="out of every experiment (0)")
    add_column(parser, "stratum", "each arm gets its share of each stratum, to within one customer", required=False)


def assign(args: argparse.Namespace) -> dict[str, Any]:
    """Customers dealt to arms, always the same way."""
    from guanxi_methods import experiments  # numpy alone, but other measures need it not

    shares: dict[str, float] = {}
    for number, word in enumerate(args.arms.split(","), 1):
        arm, _, share = word.partition("=")
        try:
            shares[arm.strip()] = float(share)
        except ValueError:
            raise MethodError("{word!r} is no arm with its share; write control=.1,offer=.9", word=word) from None
        if not arm.strip():
            raise MethodError("{word!r} has no name of an arm; write control=.1,offer=.9", word=word)
        if len(shares) < number:
            raise MethodError("there are two arms {name!r}", name=arm.strip())
    _check_sum(list(shares.values()))
    columns = columns_of(args.file)
    customers = columns.words(args.customer)
    strata = columns.words(args.stratum) if args.stratum else None
    made = experiments.assign(customers, args.experiment, shares, held_out=args.held_out, strata=strata)
    arms = [*shares, "held out"] if args.held_out else list(shares)
    return {
        "arms": [{"arm": arm, "customers": int((made == arm).sum())} for arm in arms],
        "customers": len(made),
        "assignment": dict(zip(customers.tolist(), made.tolist(), strict=True)),
    }


def _check_sum(shares: list[float]) -> None:
    """Raise MethodError unless shares sum to 1: what they were meant to be cannot be guessed."""
    total = math.fsum(shares)
    if not abs(total - 1) <= SAME:
        raise MethodError("the shares of the arms must sum to 1, not to {total:g}", total=total)


def _ratio(parser: argparse.ArgumentParser) -> None:
    """How many customers came into each arm."""
    parser.add_argument("--counts", type=counts, required=True, metavar="N1,N2", help="customers in each arm")
    parser.add_argument("--shares", type=numbers, metavar="S1,S2", help="planned, sum to 1; equal unless given")


def ratio(args: argparse.Namespace) -> dict[str, Any]:
    """Whether the arms have the sizes that were planned."""
    from guanxi_methods import experiments  # scipy takes long to load

    if args.shares is not None:
        _check_sum(args.shares)
    return asdict(experiments.sample_ratio_mismatch(args.counts, args.shares))


MEASURES = (
    Measure(
        name="experiments.assign",
        summary="who goes into which arm: the same tomorrow, on any machine, whoever else is there",
        formula="""
u = first 53 bits of SHA-256(experiment, zero byte, customer) / 2^53;  the arm into whose part of 0 to 1 u falls
strata: customers lined up by u, the k-th of m at (k + hash of the stratum) / m
held out: by the customer alone, the same in every experiment
""",
        source="Guanxi's own definition; hashing to assign: R. Kohavi, D. Tang & Y. Xu, Trustworthy Online Controlled "
        "Experiments, 2020, chapter 4.",
        arguments=_assign,
        run=assign,
    ),
    Measure(
        name="experiments.ratio",
        summary="whether customers were dealt to the arms as planned",
        formula="""
chi-square = sum of (n_a - n theta_a)^2 / (n theta_a), arms - 1 degrees of freedom; an alarm under p = .001
always valid: one over the Bayes factor of a flat Dirichlet prior against the plan
""",
        source="A. Fabijan et al., KDD 2019; M. Lindon & A. Malek, NeurIPS 2022.",
        arguments=_ratio,
        run=ratio,
        file="none",
    ),
)
