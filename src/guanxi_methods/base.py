"""What every method shares: parameters stored by the constructor, learned values ending in an underscore."""

from __future__ import annotations

import inspect
from typing import Any

from guanxi_methods.errors import MethodError, Note, NotFittedError

__all__ = ["Method", "MethodError", "NotFittedError", "Note"]


class Method:
    """Base of the methods: the constructor only stores its arguments, ``fit`` checks them and learns.

    The habits are scikit-learn's: ``fit`` returns ``self``, what it learns ends in ``_``, ``get_params`` gives
    the constructor's arguments back, so that a result can be kept together with how it was made.
    """

    @classmethod
    def _parameter_names(cls) -> list[str]:
        """Return the names of the constructor's arguments in their order."""
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def get_params(self) -> dict[str, Any]:
        """Return the constructor's arguments by name."""
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **params: Any) -> Method:
        """Replace constructor arguments by name and return ``self``; unknown names raise ``ValueError``."""
        known = self._parameter_names()
        for name, value in params.items():
            if name not in known:
                raise MethodError(
                    "{method} has no parameter {name!r}; it has {known}",
                    method=type(self).__name__,
                    name=name,
                    known=", ".join(known),
                )
            setattr(self, name, value)
        return self

    def _check_fitted(self, learned: str) -> None:
        """Raise ``NotFittedError`` unless ``fit`` has set the attribute named."""
        if not hasattr(self, learned):
            raise NotFittedError("{method} has not learned anything yet: call fit first", method=type(self).__name__)

    def __repr__(self) -> str:
        """Show the class with its parameters."""
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.get_params().items())})"
