"""What goes into the methods: arrays, dataframes and Arrow tables, turned into numpy arrays and checked once.

A table may be a two-dimensional array, a mapping of names to columns, an Arrow table, or any dataframe that offers the
Arrow stream or the dataframe interchange protocol (pandas, Polars, DuckDB, Modin ...). What comes in is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, TooFewError

Vector = NDArray[np.float64]
Missing = Literal["refuse", "keep"]


@dataclass(frozen=True)
class Frame:
    """Named columns of one length.

    Attributes
    ----------
    names : tuple of str
    columns : tuple of ndarray, each of shape (n_rows,)
    """

    names: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.columns[0]) if self.columns else 0

    def column(self, name: str) -> NDArray[Any]:
        """Return a column by its name; one that does not exist is named in the error, with the nearest that does."""
        if name not in self.names:
            raise unknown_column(name, self.names)
        return self.columns[self.names.index(name)]

    def matrix(self, names: Sequence[str] | None = None, *, missing: Missing = "refuse") -> Vector:
        """Return columns (all, unless named) as numbers, shape (n_rows, n_columns); see :func:`as_matrix`."""
        wanted = self.names if names is None else tuple(names)
        made = np.empty((len(self), len(wanted)))
        for place, name in enumerate(wanted):
            made[:, place] = as_vector(self.column(name), name, missing=missing)
        return made


def unknown_column(name: str, names: Sequence[str]) -> MethodError:
    """Return the error that names a column which does not exist, and the nearest that does."""
    near = get_close_matches(name, names, n=1, cutoff=0.5) or get_close_matches(
        name.lower(), [known.lower() for known in names], n=1, cutoff=0.5
    )
    if near:
        return MethodError(
            "there is no column {name!r}; did you mean {near!r}?",
            name=name,
            near=next(known for known in names if known.lower() == near[0].lower()),
        )
    shown = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    return MethodError("there is no column {name!r}; there are: {names}", name=name, names=shown)


def as_frame(data: Any, names: Sequence[str] | None = None) -> Frame:
    """Return a table as named columns.

    Parameters
    ----------
    data : array_like of shape (n_rows, n_columns), mapping, Arrow table or dataframe
    names : sequence of str, optional
        Names of the columns of an array; "x1", "x2" ... unless given.

    Returns
    -------
    Frame

    Raises
    ------
    MethodError
        Neither a table nor two-dimensional; columns of several lengths; a name twice; no row.

    Examples
    --------
    >>> as_frame([[1, 2], [3, 4]]).names
    ('x1', 'x2')
    >>> as_frame({"score": [9, 10], "city": ["广州", "Bonn"]}).column("score")
    array([ 9, 10])
    """
    if isinstance(data, Frame):
        frame = data
    elif isinstance(data, Mapping):
        frame = Frame(tuple(str(name) for name in data), tuple(_array(column) for column in data.values()))
    elif hasattr(data, "__arrow_c_stream__") or hasattr(data, "__dataframe__"):
        frame = _from_dataframe(data)
    else:
        table = np.asarray(data)
        if table.ndim != 2:
            raise MethodError("a table must have two dimensions, not {dimensions}", dimensions=table.ndim)
        if names is not None and len(names) != table.shape[1]:
            raise MethodError(
                "{names} names were given for {columns} columns", names=len(names), columns=table.shape[1]
            )
        frame = Frame(
            tuple(names) if names is not None else tuple(f"x{i + 1}" for i in range(table.shape[1])), tuple(table.T)
        )
    lengths = {len(column) for column in frame.columns}
    if len(lengths) > 1:
        raise MethodError("the columns have several lengths: {lengths}", lengths=sorted(lengths))
    twice = [name for name in frame.names if frame.names.count(name) > 1]
    if twice:
        raise MethodError("there are two columns {name!r}", name=twice[0])
    if not lengths or lengths == {0}:
        raise TooFewError("the table is empty: there is nothing to measure")
    return frame


def _from_dataframe(data: Any) -> Frame:
    """Take in what speaks Arrow or the interchange protocol."""
    import pyarrow as pa  # takes long to load, and arrays need it not

    if hasattr(data, "__arrow_c_stream__"):
        table = pa.table(data)
    else:
        from pyarrow.interchange import from_dataframe

        table = from_dataframe(data)
    kept = [place for place, name in enumerate(table.column_names) if not name.startswith("__index_level_")]
    return Frame(
        tuple(table.column_names[place] for place in kept), tuple(_array(table.column(place)) for place in kept)
    )


def _array(values: Any) -> NDArray[Any]:
    """Return one column as a numpy array; what is missing becomes NaN among numbers, None among words."""
    if hasattr(values, "to_numpy") and hasattr(values, "null_count") and hasattr(values, "type"):
        import pyarrow as pa  # there already, for this is one of its columns

        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if pa.types.is_decimal(values.type):
            values = values.cast(pa.float64())
        if hasattr(values, "combine_chunks"):
            return np.asarray(values.to_numpy())
        return np.asarray(values.to_numpy(zero_copy_only=False))
    array = np.asarray(values)
    if array.ndim != 1:
        raise MethodError("a column must have one dimension, not {dimensions}", dimensions=array.ndim)
    return array


def as_vector(values: Any, name: str, *, size: int | None = None, missing: Missing = "refuse") -> Vector:
    """Return one column as numbers.

    Parameters
    ----------
    values : array_like, Arrow array or dataframe column, shape (n_rows,)
    name : str
        What it is called in an error.
    size : int, optional
        How many there must be.
    missing : {"refuse", "keep"}, default "refuse"
        Whether missing values (None, NaN, NaT) are an error or stay as NaN.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        A copy, or a view that must not be written to.

    Raises
    ------
    MethodError
        Empty; not numbers; infinite; missing where that is refused; another size.

    Examples
    --------
    >>> as_vector([3, None, 4], "score", missing="keep")
    array([ 3., nan,  4.])
    >>> as_vector([3, None, 4], "score")
    Traceback (most recent call last):
    ...
    guanxi_methods.errors.MethodError: score holds a missing value, first in row 2
    """
    array = _array(values)
    if array.size == 0:
        raise TooFewError("{name} is empty: there is nothing to measure", name=name)
    if size is not None and array.size != size:
        raise MethodError("{name} holds {found} values where {size} are needed", name=name, found=array.size, size=size)
    if array.dtype.kind in "OU":
        array = _numbers(array, name)
    elif array.dtype.kind not in "iufb":
        raise MethodError("{name} must hold numbers, not {kind}", name=name, kind=array.dtype)
    numbers = array.astype(np.float64, copy=False)
    infinite = np.isinf(numbers)
    if infinite.any():
        raise MethodError(
            "{name} holds an infinite value, first in row {row}", name=name, row=int(np.argmax(infinite)) + 1
        )
    if missing == "refuse":
        absent = np.isnan(numbers)
        if absent.any():
            raise MethodError(
                "{name} holds a missing value, first in row {row}", name=name, row=int(np.argmax(absent)) + 1
            )
    return numbers


def _numbers(array: NDArray[Any], name: str) -> Vector:
    """Return objects as numbers; None and blank text are missing."""
    made = np.empty(array.size)
    for row, value in enumerate(array):
        try:
            is_absent = value is None or (isinstance(value, str) and not value.strip())
            made[row] = np.nan if is_absent else float(value)
        except (TypeError, ValueError):
            raise MethodError(
                "{name} must hold numbers, but row {row} holds {value!r}", name=name, row=row + 1, value=str(value)
            ) from None
    return made


def as_matrix(
    data: Any, *, names: Sequence[str] | None = None, missing: Missing = "refuse"
) -> tuple[Vector, tuple[str, ...]]:
    """Return a table as numbers, with the names of its columns.

    Parameters
    ----------
    data : array_like of shape (n_rows, n_columns), mapping, Arrow table or dataframe
    names : sequence of str, optional
        Names of the columns of an array.
    missing : {"refuse", "keep"}, default "refuse"
        See :func:`as_vector`.

    Returns
    -------
    numbers : ndarray of float64, shape (n_rows, n_columns)
    names : tuple of str

    Raises
    ------
    MethodError
        As :func:`as_frame` and :func:`as_vector`; what is wrong is told with its column and row.

    Examples
    --------
    >>> numbers, names = as_matrix({"a": [1, 2], "b": [3, 4]})
    >>> numbers.shape, names
    ((2, 2), ('a', 'b'))
    """
    frame = as_frame(data, names)
    return frame.matrix(missing=missing), frame.names


def as_categories(values: Any, name: str) -> NDArray[Any]:
    """Return one column of names, codes or words as text; what is missing becomes an empty text.

    Numbers are told as they are written: 3.0 read from a column with gaps is "3".

    Parameters
    ----------
    values : array_like, Arrow array or dataframe column, shape (n_rows,)
    name : str
        What it is called in an error.

    Returns
    -------
    ndarray of object (str), shape (n_rows,)

    Raises
    ------
    MethodError
        Empty.

    Examples
    --------
    >>> as_categories([3.0, None, "gold"], "tier").tolist()
    ['3', '', 'gold']
    """
    array = _array(values)
    if array.size == 0:
        raise TooFewError("{name} is empty: there is nothing to measure", name=name)
    return np.array([_word(value) for value in array.tolist()], dtype=object)


def _word(value: Any) -> str:
    """Return one code as text."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
