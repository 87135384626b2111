"""Files whose name, type and content disagree: read as what they are or refused in words, and never shown as a page."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.core.actor import actor_of
from guanxi.core.models import Role, User
from guanxi.customers.services.customers import create_customer
from guanxi.files.public import StoredFile
from guanxi.importing.models import Import

pytestmark = pytest.mark.django_db

SCRIPT = b"<script>window.taken = 1</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
GIF_AND_SCRIPT = b"GIF89a/*" + b"\x00" * 16 + b"*/=1;alert(1)//" + SCRIPT
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" + b"\x00" * 64 + b"This program cannot be run in DOS mode."


def pdf_and_archive() -> bytes:
    """A document to one reader and an archive to another."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><workbook>&e;</workbook>"
        )
    return b"%PDF-1.7\n" + SCRIPT + b"\n" + out.getvalue()


@pytest.fixture
def boss() -> User:
    """Somebody who may import."""
    return User.objects.create(username="boss", role=Role.objects.get(key="manager"))


@pytest.fixture
def web(client: Client, boss: User) -> Client:
    """Their browser."""
    client.force_login(boss)
    return client


HOSTILE: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "a drawing with script": ("logo.svg", "image/svg+xml", lambda: SVG),
    "a drawing that says it is a table": ("orders.csv", "text/csv", lambda: SVG),
    "a page that says it is a table": (
        "orders.csv",
        "text/csv",
        lambda: b"<!doctype html><html>" + SCRIPT + b"</html>",
    ),
    "a picture that is a script": ("orders.csv", "text/csv", lambda: GIF_AND_SCRIPT),
    "a program that says it is a workbook": (
        "orders.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda: PROGRAM,
    ),
    "a document that is an archive as well": ("orders.xlsx", "application/pdf", pdf_and_archive),
    "a workbook that is no archive": (
        "orders.xlsx",
        "text/csv",
        lambda: b"PK\x03\x04 xl/ [Content_Types].xml nothing more",
    ),
    "a name that leads elsewhere": (
        "../../../../tmp/x\x00.csv",
        "text/html",
        lambda: b"customer,amount\nA,1\n" + SCRIPT,
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_an_import_reads_by_content_or_refuses_in_words(web: Client, case: str) -> None:
    name, kind, make = HOSTILE[case]
    content = make()
    upload = SimpleUploadedFile("x", content, content_type=kind)
    upload.name = upload._name = name
    answer = web.post("/imports/new", {"target": "orders", "file": upload})
    text = answer.content.decode()
    assert SCRIPT.decode() not in text
    if answer.status_code == 422:
        assert 'role="alert"' in text
        assert not Import.objects.exists()
        assert not StoredFile.objects.exists()
        return
    assert answer.status_code == 302
    run = Import.objects.get()
    assert "/" not in run.file_name
    assert ".." not in run.file_name
    columns = web.get(answer["Location"])
    assert columns.status_code == 200
    assert SCRIPT.decode() not in columns.content.decode()
    stays_harmless(web, StoredFile.objects.get(), content)


@pytest.mark.parametrize("case", HOSTILE)
def test_evidence_is_kept_as_it_is_and_never_shown_as_a_page(web: Client, boss: User, case: str) -> None:
    name, kind, make = HOSTILE[case]
    content = make()
    customer = create_customer(actor=actor_of(boss), values={"kind": "person", "name": "李伟"})
    upload = SimpleUploadedFile("x", content, content_type=kind)
    upload.name = upload._name = name
    page = web.get(f"/customers/{customer.public_id}/consents/add")
    purpose = page.context["form"].fields["purpose"].choices[-1][0]
    form = {"purpose": purpose, "state": "given", "channels": "every", "at": "2026-01-02", "is_separate": "on"}
    answer = web.post(f"/customers/{customer.public_id}/consents/add", {**form, "file": upload})
    assert answer.status_code == 302, answer.context["form"].errors
    stays_harmless(web, StoredFile.objects.get(), content)


def stays_harmless(web: Client, stored: StoredFile, content: bytes) -> None:
    """What comes back is the same bytes, saved by the browser and never run by it."""
    assert not {"/", "\\", "\x00"} & set(stored.name)
    answer = web.get(f"/files/{stored.public_id}")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        "default-src 'self'" in answer["Content-Security-Policy"]
        or "default-src 'none'" in answer["Content-Security-Policy"]
    )
    assert not Path("/tmp/x.csv").exists()
