"""Mails made to break a reader: any bytes give an answer, in time that grows with their length, and nothing acts."""

import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.conversations.adapters.email.reading import markup
from guanxi.conversations.adapters.email.reading.charsets import decode
from guanxi.conversations.adapters.email.reading.folding import fold
from guanxi.conversations.adapters.email.reading.mail import read_mail
from guanxi.conversations.adapters.email.reading.quoting import separate
from guanxi.conversations.tests.mail_corpus import every
from guanxi.conversations.tests.mail_corpus.sample import file_part, mail, multipart, text_part

SENDER = "kim@example.net"


def nested(depth: int) -> bytes:
    """Containers in containers, a text in the innermost."""
    lines = [b"From: kim@example.net\r\nSubject: deep\r\n"]
    for number in range(depth):
        lines.append(f"Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n--b{number}\r\n".encode())
    lines.append(b"Content-Type: text/plain\r\n\r\nin the depth\r\n")
    return b"".join([*lines, *(f"--b{number}--\r\n".encode() for number in reversed(range(depth)))])


def beside(count: int) -> bytes:
    """Many small parts."""
    return mail(multipart("mixed", *[file_part(b"x", named=f"; filename={n}") for n in range(count)]), sender=SENDER)


def forwarded(depth: int) -> bytes:
    """A mail in a mail in a mail."""
    inner = b"Subject: innermost\r\n\r\nHello\r\n"
    for _number in range(depth):
        inner = b"Subject: outer\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    return inner


HEADER_BOMBS: dict[str, Callable[[], bytes]] = {
    "many fields": lambda: b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\nHello\r\n",
    "one endless field": lambda: b"Subject: " + b"a" * 5_000_000 + b"\r\n\r\nHello\r\n",
    "endless folding": lambda: b"Subject: a\r\n" + b" b\r\n" * 1_000_000 + b"\r\nHello\r\n",
    "references": lambda: b"References: " + b"<a@b> " * 500_000 + b"\r\n\r\nHello\r\n",
    "recipients": lambda: b"To: " + b"a@example.net, " * 200_000 + b"\r\n\r\nHello\r\n",
    "comments": lambda: b"From: " + b"(" * 500_000 + b"\r\n\r\nHello\r\n",
    "quotes": lambda: b'From: "' + b'\\"' * 300_000 + b"\r\n\r\nHello\r\n",
    "encoded words": lambda: b"Subject: " + b"=?utf-8?B?YQ==?= " * 100_000 + b"\r\n\r\nHello\r\n",
    "parameters": lambda: b"Content-Type: text/plain" + b"; a*0*=x" * 100_000 + b"\r\n\r\nHello\r\n",
    "no end": lambda: b"X: y\r\n" * 500_000,
    "boundaries": lambda: b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 300_000,
    "near boundaries": lambda: b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--c\r\n" * 500_000,
}


@pytest.mark.parametrize("name", HEADER_BOMBS)
def test_headers_without_end_are_read_in_time(name: str) -> None:
    """A few seconds at most, even here."""
    raw = HEADER_BOMBS[name]()
    begun = time.process_time()
    found = read_mail(raw)
    assert time.process_time() - begun < 5
    assert len(found.subject) <= 500
    assert len(found.to) <= 500
    assert len(found.references) <= 100


def test_five_thousand_nested_parts() -> None:
    """The words in the depth are found; nothing is refused."""
    begun = time.process_time()
    found = read_mail(nested(5000))
    assert found.text == "in the depth"
    assert time.process_time() - begun < 5
    assert read_mail(nested(12_000)).is_cut
    assert len(read_mail(beside(5000)).attachments) == 300
    assert read_mail(beside(5000)).is_cut
    assert read_mail(forwarded(5000)).attachments[0].media_type == "message/rfc822"


def test_sixty_megabytes() -> None:
    """A mail of that size is read like any other."""
    content = bytes(range(256)) * (60 * 4096 * 3 // 4)
    raw = mail(
        multipart("mixed", text_part("See below."), file_part(content, named="; filename=big.bin")), sender=SENDER
    )
    assert len(raw) > 60_000_000
    begun = time.process_time()
    found = read_mail(raw)
    assert time.process_time() - begun < 10
    assert found.attachments[0].content == content
    assert found.text == "See below."


def test_an_archive_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a few kilobytes that holds gigabytes stays a file of a few kilobytes."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}", bytes(5_000_000))
    bomb = held.getvalue()
    monkeypatch.setattr(zipfile, "ZipFile", None)
    found = read_mail(
        mail(multipart("mixed", text_part("x"), file_part(bomb, named="; filename=42.zip")), sender=SENDER)
    )
    assert (found.attachments[0].size, found.attachments[0].media_type) == (len(bomb), "application/zip")


ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<form action='https://evil.example'><input name=password><button>go</button></form>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data='https://evil.example'></object><embed src='https://evil.example'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'; p{background:url(https://evil.example)}</style>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<p style='background-image:\\75rl(https://evil.example/x)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='position:fixed;top:0;z-index:9'>x</p>",
    "<table background='https://evil.example/x'><tr><td background='https://evil.example/x'>x</table>",
    "<img srcset='https://evil.example/x 1x'>",
    "<video src='https://evil.example/x' poster='https://evil.example/y'></video>",
    "<input type=image src='https://evil.example/x'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<img src='https://evil.example/x.gif' width=1 height=1>",
    "<img src='//evil.example/x.gif'>",
    "<body onload=alert(1) background='https://evil.example/x'>x",
    "<textarea><img title='</textarea><script>alert(1)</script>'>",
]


