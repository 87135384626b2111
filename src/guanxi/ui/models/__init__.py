"""Models of the screens."""

from guanxi.ui.models.saved_views import SavedView

__all__ = ["SavedView"]
