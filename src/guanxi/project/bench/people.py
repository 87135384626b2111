"""The people of a measured office: `python -m guanxi.project.bench.people N` makes them, in the environment to measure."""

import json
import os
import secrets
import sys

MANAGER_OF = 6


def make(count: int) -> list[dict[str, str]]:
    """Make that many users, one manager to five agents; returns their names and passwords."""
    import django  # a process of its own: nothing is set up yet

    django.setup()
    from guanxi.core.models import Role, User

    roles = {role.key: role for role in Role.objects.filter(key__in=("manager", "agent"))}
    made = []
    for number in range(1, count + 1):
        name, password = f"office-{number}", secrets.token_urlsafe(12)
        User.objects.create_user(name, password, role=roles["agent" if number % MANAGER_OF else "manager"])
        made.append({"name": name, "password": password})
    return made


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    sys.stdout.write(json.dumps(make(int(sys.argv[1]))) + "\n")
