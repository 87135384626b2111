"""What e-mail registers."""

from guanxi.conversations.adapters import register
from guanxi.conversations.adapters.email import import_command, watching
from guanxi.conversations.adapters.email.adapter import EmailAdapter
from guanxi.core.listening import listeners
from guanxi.importing.further import further_imports

register(EmailAdapter(), order=10)
further_imports.add("mail", import_command.add)
listeners.add("mailboxes", watching.run)
