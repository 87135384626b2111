"""The web form among the channels."""

from guanxi.conversations.adapters import register
from guanxi.conversations.adapters.form.adapter import FormAdapter

register(FormAdapter(), order=30)
