"""Whose records a narrow scope reaches: ids, found out once for an actor, so that lists need no joins and use indexes."""

from guanxi.core.actor import Actor
from guanxi.core.models import Department, Operation, TeamMember, User


def reach_of(actor: Actor, kind: str, action: str) -> tuple[frozenset[int], frozenset[int]]:
    """The owners and the departments that an act reaches, those of absent people whom the actor stands in for among them.

    The actor's own role says whether the act is allowed at all; the place of an absent person adds rows, never acts.
    """
    scope = actor.scope(kind, action)
    if scope is None:
        return frozenset(), frozenset()
    owners, departments = set[int](), set[int]()
    if actor.user_id is not None:
        owners.add(actor.user_id)
    teams = set(actor.team_ids) if scope == "team" else set[int]()
    paths = {actor.department_path} if scope == "department" and actor.department_path else set[str]()
    for absent in actor.standing_in:
        theirs = absent.scope(kind, action)
        if theirs is not None:
            owners.add(absent.user_id)
        if theirs == "team":
            teams |= absent.rights.team_ids
        if theirs == "department" and absent.rights.department_path:
            paths.add(absent.rights.department_path)
    if teams:
        owners.update(TeamMember.objects.filter(team_id__in=teams).values_list("user_id", flat=True))
    for path in paths:
        departments.update(Department.objects.filter(path__startswith=path).values_list("pk", flat=True))
    if departments:
        owners.update(User.objects.filter(department_id__in=departments).values_list("pk", flat=True))
    return frozenset(owners), frozenset(departments)


def may_undo(actor: Actor, row: Operation) -> bool:
    """Whether the actor may try to take an operation back: their own, and those of people whom their right to undo reaches."""
    if actor.user_id is None or row.actor_id == actor.user_id:
        return True
    if actor.scope("operation", "undo") == "all":
        return True
    return row.actor_id in actor.reach("operation", "undo")[0]
