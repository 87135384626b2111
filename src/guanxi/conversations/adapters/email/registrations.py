"""What e-mail registers."""

from guanxi.conversations.adapters.email import import_command
from guanxi.importing.further import further_imports

further_imports.add("mail", import_command.add)
