"""What is done at the desk, by the ways that users and channels take; each act happens when the clock says it does."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from guanxi.conversations.adapters.by_hand.services import Logged, log_contact
from guanxi.conversations.adapters.chat.services import talking, visitors
from guanxi.conversations.adapters.email.services.taking_in import Mailbox, take_in
from guanxi.conversations.adapters.form.guarding import Finding, Sealed
from guanxi.conversations.adapters.form.taking import take_form
from guanxi.conversations.choices import ChannelKind, Direction, Match
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services.answering import Further, answer
from guanxi.conversations.services.conversations import (
    assign_conversation,
    finish_conversation,
    move_to_queue,
    rename_conversation,
    settle_customer,
)
from guanxi.conversations.services.desk import mark_seen
from guanxi.conversations.services.intake import Inbound, receive
from guanxi.conversations.services.replying import Outgoing, write_note
from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.customers.models import Customer
from guanxi.service.models import Case
from guanxi.service.services.cases import update_case
from guanxi.service.services.states import set_state

SHOP = "https://shop.brightgift.example"
BY_HAND = (ChannelKind.PHONE, ChannelKind.VISIT, ChannelKind.LETTER, ChannelKind.FAX)


@dataclass(frozen=True)
class Channels:
    """The channels of the demo company."""

    mail: Mapping[str, Mailbox]
    chat: Channel
    form: Channel


@dataclass
class Talk:
    """One conversation with one customer, act by act."""

    number: int
    channels: Channels
    kind: ChannelKind
    language: str
    agent: Actor
    customer: Customer | None
    name: str
    address: str
    subject: str = ""
    conversation_id: int | None = None
    heard_count: int = field(default=0)
    last_said: str = ""

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands."""
        return Conversation.objects.get(pk=self.known_id)

    @property
    def case(self) -> Case:
        """Its newest case."""
        return Case.objects.filter(conversation=self.conversation_id).order_by("-opened_at", "-pk")[0]

    def hear(self, text: str, kind: ChannelKind | None = None) -> None:
        """The customer says something, by the channel of the talk or by another one."""
        self.heard_count += 1
        by = kind or self.kind
        if by == ChannelKind.FORM and self.last_said:
            by = ChannelKind.EMAIL  # whoever has our answer answers it
        if by in BY_HAND:
            found = log_contact(actor=self.agent, logged=self._logged(by, Direction.IN, text, needs_answer=True))
        elif by == ChannelKind.CHAT:
            found = self._chat(text)
        elif by == ChannelKind.FORM:
            found = self._form(text)
        else:
            found = take_in(self.mailbox, self._mail(text)).received
        if self.conversation_id is None:
            self.conversation_id = found.conversation.pk

    def say(self, text: str, kind: ChannelKind | None = None, then: str = "") -> Message:
        """We answer: in the chat, by a mail that went out, or by a contact that is written down."""
        by = kind or self.kind
        self.take()
        if by == ChannelKind.CHAT:
            key = f"demo-{self.number}-{self.heard_count}-{clock.now():%Y%m%d%H%M}"
            outgoing = Outgoing(text=text, key=key, channel_id=self.channels.chat.pk)
            return answer(
                actor=self.agent, conversation_id=self.known_id, outgoing=outgoing, further=Further(then=then)
            )
        if by in BY_HAND:
            said = log_contact(actor=self.agent, logged=self._logged(by, Direction.OUT, text)).message
        else:
            said = self._sent(text)
        mark_seen(actor=self.agent, conversation=self.conversation)
        return said

    def note(self, text: str) -> None:
        """We note something for one another."""
        write_note(actor=self.agent, conversation_id=self.known_id, text=text)
        mark_seen(actor=self.agent, conversation=self.conversation)

    def take(self) -> None:
        """Whoever answers what nobody had, has it from then on."""
        if self.conversation.assignee_id is None:
            assign_conversation(actor=self.agent, conversation_id=self.known_id, user_id=self.agent.user_id)

    def pass_on(self, queue_id: int) -> None:
        """Let another queue have it, and take it there."""
        move_to_queue(actor=self.agent, conversation_id=self.known_id, queue_id=queue_id)
        self.take()

    def classify(self, **values: Any) -> None:
        """Say what the case is about, who answers for it, and who it is that merely gave an address so far."""
        conversation = self.conversation
        if conversation.match != Match.CERTAIN and self.customer is not None:
            settle_customer(actor=self.agent, conversation_id=self.known_id, customer_id=self.customer.pk)
            values["customer"] = self.customer
        if not conversation.subject:
            rename_conversation(actor=self.agent, conversation_id=self.known_id, subject=self.subject)
        given = {"owner": self.agent.user_id, "subject": self.subject, **values}
        update_case(actor=self.agent, case_id=self.case.pk, values=given)

    def move(self, state: str) -> None:
        """Let the case be in another state."""
        set_state(actor=self.agent, case_id=self.case.pk, state=state)

    def finish(self) -> None:
        """Nothing more is to be said."""
        finish_conversation(actor=self.agent, conversation_id=self.known_id)

    @property
    def known_id(self) -> int:
        """The number of the conversation, which has begun."""
        if self.conversation_id is None:
            raise ValueError("nobody has said anything yet")
        return self.conversation_id

    @property
    def mailbox(self) -> Mailbox:
        """The mailbox of the talk's language."""
        return self.channels.mail[self.language]

    def _mail(self, text: str) -> bytes:
        """A mail as the customer's program sends it."""
        mail = EmailMessage()
        mail["From"] = formataddr((self.name, self.address))
        mail["To"] = self.mailbox.channel.address
        mail["Subject"] = f"Re: {self.subject}" if self.last_said else self.subject
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{self._key('in')}@mail.example.com>"
        if self.last_said:
            mail["In-Reply-To"] = f"<{self.last_said}>"
        mail.set_content(text)
        return mail.as_bytes()

    def _sent(self, text: str) -> Message:
        """A mail that we sent, as it is brought from the mailbox of the time: the demo has no server to send by."""
        channel, key = self.mailbox.channel, self._key("out")
        found = receive(
            Inbound(
                channel=channel,
                contact=Contact("email", self.address, self.name),
                text=text,
                direction=Direction.OUT,
                external_key=key,
                conversation_id=self.conversation_id,
                subject=f"Re: {self.subject}",
                to=[self.address],
                from_address=channel.address,
                message_id=f"{key}@brightgift.example",
                author_id=self.agent.user_id,
            ),
            actor=self.agent,
        )
        self.last_said = found.message.message_id
        return found.message

    def _chat(self, text: str) -> Any:
        """A message in the chat of the shop."""
        digest = hashlib.sha256(f"demo visitor {self.number}".encode()).digest()
        told = visitors.Told(name=self.name, email=self.address, language=self.language)
        visitor = visitors.begin(self.channels.chat, base64.urlsafe_b64encode(digest).decode().rstrip("="), told)
        said = talking.Said(key=self._key("chat"), text=text, page=f"{SHOP}/orders", page_title="Brightgift")
        return talking.say(self.channels.chat, visitor, said)

    def _form(self, text: str) -> Any:
        """A form of the web site."""
        sealed = Sealed(self.channels.form.pk, clock.now().timestamp(), self._key("form"))
        data = {"name": self.name, "email": self.address, "subject": self.subject, "text": text}
        return take_form(self.channels.form, sealed, data, [], finding=Finding.FINE, language=self.language)

    def _logged(self, kind: ChannelKind, direction: Direction, text: str, *, needs_answer: bool = False) -> Logged:
        """A contact that a colleague writes down."""
        return Logged(
            kind=kind, direction=direction, text=text, subject=self.subject, contact_name=self.name,
            customer_id=self.customer.pk if self.customer is not None else None,
            contact_value="" if self.customer is not None else self.address,
            conversation_id=self.conversation_id, said_at=clock.now(), needs_answer=needs_answer,
        )  # fmt: skip

    def _key(self, what: str) -> str:
        """A name of its own for a message of this talk."""
        return f"demo-{self.number}-{what}-{self.heard_count}-{clock.now():%Y%m%d%H%M%S}"
