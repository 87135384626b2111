"""Path models on the command line."""

import json
from pathlib import Path

import pytest
import yaml

from guanxi.project import cli

PAGES = Path(__file__).parents[5] / "docs" / "reference" / "methods" / "satisfaction"

MODEL = """
constructs:
  Image: {mode: A, items: ["IMAG*"]}
  Expectation: {items: [CUEX1, CUEX2, CUEX3]}
  Quality: {items: ["PERQ*"]}
  Value: {items: [PERV1, PERV2]}
  Satisfaction: {mode: A, items: [CUSA1, CUSA2, CUSA3]}
  Complaints: [CUSCO]
  Loyalty: {items: ["CUSL*"]}
paths: [[Image, Expectation], [Image, Satisfaction], [Image, Loyalty], [Expectation, Quality], [Expectation, Value],
  [Expectation, Satisfaction], [Quality, Value], [Quality, Satisfaction], [Value, Satisfaction],
  [Satisfaction, Complaints], [Satisfaction, Loyalty], [Complaints, Loyalty]]
scale: [1, 10]
"""


@pytest.fixture
def mobi(public_data):
    return public_data("ecsi_mobi/mobi.csv", whole=True).path


@pytest.fixture
def model(tmp_path):
    """Writes a model file."""

    def write(text):
        path = tmp_path / "model.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_mobile_phone_survey(measure, mobi, model):
    """JSS 48(3), centroid scheme, standardised; SOURCES for R2 and index."""
    found = measure("satisfaction.sem", mobi, "--model", model(MODEL), "--bootstrap 200 --blindfold 7")
    assert {"paths", "r2", "loadings", "index", "total_effects", "n", "iterations"} <= found.keys()
    assert found["n"] == 250
    printed = {
        "Image->Expectation": 0.505, "Expectation->Quality": 0.557, "Expectation->Value": 0.051,
        "Quality->Value": 0.557, "Image->Satisfaction": 0.179, "Expectation->Satisfaction": 0.064,
        "Quality->Satisfaction": 0.513, "Value->Satisfaction": 0.192, "Satisfaction->Complaints": 0.526,
        "Image->Loyalty": 0.195, "Satisfaction->Loyalty": 0.483, "Complaints->Loyalty": 0.071,
    }  # fmt: skip
    assert {path: round(value, 3) for path, value in found["paths"].items()} == printed
    assert found["total_effects"]["Quality->Satisfaction"] == pytest.approx(0.619, abs=5e-4)
    assert found["r2"]["Satisfaction"] == pytest.approx(0.68028, abs=5e-6)
    assert found["index"]["Satisfaction"] == pytest.approx(72.5428, abs=5e-5)
    assert found["index"]["Loyalty"] == pytest.approx(70.6107, abs=5e-5)
    assert found["loadings"]["CUSL2"] == pytest.approx(0.219, abs=5e-4)
    low, high = found["intervals"]["index"]["Satisfaction"]
    assert low < 72.5428 < high
    assert found["reliability"]["Complaints"]["alpha"] is None
    assert found["reliability"]["Satisfaction"]["alpha"] == pytest.approx(0.779, abs=5e-4)
    assert found["htmt"]["Image~Satisfaction"] == pytest.approx(0.910, abs=5e-4)
    assert 0.4 < found["q2"]["redundancy"]["Satisfaction"] < 0.5
    assert found["warnings"] == ["construct Complaints has one item: it is that item, and its reliability is not known"]


def test_words_of_a_model_stand_as_they_are_written(measure, mobi, model):
    words = "constructs: {yes: [PERQ1, PERQ2], 2026-11-30: [CUSA1, CUSA2]}\npaths: [[yes, 2026-11-30]]\nscale: [1, 10]"
    found = measure("satisfaction.sem", mobi, "--model", model(words), "--bootstrap 0")
    assert list(found["paths"]) == ["yes->2026-11-30"]


def test_a_template_stands_for_its_file(measure, mobi, model):
    found = measure("satisfaction.sem", mobi, "--model ecsi --bootstrap 0 --scheme path")
    assert found["paths"]["Image->Expectation"] == pytest.approx(0.50491393, abs=5e-7)
    assert found["intervals"] == {}
    printed = measure("satisfaction.sem-template --name ecsi")
    again = measure("satisfaction.sem", mobi, "--model", model(json.dumps(printed)), "--bootstrap 0 --scheme path")
    assert again == found
    assert len(yaml.safe_load(json.dumps(measure("satisfaction.sem-template --name ccsi")))["paths"]) == 11
    assert measure("satisfaction.sem-template --name acsi")["constructs"]["Complaints"]["scale"] == [0, 1]


