"""Models of the screens."""

from guanxi.ui.models.bulk_runs import BulkRun
from guanxi.ui.models.saved_views import SavedView

__all__ = ["BulkRun", "SavedView"]
