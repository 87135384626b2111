"""Duplicates planted among invented customers are found, and those who merely look alike are left alone."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from guanxi.customers.duplicates import engine, services
from guanxi.project.bench.planted import other_styles, planted_set
from guanxi.project.bench.planted.planted_set import PlantedSet, Quality
from guanxi.project.bench.planted.second_hand import second_set


def names() -> Path | None:
    """Lists of real names, where the machine has them; the sets do without."""
    folder = Path(os.environ.get("GUANXI_TEST_DATA", "/nonexistent")) / "zh_names"
    return folder if folder.is_dir() else None


def found_in(planted: PlantedSet) -> Quality:
    """What the engine finds at the default score."""
    outside = list(planted.customers)
    _made, chunks = engine.scan(planted.records(), min_score=services.DEFAULT_SCORE)
    return planted_set.quality(planted, [(outside[p.a], outside[p.b]) for chunk in chunks for p in chunk])


def test_a_small_planted_set(settings: object) -> None:
    """Every kind of duplicate, every kind of lookalike."""
    quality = found_in(planted_set.make(5, customers=2_000, duplicates=300, lookalikes=270, names=names()))
    assert quality.recall > 0.95
    assert quality.precision > 0.98
    assert all(hit > 0.8 * planted for hit, planted in quality.per_kind.values()), quality.per_kind


@pytest.mark.full
@pytest.mark.parametrize(("seed", "missing"), [(21, 0.2), (22, 0.3), (23, 0.4)])
def test_the_whole_planted_set(seed: int, missing: float, settings: object) -> None:
    """20,000 customers, 2,000 duplicates of ten kinds, 1,500 groups of people and firms who only look alike."""
    planted = planted_set.make(seed, names=names(), missing=missing)
    assert (len(planted.customers), len(planted.truth), len(set(planted.truth.values()))) == (20_000, 2_000, 10)
    assert len(planted.lookalikes) >= 1_500
    quality = found_in(planted)
    assert quality.recall > 0.95, quality
    assert quality.precision > 0.98, quality


@pytest.mark.full
@pytest.mark.parametrize("make", [other_styles.latin_people, other_styles.chinese_firms])
def test_sets_of_another_make(make: object, settings: object) -> None:
    """What the weights were not set on: slips over all fields, factories, shops and offices."""
    quality = found_in(make(31))  # type: ignore[operator]
    assert quality.recall > 0.93, quality
    assert quality.precision > 0.98, quality


@pytest.mark.full
def test_a_small_set_of_another_hand(settings: object) -> None:
    """Fifteen kinds of duplicates and twelve of lookalikes by a generator that knows nothing of the search."""
    quality = found_in(second_set.make(7, customers=6_000, duplicates=450, lookalikes=240))
    assert quality.recall > 0.95, quality
    assert quality.precision > 0.98, quality
    assert all(hit > 0.8 * planted for hit, planted in quality.per_kind.values()), quality.per_kind


@pytest.mark.full
@pytest.mark.parametrize("make", [planted_set.make, second_set.make])
def test_from_a_file_to_a_file(make: Callable[[int], PlantedSet], guanxi, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """As a company would do it: import into an empty installation, then the command; 20,000 customers."""
    planted = make(2024)
    assert (len(planted.customers), len(planted.truth)) == (20_000, 2_000)
    assert len(planted.lookalikes) >= 1_500
    source, target = tmp_path / "customers.csv", tmp_path / "pairs.csv"
    planted.write(source)
    guanxi.json("import", "customers", str(source))
    guanxi.json("customers", "duplicates", "--csv", str(target))
    with target.open(encoding="utf-8") as file:
        quality = planted_set.quality(planted, [(row["a"], row["b"]) for row in csv.DictReader(file)])
    print(quality.told(), quality)
    assert quality.recall > 0.95, quality
    assert quality.precision > 0.98, quality