def test_raw_metric_gives_other_weights(measure, mobi, model):
    file = model(MODEL)
    scaled = measure("satisfaction.sem", mobi, "--model", file, "--bootstrap 0 --scaled")
    raw = measure("satisfaction.sem", mobi, "--model", file, "--bootstrap 0 --no-scaled")
    assert raw["paths"]["Image->Expectation"] != pytest.approx(scaled["paths"]["Image->Expectation"], abs=1e-4)
    assert raw["index"]["Satisfaction"] == pytest.approx(scaled["index"]["Satisfaction"], abs=2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("scale: [1, 10]", "scale: [1, 10"), "is not YAML: line 1"),
        (("  Quality: {items", "  Quality: {items: ["), "is not YAML: line"),
        (("Complaints: [CUSCO]", "Image: [CUSCO]"), "names “Image” twice, again in line 8"),
        (("PERV2]", "PERV3]"), "asks for the item 'PERV3', which does not exist; did you mean 'PERV2'"),
        (("[Complaints, Loyalty]]", "[Loyalty, Image]]"), "in a circle: Image -> Loyalty -> Image; leave"),
        (("[1, 10]", "[1, 9]"), "lies off the scale from 1 to 9"),
        (("paths:", "path:"), "a model has no part 'path'"),
        (("[Image, Expectation], ", "[Image], "), "a path must be [FROM, TO], not 'Image'"),
    ],
)
def test_what_is_wrong_with_a_model_is_one_sentence(refused, mobi, model, change, words):
    assert MODEL.replace(*change) != MODEL
    assert words in refused("satisfaction.sem", mobi, "--model", model(MODEL.replace(*change)))


def test_model_files_that_cannot_be_read(refused, mobi, tmp_path):
    assert "There is no model file" in refused("satisfaction.sem", mobi, "--model nowhere.yml")
    assert "may not be read" in refused("satisfaction.sem", mobi, "--model", tmp_path)
    for content, words in (
        (b"\xff\xfe\xfa", "is not UTF-8 text"),
        (b"a: \x00", "is not YAML: line 1"),
        (b"", "must name"),
    ):
        (tmp_path / "bad.yml").write_bytes(content)
        assert words in refused("satisfaction.sem", mobi, "--model", tmp_path / "bad.yml")
    assert "at least 2" in refused("satisfaction.sem", mobi, "--model ecsi --bootstrap 1")


@pytest.mark.parametrize("part", ["scale", "items", "itself"])
def test_a_model_that_repeats_itself_without_end_is_refused(refused, mobi, model, part):
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{place}: &a{place} [{', '.join([f'*a{place - 1}'] * 9)}]" for place in range(1, 9)]
    text = (
        "\n".join(rows) + "\nscale: *a8\n" if part == "scale" else "\n".join(rows) + "\nconstructs: {A: {items: *a8}}\n"
    )
    text = "scale: &a [*a]" if part == "itself" else text
    assert "repeats parts of itself" in refused("satisfaction.sem", mobi, "--model", model(text))


def test_a_model_may_repeat_a_part(measure, mobi, model):
    words = "constructs: {A: [PERQ1, PERQ2], B: [CUSA1, CUSA2]}\npaths: [[A, B]]\nscale: [1, 10]"
    found = measure(
        "satisfaction.sem", mobi, "--model", model(words.replace("[1, 10]", "&one [1, 10]")), "--bootstrap 0"
    )
    assert list(found["paths"]) == ["A->B"]


def block(page, language):
    """The first block of a page in a language."""
    return page.split(f"```{language}\n")[1].split("```")[0]


@pytest.mark.parametrize("name", ["sem.md", "sem.zh-CN.md"])
def test_the_page_of_path_models_shows_what_the_command_prints(name, tmp_path, capsys):
    page = (PAGES / name).read_text(encoding="utf-8")
    (tmp_path / "guests.csv").write_text(block(page, "csv"), encoding="utf-8")
    (tmp_path / "hotel.yml").write_text(block(page, "yaml"), encoding="utf-8")
    words = ["measure", "satisfaction.sem", str(tmp_path / "guests.csv"), "--model", str(tmp_path / "hotel.yml")]
    assert cli.main(words) == 0
    printed = capsys.readouterr().out
    parts = block(page, "console").split("\n\n")
    assert len(parts) == 5
    for part in parts:
        told = "\n".join(line for line in part.strip("\n").splitlines() if not line.startswith("$"))
        assert told in printed


@pytest.mark.parametrize("name", ["csi.md", "csi.zh-CN.md"])
def test_the_page_of_the_index_shows_what_the_command_prints(name, mobi, capsys):
    told = block((PAGES / name).read_text(encoding="utf-8"), "console").partition("\n")[2].strip("\n")
    assert cli.main(["measure", "satisfaction.sem", str(mobi), "--model", "ecsi", "--bootstrap", "0"]) == 0
    assert told in capsys.readouterr().out
