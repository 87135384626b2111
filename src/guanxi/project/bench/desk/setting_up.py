"""What a measured desk needs, made in its own environment: `python -m guanxi.project.bench.desk.setting_up AGENTS [SITE]`."""

import json
import os
import sys


def set_up(agents: int, site: str) -> dict[str, object]:
    """Make colleagues who are there for work, and a chat that a site may hold; names, passwords, the chat's ids."""
    import django  # a process of its own: nothing is set up yet

    django.setup()
    from guanxi.conversations.services.channels import create_channel
    from guanxi.core.actor import console_actor
    from guanxi.core.models import User
    from guanxi.project.bench.people import make
    from guanxi.routing.public import PresenceState, set_presence

    made: dict[str, object] = {}
    hand = console_actor()
    if agents:
        made["people"] = people = make(agents)
        for user in User.objects.filter(username__in=[one["name"] for one in people]).order_by("pk"):
            set_presence(actor=hand, user_id=user.pk, state=PresenceState.ONLINE)
    if site:
        channel = create_channel(actor=hand, kind="chat", name="Bench", settings={"origins": [site], "mail_after": 0})
        made |= {"chat": channel.public_id, "channel": channel.pk}
    return made


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    sys.stdout.write(json.dumps(set_up(int(sys.argv[1]), "".join(sys.argv[2:3]))) + "\n")
