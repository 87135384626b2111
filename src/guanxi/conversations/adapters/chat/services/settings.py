"""The key with which a site's server vouches for its visitors."""

from guanxi.conversations.adapters.chat import identity
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of, update_channel
from guanxi.core import clock
from guanxi.core.actor import Actor


def change_key(*, actor: Actor, channel_id: int) -> str:
    """Give a chat another key, returned this once; the one before is taken for another day."""
    row: Channel = Channel.objects.get_visible(actor, "change", pk=channel_id)
    key = identity.new_key()
    update_channel(
        actor=actor,
        channel_id=channel_id,
        secrets={identity.KEY: key, identity.OLD_KEY: secrets_of(row).get(identity.KEY)},
        settings={"key_changed_at": clock.now().isoformat()},
    )
    return key
