"""What other modules may use of files."""

from guanxi.files.models import StoredFile
from guanxi.files.services import attach, discard, path_of, store

__all__ = ["StoredFile", "attach", "discard", "path_of", "store"]
