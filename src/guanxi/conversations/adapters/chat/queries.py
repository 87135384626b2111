"""Reading chats: for visitors, who are no users, and for the settings."""

from collections.abc import Sequence

from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel
from guanxi.core import ids
from guanxi.core.compiled import CompiledRecords
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.files.models import StoredFile

_CHAT = CompiledRecords(Channel, lambda number: Channel.objects.filter(pk=number, kind=ChannelKind.CHAT), int)


def chat_of(public_id: str) -> Channel | None:
    """The chat that a page names."""
    number = ids.parse("chn", public_id)
    return _CHAT.first(number) if number else None


def file_in_chat(number: int) -> StoredFile | None:
    """A file of a message, for whoever has a signed address."""
    return StoredFile.objects.filter(pk=number, record_kind="message").first()


_FILES = CompiledRecords(
    StoredFile, lambda number: StoredFile.objects.filter(record_kind="message", record_id=number).order_by("pk"), int
)


def files_of_messages(numbers: Sequence[int]) -> list[StoredFile]:
    """The files of these messages, in their order."""
    if len(numbers) == 1:
        return _FILES.all(numbers[0])
    return list(StoredFile.objects.filter(record_kind="message", record_id__in=numbers).order_by("pk"))


def calendar_choices() -> list[tuple[int, str]]:
    """The working calendars to choose from."""
    return list(WorkingCalendar.objects.order_by("name").values_list("pk", "name"))
