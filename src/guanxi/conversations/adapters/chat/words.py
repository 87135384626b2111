"""The words of the widget, in the language of the page that holds it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def widget_words() -> dict[str, str]:
    """Every text that the widget says by itself."""
    return {
        "open": _("Open the chat"),
        "close": _("Close the chat"),
        "title": _("Chat with us"),
        "log": pgettext("chat", "What was said"),
        "write": _("Write a message"),
        "send": pgettext("chat", "Send"),
        "attach": _("Add a file"),
        "menu": _("More"),
        "online": _("We are here and answer right away."),
        "away": _("Nobody is here at the moment. Leave a message and your mail address: we answer by e-mail."),
        "name": pgettext("person", "Name"),
        "email": _("Mail address"),
        "emailNeeded": _("Write your mail address, so that we can answer."),
        "emailWrong": _("This is no mail address."),
        "nameNeeded": _("Write your name."),
        "left": _("Thank you. Your message is with us; we answer by e-mail."),
        "you": _("You"),
        "typing": _("… is writing"),
        "sending": pgettext("chat", "Sending"),
        "sent": pgettext("chat", "Sent"),
        "read": pgettext("chat", "Read"),
        "notSent": _("Not sent."),
        "again": _("Try again"),
        "drop": _("Remove"),
        "lost": _("No connection. What you write is sent as soon as it is back."),
        "transcript": _("Send me what was said by e-mail"),
        "transcriptSent": _("It is on its way to your mailbox."),
        "end": _("End the chat"),
        "endSure": _("End this chat? What was said stays here."),
        "ended": _("The chat has ended. Write again whenever you like."),
        "cancel": _("Cancel"),
        "yes": _("End it"),
        "tooLarge": _("A file may be 10 MB at most."),
        "today": _("Today"),
        "new": _("New message"),
    }
