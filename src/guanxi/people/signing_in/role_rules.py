"""Rules that give a role by what a provider says of somebody: `groups = sales -> agent`."""

from collections.abc import Iterable


class WrongRuleError(ValueError):
    """A line that is no rule."""


def parsed(lines: Iterable[str]) -> list[list[str]]:
    """Claim, value and role of each line that is not empty; WrongRuleError for one that is written otherwise."""
    rules = []
    for line in filter(None, map(str.strip, lines)):
        left, arrow, role = line.rpartition("->")
        claim, equals, value = left.partition("=")
        if not (arrow and equals and claim.strip() and value.strip() and role.strip()):
            raise WrongRuleError(line)
        rules.append([claim.strip(), value.strip(), role.strip()])
    return rules
