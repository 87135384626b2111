"""HTML of mails stands in a frame in which nothing runs and nothing is fetched unasked."""

import io
from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.desk import html_mail
from guanxi.conversations.models import TrustedSender
from guanxi.conversations.public import InboundFile
from guanxi.core.models import Role, User
from guanxi.files.public import receive as keep

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
HTML = (
    '<div><p>Dear team</p><table><tr><td>x</td></tr></table><img src="cid:logo@x" alt="">'
    '<img data-remote-src="https://tracker.example/p.png"><blockquote type="cite"><p>earlier</p>'
    "<blockquote><p>more</p></blockquote></blockquote><p>After</p></div>"
)


@pytest.fixture
def browser_of_ann(client: Client) -> Client:
    """An agent's browser."""
    client.force_login(User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann"))
    return client


def test_the_frame_is_sealed_and_images_come_only_when_asked_for(browser_of_ann: Client, hear: Any) -> None:
    """Once, or always from this sender; images that came with the mail are shown at once."""
    files = [InboundFile("logo.png", keep(io.BytesIO(PNG)), content_id="logo@x", is_inline=True)]
    heard = hear("Dear team", html=HTML, files=files, from_address="ann@example.org")
    page = browser_of_ann.get(f"/desk/{heard.conversation.public_id}/").content.decode()
    frame = page.split("<iframe ")[1].split(">")[0]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "One image of another machine is held back" in page
    assert "logo.png" not in page  # it stands in the text
    url = f"/desk/message/{heard.message.public_id}/html"
    answer = browser_of_ann.get(url)
    body, policy = answer.content.decode(), answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "sandbox" in policy
    assert "https:" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'src="data:image/png;base64,' in body
    assert ' src="https://' not in body
    shown = browser_of_ann.get(url + "?images=1")
    assert ' src="https://tracker.example/p.png"' in shown.content.decode()
    assert "https:" in shown.headers["Content-Security-Policy"]
    browser_of_ann.post(f"/desk/message/{heard.message.public_id}/trust")
    assert ' src="https://' in browser_of_ann.get(url).content.decode()
    assert "ann@example.org" not in str(list(TrustedSender.objects.values()))
    assert "held back" not in browser_of_ann.get(f"/desk/{heard.conversation.public_id}/").content.decode()


def test_quoted_text_is_folded_as_a_whole(hear: Any) -> None:
    """What is quoted is behind a fold, what comes after it is not; a mail of nothing but a quotation is shown."""
    message = hear("x", html=HTML).message
    body = html_mail.document(message, with_images=False, language="en")
    folded = body.split("<details")[1].split("</details>")[0]
    assert "earlier" in folded
    assert "more" in folded
    assert "After" in body.split("</details>")[1]
    only = hear("x", html='<blockquote type="cite"><p>only</p></blockquote>').message
    assert "<details" not in html_mail.document(only, with_images=False, language="en")


def test_a_lying_inline_file_is_no_image(hear: Any) -> None:
    """What is no image by its content is not put into the page."""
    files = [InboundFile("logo.png", keep(io.BytesIO(b"<script>alert(1)</script>")), content_id="logo@x")]
    message = hear("x", html='<img src="cid:logo@x"><img src="cid:gone@x">', files=files).message
    body = html_mail.document(message, with_images=True, language="en")
    assert "script" not in body.split("<body>")[1]
    assert "cid:" not in body


def test_text_without_html_has_no_frame_of_its_own(browser_of_ann: Client, hear: Any) -> None:
    """There is nothing to show there."""
    heard = hear("plain")
    assert browser_of_ann.get(f"/desk/message/{heard.message.public_id}/html").status_code == 404
