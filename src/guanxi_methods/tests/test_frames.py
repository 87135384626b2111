"""Tables of every kind go into the methods alike, and errors come through a process whole."""

import decimal
import pickle

import numpy as np
import pyarrow as pa
import pytest

from guanxi_methods import errors
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import as_categories, as_frame, as_matrix, as_vector
from guanxi_methods.satisfaction import SimpleEvaluation

TABLE = pa.table({"speed": [7, 6, None], "price": [5.5, 4.0, 3.0], "city": ["广州", None, "Bonn"]})


class Interchange:
    """A dataframe that offers the interchange protocol alone."""

    def __dataframe__(self, *args, **kwargs):
        return TABLE.__dataframe__(*args, **kwargs)


class Stream:
    """A dataframe that offers the Arrow stream alone."""

    def __arrow_c_stream__(self, requested_schema=None):
        return TABLE.__arrow_c_stream__(requested_schema)


KINDS = {
    "arrow": TABLE,
    "interchange": Interchange(),
    "stream": Stream(),
    "mapping": {"speed": [7, 6, None], "price": [5.5, 4.0, 3.0], "city": ["广州", None, "Bonn"]},
    "mapping of arrow": dict(zip(TABLE.column_names, TABLE.columns, strict=True)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_is_the_same_table(kind):
    frame = as_frame(KINDS[kind])
    assert frame.names == ("speed", "price", "city")
    numbers = frame.matrix(["speed", "price"], missing="keep")
    assert np.array_equal(numbers, [[7, 5.5], [6, 4], [np.nan, 3]], equal_nan=True)
    assert as_categories(frame.column("city"), "city").tolist() == ["广州", "", "Bonn"]
    with pytest.raises(MethodError, match="speed holds a missing value, first in row 3"):
        frame.matrix(["speed"])


def test_a_method_gives_the_same_for_a_dataframe_and_for_an_array():
    rng = np.random.default_rng(1)
    answers = rng.integers(1, 8, (40, 3))
    names = ("speed", "price", "help")
    table = pa.table(dict(zip(names, answers.T, strict=True)))

    class Frame:
        def __dataframe__(self, *args, **kwargs):
            return table.__dataframe__(*args, **kwargs)

    assert SimpleEvaluation().fit(Frame()).index_ == SimpleEvaluation().fit(table).index_
    assert SimpleEvaluation().fit(answers).index_ == pytest.approx(answers.mean())


def test_categories_and_decimals_of_arrow_are_read():
    column = pa.array(["a", "b", "a"]).dictionary_encode()
    assert as_categories(column, "x").tolist() == ["a", "b", "a"]
    money = pa.array([decimal.Decimal("1.50"), decimal.Decimal("2.25")])
    assert as_vector(money, "paid").tolist() == [1.5, 2.25]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([1, 2], "two dimensions, not 1"),
        ({"a": [1], "b": [1, 2]}, "several lengths"),
        (pa.table([[1], [2]], names=["a", "a"]), "two columns 'a'"),
        ({"a": []}, "nothing to measure"),
        ({"a": ["x"]}, "a must hold numbers, but row 1 holds 'x'"),
        ({"a": [1.0, np.inf]}, "a holds an infinite value, first in row 2"),
    ],
)
def test_what_is_no_table_of_numbers_is_said(data, said):
    with pytest.raises(MethodError, match=said):
        as_matrix(data)


def test_an_unknown_column_is_named_with_the_nearest():
    with pytest.raises(MethodError, match="no column 'prise'; did you mean 'price'"):
        as_frame(TABLE).column("prise")
    with pytest.raises(MethodError, match="there are: speed, price, city"):
        as_frame(TABLE).column("zzzzzz")


def test_errors_and_notes_come_through_a_pickle_with_their_figures():
    error = pickle.loads(pickle.dumps(TooFewError("{n} are needed", n=30)))
    assert (type(error), str(error), error.values) == (TooFewError, "30 are needed", {"n": 30})
    note = pickle.loads(pickle.dumps(Note("{n} rows", n=2)))
    assert (note, note.template, note.values) == ("2 rows", "{n} rows", {"n": 2})
    assert issubclass(errors.MethodError, ValueError)
