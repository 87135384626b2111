"""Every address tried by the owner while they look as another: no more than the other sees, and nothing is written."""

import pytest

from tests.matrix.rows import pages
from tests.matrix.state import digest_of_rows
from tests.matrix.trying import Tryer
from tests.matrix.world import build

pytestmark = pytest.mark.django_db
# The reading of a core-customer card is written down, with the name of who really reads.
READINGS = {"customers_corecardreading"}
# What stays open: going back, signing out, the language of this browser.
OPEN = ("/settings/see-as/stop", "/accounts/", "/ui/preferences")


@pytest.mark.full
@pytest.mark.parametrize("person", ["keeper", "masked"])
def test_the_owner_sees_no_more_than_the_other_and_changes_nothing(person: str) -> None:
    world = build()
    owner, other = Tryer(world, "owner"), Tryer(world, person)
    begun = owner.page("post", f"/settings/users/{world.users[person].pk}/see-as", keep=True)
    assert begun.status == 302
    before = digest_of_rows()
    problems = []
    for page in pages():
        address = world.fill(page.address)
        if page.untried or address.startswith(OPEN):
            continue
        if page.get is not None:
            answer = owner.page("get", address, headers=page.headers)
            if answer.status >= 500 or set(answer.written) - READINGS:
                problems.append(f"get {address}: {answer}")
            elif leaked := other.leaks(answer):
                problems.append(f"get {address}: shows {leaked}")
        if page.post is not None:
            body = {name: world.fill(str(value)) for name, value in page.body.items()}
            answer = owner.page("post", address, body, page.files, page.headers, keep=True)
            if answer.status not in {204, 403, 404} or answer.written:
                problems.append(f"post {address}: {answer}")
            elif leaked := other.leaks(answer):
                problems.append(f"post {address}: shows {leaked}")
    assert not problems, "\n".join(problems)
    assert digest_of_rows() == before
    assert f"as M {person}" in owner.page("get", "/").text
