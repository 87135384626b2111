"""Path models and satisfaction indices on the command line."""

import argparse
import re
from pathlib import Path
from typing import Any

from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.project.measure.arguments import a_count, a_share
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of

TEMPLATES = ("acsi", "ecsi", "ccsi")
SCHEMES = ("centroid", "factorial", "path")
LARGEST_MODEL = 200_000
# So many parts may a file say by repeating others (aliases): more is no model, but a trap.
MOST_REPEATED = 10_000
WHOLE_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


def a_number_of_resamples(text: str) -> int:
    """0 for none, or at least 2."""
    if not text.strip().isdecimal() or int(text) == 1:
        raise argparse.ArgumentTypeError(
            _("“%(text)s” is no number of resamples: give 0 for none, or at least 2") % {"text": text}
        )
    return int(text)


def _options(parser: argparse.ArgumentParser) -> None:
    """The model, and how it is estimated."""
    parser.add_argument(
        "--model",
        required=True,
        metavar="MODEL",
        help="YAML file {constructs: {NAME: {mode: A|B, items: [..]}}, paths: [[FROM, TO], ..], scale: [1, 10]}; mode is "
        "A unless given, an item may be a pattern with *; or a template: acsi, ecsi, ccsi",
    )
    parser.add_argument(
        "--scheme", choices=SCHEMES, default="centroid", help="how neighbours count in a construct's proxy (centroid)"
    )
    parser.add_argument(
        "--scaled",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="standardise the items (the default), or leave them on their one raw scale",
    )
    parser.add_argument(
        "--bootstrap",
        type=a_number_of_resamples,
        default=500,
        metavar="N",
        help="resamples for intervals (500); 0: none",
    )
    parser.add_argument(
        "--interval", choices=("percentile", "bca"), default="percentile", help="kind of interval (percentile)"
    )
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the intervals (.95)")
    parser.add_argument(
        "--missing",
        choices=("mean", "drop", "refuse"),
        default="mean",
        help="missing answers: replaced by the item's mean (the default), their rows left out, or refused",
    )
    parser.add_argument(
        "--blindfold", type=a_count, metavar="D", help="adds q2: every D-th answer is hidden and foretold, such as 7"
    )
    parser.add_argument("--seed", type=a_count, default=None, metavar="N", help="other resamples")


def sem(args: argparse.Namespace) -> dict[str, Any]:
    """A path model with everything that tells how good it is."""
    from guanxi_methods.satisfaction.paths import TEMPLATES as ready  # numpy takes long to load
    from guanxi_methods.satisfaction.paths import PathModel, read_model

    named = args.model.lower()
    is_template = named in TEMPLATES and not Path(args.model).exists()
    model = read_model(ready[named] if is_template else model_in(Path(args.model)))
    columns = columns_of(args.file)
    model = model.resolved(columns.names)
    found = PathModel(
        model,
        scheme=args.scheme,
        scaled=args.scaled,
        missing=args.missing,
        bootstrap=args.bootstrap,
        interval=args.interval,
        level=args.level,
        random_state=args.seed or 0,
    ).fit(columns.matrix(model.items), names=model.items)
    warnings = list(found.notes_)
    told = {
        "paths": found.paths_,
        "r2": found.r2_,
        "loadings": found.loadings_,
        "index": found.index_,
        "total_effects": found.total_effects_,
        "n": found.n_,
        "iterations": found.iterations_,
        "indirect_effects": found.indirect_effects_,
        "weights": found.weights_,
        "index_weights": found.index_weights_,
        "r2_adjusted": found.r2_adjusted_,
        "f2": found.f2_,
        "gof": found.gof_,
        "reliability": {
            name: {
                "alpha": found.alpha_[name],
                "rho_c": found.rho_c_[name],
                "rho_a": found.rho_a_[name],
                "ave": found.ave_[name],
                "communality": found.communality_[name],
            }
            for name in model.names
        },
        "htmt": found.htmt_,
        "fornell_larcker": {
            name: dict(zip(model.names, row, strict=True))
            for name, row in zip(model.names, found.fornell_larcker_.tolist(), strict=True)
        },
        "inner_vif": found.inner_vif_,
        "item_vif": found.item_vif_,
        "intervals": found.intervals_,
        "standard_errors": found.standard_errors_,
    }
    if args.blindfold:
        blindfolding = found.blindfold(args.blindfold)
        told["q2"] = {
            "redundancy": blindfolding.redundancy,
            "communality": blindfolding.communality,
            "omission": blindfolding.omission,
        }
        warnings.extend(blindfolding.notes)
    return {**told, "warnings": warnings}


def model_in(path: Path, *, has_numbers: bool = False) -> Any:
    """What a model file holds; what is wrong with it is told with its line.

    Words stand as they are written: a construct called yes, an item called 01. With `has_numbers`, what is written as a
    number (without quotation marks, and no name) becomes one.
    """
    try:
        if path.stat().st_size > LARGEST_MODEL:
            raise InvalidInput(_("The model file “%(name)s” is too large for a model.") % {"name": path.name})
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput(_("There is no model file “%(name)s”.") % {"name": str(path)}) from None
    except OSError:
        raise InvalidInput(_("The model file “%(name)s” may not be read.") % {"name": str(path)}) from None
    except UnicodeDecodeError:
        raise InvalidInput(_("The model file “%(name)s” is not UTF-8 text.") % {"name": path.name}) from None
    return _parsed(text, path.name, has_numbers)


