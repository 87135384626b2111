"""Customer satisfaction: how it is measured, what it depends on, and what follows from it."""

__all__: list[str] = []