@pytest.mark.parametrize("source", ACTIVE)
def test_nothing_acts_and_nothing_is_fetched(source: str) -> None:
    """No script, form, handler, foreign style; images elsewhere keep their address where no browser looks."""
    done = markup.cleaned(f"<div>before{source}after</div>")
    low = done.html.lower()
    for token in markup.tokens(done.html):
        names = {name for name, _value in markup.ATTRIBUTE.findall(token.attributes)}
        assert not token.tag or token.tag in markup.TAGS
        assert not any(name.startswith("on") for name in names)
        assert not names & {"srcset", "background", "poster", "action", "formaction"}
    for bad in (
        "<script",
        "<form",
        "<iframe",
        "<svg",
        "<style",
        ' src="http',
        ' src="//',
        "url(",
        "expression",
        "position",
    ):
        assert bad not in low
    assert "javascript:" not in low.replace("\t", "")
    assert 'href="data:' not in low


def test_images_are_held_back_and_counted_and_those_in_the_mail_stay() -> None:
    """Ours by their content id; pictures inside an address become files."""
    page = "<img src='https://x.example/a.png'><img src='cid:logo@x'><img src='data:image/png;base64,iVBORw0KGgo='>"
    found = read_mail(mail(text_part(page, "html"), sender=SENDER))
    assert found.held_images == 1
    assert 'data-remote-src="https://x.example/a.png"' in found.html
    assert 'src="cid:logo@x"' in found.html
    assert [(each.content_id, each.media_type) for each in found.attachments] == [("inline-1@inline", "image/png")]
    assert 'src="cid:inline-1@inline"' in found.html


SLOW_PAGES = {
    "deep": "<div>" * 500_000,
    "drawings": "<svg>" + "<td>" * 300_000 + "</tr>" * 300_000,
    "fonts": "<p>" + "".join(f"<font size={n}>" for n in range(390)) + "<p>x" * 300_000,
    "attributes": "<a " + " ".join(f"x{n}=1" for n in range(300_000)) + ">",
    "brackets": "<" * 2_000_000,
    "ampersands": "&" * 2_000_000,
    "entities": ("&amp;" + "x" * 50) * 50_000,
    "comments": "<!--" * 500_000,
    "tables": "<a><table>" * 100_000,
    "quotes": "<blockquote>x</blockquote>" * 50_000,
    "hidden": "<p style='display:none'>x</p>y" * 50_000,
    "all hidden": "<div style='display:none'>" * 300 + "<p>x</p>" * 50_000,
}


@pytest.mark.parametrize("name", SLOW_PAGES)
def test_pages_made_to_be_slow_are_not(name: str) -> None:
    """Depth, repetition and length each have their limit."""
    begun = time.process_time()
    done = markup.cleaned(SLOW_PAGES[name])
    fold(done.html)
    separate(markup.plain_text(done.html))
    assert time.process_time() - begun < 8


SLOW_TEXTS = {
    "introductions": "On 1 wrote wrote wrote wrote wrote: x\n" * 50_000,
    "digits": ("1" * 650 + ":\n") * 20_000,
    "angles": ("<a@b>" * 130 + ":\n") * 5_000,
    "heads": "From: a\nSent: 1\n" * 50_000,
    "moments": "05/06/2024 10:11 AM\nTo: x\n" * 50_000,
    "spaces of HTML": ("&nbsp;" * 150 + "\n") * 20_000,
    "broken addresses": ("x" * 60 + "\n<a@b.cn> 10:11:\n") * 20_000,
    "names": ("a " * 70 + "wrote:\n") * 20_000,
    "rules": "-" * 2_000_000,
    "marks": "> " * 1_000_000,
    "white": " \n" * 1_000_000,
    "one line": "On " + "a" * 2_000_000 + " wrote:",
}


@pytest.mark.parametrize("name", SLOW_TEXTS)
def test_texts_made_to_be_slow_are_not(name: str) -> None:
    """Every pattern looks at a few hundred letters."""
    begun = time.process_time()
    separate(SLOW_TEXTS[name])
    assert time.process_time() - begun < 8


def test_many_large_invitations_are_read_in_time() -> None:
    """Each is looked at once to find those that came as a part and as a file."""
    event = "BEGIN:VCALENDAR\r\n" + "DESCRIPTION:x x x x x x x x\r\n" * 6_000
    parts = "".join(
        f"--b\r\nContent-Type: text/calendar{'; name=a.ics' * (number % 2)}\r\n\r\n{event}{number}\r\n"
        for number in range(290)
    )
    raw = f"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n".encode()
    begun = time.process_time()
    assert len(read_mail(raw).attachments) == 290
    assert time.process_time() - begun < 8


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.integers(0, 10_000), st.integers(0, 200))
def test_any_bytes_give_an_answer(noise: bytes, place: int, number: int) -> None:
    """Noise alone, and noise in the midst of a real mail; what comes out can be stored and shown."""
    samples = every()
    raw = samples[number % len(samples)].raw
    for data in (noise, raw[: place % len(raw)] + noise + raw[place % len(raw) :], raw[: place % len(raw)]):
        found = read_mail(data, own_addresses=["support@example.com"])
        for text in (found.subject, found.sender.name, found.text, found.new_text, found.html, found.quoted_text):
            assert "\x00" not in text
            text.encode("utf-8")
        assert all(each.name and "/" not in each.name for each in found.attachments)


@pytest.mark.parametrize(
    "charset", ["zlib", "unicode_escape", "idna", "rot13", "base64", "punycode", "undefined", "utf-8\x00"]
)
def test_a_charset_is_never_a_program(charset: str) -> None:
    """Only charsets of mails are looked up."""
    assert decode(b"\\u0041 abc", charset) == "\\u0041 abc"
