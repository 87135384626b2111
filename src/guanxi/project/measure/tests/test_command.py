"""What all measures share on the command line: help, errors, languages, what is not made or loaded."""

import os
import subprocess
import sys

import pytest

from guanxi.project import cli
from guanxi.project.measure.registry import measures


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer,amount\na,5\nb,\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [one.name for one in measures()])
def test_help_shows_formula_and_source(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["measure", name, "--help"])
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert "formula:" in told
    assert "source:" in told
    assert "--json" in told


@pytest.mark.parametrize("name", [one.name for one in measures()])
def test_names_say_package_and_method(name):
    package, _, method = name.partition(".")
    assert package in {
        "value", "satisfaction", "loyalty", "churn", "queueing", "basket", "forecasting", "experiments", "optimisation",
    }  # fmt: skip
    assert method


def test_what_is_wrong_is_one_sentence_in_the_language_of_the_shell(refused, scores):
    words = (scores, "--customer customer --amount amount")
    assert "amount holds a missing value, first in row 2" in refused("value.abc", *words)
    assert "没有文件" in refused("value.abc", "nowhere.csv", *words[1:], language="zh_CN.UTF-8")
    assert "did you mean 'amount'" in refused("value.abc", scores, "--customer customer --amount amuont")
    assert "required: --amount" in refused("value.abc", scores, "--customer customer")
    assert "invalid choice" in refused("value.abcd", scores)


def test_it_makes_nothing_and_help_loads_nothing(tmp_path, scores):
    """No data folder, no database, whatever the settings say; help of all commands loads no library that takes long."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "DATABASE_URL": "nonsense://x"}
    code = "import sys; from guanxi.project.cli import main\ntry: status = main(sys.argv[1:])\nexcept SystemExit as s: status = s.code\n"
    code += "print(*sorted({'numpy', 'django.db', 'pyarrow', 'scipy'} & set(sys.modules)), file=sys.stderr); sys.exit(status)"
    run = [sys.executable, "-c", code]
    helped = subprocess.run([*run, "--help"], capture_output=True, text=True, check=True, env=environment)
    assert "measure" in helped.stdout
    assert helped.stderr.strip() == ""
    words = ["measure", "queueing.erlang-c", "--calls", "100", "--interval", "1800", "--aht", "180"]
    done = subprocess.run(
        [*run, *words, "--target-seconds", "20"], capture_output=True, text=True, check=True, env=environment
    )
    assert "agents" in done.stdout
    assert not (tmp_path / "home").exists()


def test_every_command_is_told_as_its_module_tells_it():
    """The words and summaries that help shows without loading the modules are those of the modules."""
    from guanxi.project.cli import COMMANDS, build_parser

    parser = build_parser()
    inner = next(action for action in parser._actions if hasattr(action, "_choices_actions"))
    told = [(choice.dest, choice.help) for choice in inner._choices_actions]
    assert told == [(command.word, command.summary) for command in COMMANDS]


def test_a_method_module_loads_in_no_time_of_its_own():
    """`import guanxi_methods` and its packages load neither Django nor pandas, and nothing slow before it is used."""
    code = (
        "import sys, pkgutil, importlib, guanxi_methods\n"
        "for found in pkgutil.walk_packages(guanxi_methods.__path__, 'guanxi_methods.'):\n"
        "    if '.tests' not in found.name: importlib.import_module(found.name)\n"
        "print(*sorted({'django', 'pandas', 'pyarrow', 'sklearn', 'scipy.stats', 'scipy.optimize', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_arguments_are_refused_in_the_language_of_the_shell_too(refused):
    assert "“many”不是数字" in refused(
        "value.clv-retention --gc many --m 50 --n 10 --r .75 --d .2", language="zh_CN.UTF-8"
    )


def test_a_terminal_of_another_encoding_gets_json_all_the_same(tmp_path):
    """Characters that standard output does not have are escaped."""
    path = tmp_path / "baskets.jsonl"
    path.write_text('["牛奶", "面包"]\n' * 5, encoding="utf-8")
    words = ["measure", "basket.rules", str(path), "--support", ".1", "--confidence", ".1"]
    code = "import sys; from guanxi.project.cli import main; sys.exit(main(sys.argv[1:]))"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for more in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words, *more], capture_output=True, text=True, check=True, env=environment
        )
        assert "\\u725b\\u5976" in done.stdout


def test_closed_standard_input_is_said(tmp_path):
    code = "import sys; from guanxi.project.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["measure", "value.abc", "-", "--customer", "c", "--amount", "a"]
    shell = f"{sys.executable} -c '{code}' {' '.join(words)} <&-"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Standard input is closed." in done.stderr