def _parsed(text: str, name: str, has_numbers: bool) -> Any:
    """What a text in YAML says."""
    import yaml  # takes long to load, and only models need it

    try:
        node = yaml.compose(text, yaml.BaseLoader)
        if node is None:
            return None
        _check_size(node, name)
        _check_names(node, name)
        return _plain(node, has_numbers)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        why = getattr(error, "problem", None) or "it holds a character that is not allowed"
        raise InvalidInput(
            _("The model file “%(name)s” is not YAML: line %(line)d: %(why)s.")
            % {"name": name, "line": line, "why": " ".join(str(why).split())}
        ) from None
    except RecursionError:
        raise InvalidInput(_("The model file “%(name)s” is nested too deeply.") % {"name": name}) from None


def _inner(node: Any) -> list[Any]:
    """The parts of a part."""
    if node.id == "mapping":
        return [part for pair in node.value for part in pair]
    return list(node.value) if node.id == "sequence" else []


def _check_size(node: Any, name: str) -> None:
    """Raise where a file says much more than is written, or itself: a few lines of aliases can fill any memory."""
    sizes: dict[int, int] = {}
    within: set[int] = set()

    def size(one: Any) -> int:
        """How many parts it says."""
        if id(one) in within:
            return MOST_REPEATED + 1  # it holds itself
        if id(one) not in sizes:
            within.add(id(one))
            sizes[id(one)] = 1 + sum(size(part) for part in _inner(one))
            within.discard(id(one))
        return sizes[id(one)]

    if size(node) - len(sizes) > MOST_REPEATED:
        raise InvalidInput(_("The model file “%(name)s” repeats parts of itself (&, *) too often.") % {"name": name})


def _plain(node: Any, has_numbers: bool) -> Any:
    """A part as lists, names with values, words and, where wanted, numbers."""
    if node.id == "sequence":
        return [_plain(part, has_numbers) for part in node.value]
    if node.id == "mapping":
        return {_key(key): _plain(value, has_numbers) for key, value in node.value}
    if not has_numbers or node.style is not None:
        return node.value
    if WHOLE_NUMBER.fullmatch(node.value) and len(node.value) < 19:
        return int(node.value)
    if NUMBER.fullmatch(node.value):
        return float(node.value)
    return None if node.value in ("", "~", "null") else node.value


def _key(node: Any) -> str:
    """A name; what is no word is told with its line."""
    import yaml  # as above

    if node.id != "scalar":
        raise yaml.MarkedYAMLError(problem="a name must be a word", problem_mark=node.start_mark)
    return str(node.value)


def _check_names(node: Any, name: str) -> None:
    """Raise where a mapping names a part twice: YAML would silently keep the last."""
    waiting, seen = [node], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if one.id == "mapping":
            keys: set[str] = set()
            for key, _value in one.value:
                if key.id == "scalar" and key.value in keys:
                    raise InvalidInput(
                        _("The model file “%(name)s” names “%(key)s” twice, again in line %(line)d.")
                        % {"name": name, "key": key.value, "line": key.start_mark.line + 1}
                    )
                keys.add(key.value if key.id == "scalar" else "")
        waiting.extend(_inner(one))


def _which(parser: argparse.ArgumentParser) -> None:
    """One of the templates."""
    parser.add_argument("--name", choices=TEMPLATES, required=True, help="American, European or Chinese index")


def template(args: argparse.Namespace) -> dict[str, Any]:
    """A template as a model: what it prints as JSON is a model file, for JSON is YAML too."""
    from guanxi_methods.satisfaction.paths import TEMPLATES as ready  # numpy takes long to load

    model = ready[args.name]
    constructs: dict[str, Any] = {}
    for construct in model.constructs:
        constructs[construct.name] = {"mode": construct.mode, "items": list(construct.items)}
        if construct.scale is not None:
            constructs[construct.name]["scale"] = list(construct.scale)
    return {"constructs": constructs, "paths": [list(path) for path in model.paths], "scale": model.scale}


MEASURES = (
    Measure(
        name="satisfaction.sem",
        summary="PLS path model: what leads to satisfaction and from it, and the index of 0 to 100 (ACSI, ECSI, CCSI)",
        formula="""
y(j) = sum of w(jh) x(jh), variance 1; z(j) = sum over neighbours of e(ij) y(i)
e(ij): centroid sign(r), factorial r, path: slope of what leads to j, r with what j leads to
w(jh) = cor(x(jh), z(j)) (mode A) or the slopes of z(j) on the items (mode B); repeated until they stand still
paths: regression of each construct on those that lead to it; total effects B + B^2 + ...
index = (sum of v(h) mean(h) - lo) / (hi - lo) x 100, v = w / sd, normalised to sum 1
HTMT = mean r between / sqrt(mean r within one x mean r within the other)
""",
        source="J.-B. Lohmoller, Latent Variable Path Modeling with Partial Least Squares, Physica 1989; M. Tenenhaus et al., "
        "Computational Statistics & Data Analysis 48, 2005; C. Fornell et al., Journal of Marketing 60(4), 1996 (index); "
        "J. Henseler, C. Ringle & M. Sarstedt, J. of the Academy of Marketing Science 43, 2015 (HTMT).",
        arguments=_options,
        run=sem,
    ),
    Measure(
        name="satisfaction.sem-template",
        summary="a ready model of constructs and paths; with --json it is a model file to fill in",
        formula="""
acsi: 6 constructs, 9 paths; ecsi: 7 constructs, 12 paths; ccsi: 6 constructs, 11 paths.
Replace the items by the columns of your own survey.
""",
        source="C. Fornell et al., Journal of Marketing 60(4), 1996 (ACSI); M. Tenenhaus et al., Computational Statistics & "
        "Data Analysis 48, 2005 (ECSI); AQSIQ and Tsinghua University, guide to the China customer satisfaction index, "
        "2003 (CCSI; its eleven paths are Guanxi's own reading).",
        arguments=_which,
        run=template,
        file="none",
    ),
)
