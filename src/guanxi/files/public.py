"""What other modules may use of files."""

from guanxi.files.models import StoredFile
from guanxi.files.policies import file_holders
from guanxi.files.services import Received, attach, discard, files_of, path_of, receive, store

__all__ = ["Received", "StoredFile", "attach", "discard", "file_holders", "files_of", "path_of", "receive", "store"]
