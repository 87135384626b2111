"""Cleaned HTML cut in two where the earlier mails begin, so that a page can fold them away."""

import html

from guanxi.conversations.adapters.email.reading.hostile_markup import VOID
from guanxi.conversations.adapters.email.reading.markup import Token, is_quote, plain_text, tokens
from guanxi.conversations.adapters.email.reading.quoting import separate


def fold(safe: str) -> tuple[str, str]:
    """What is new and what is quoted, each well formed; nothing is folded where new words follow the quotation."""
    found = tokens(safe)
    start = _quote_start(found)
    if start is None:
        return safe, ""
    opened: list[Token] = []
    for token in found[:start]:
        if not token.tag or token.tag in VOID:
            continue
        if not token.is_end:
            opened.append(token)
        elif opened and opened[-1].tag == token.tag:
            opened.pop()
    closing = "".join(f"</{token.tag}>" for token in reversed(opened))
    before = "".join(token.text for token in found[:start]) + closing
    if not plain_text(before).strip() and "<img" not in before:
        return safe, ""
    return before, "".join(token.text for token in opened) + "".join(token.text for token in found[start:])


def _quote_start(found: list[Token]) -> int | None:
    """The tag at which the history begins: by the program's mark, else by the words that programs put there."""
    for index, token in enumerate(found):
        if is_quote(token):
            return None if _has_words_after(found, index) else index
    return _start_by_words(found)


def _has_words_after(found: list[Token], start: int) -> bool:
    """Whether a person wrote below the quotation; marks that head what follows (Outlook's) enclose nothing."""
    opening = found[start]
    depth = 0
    for index in range(start, len(found)):
        token = found[index]
        if token.tag == opening.tag:
            depth += -1 if token.is_end else 1
        if depth == 0:
            inside = "".join(each.text for each in found[start : index + 1])
            rest = "".join(each.text for each in found[index + 1 :])
            after = plain_text(rest)
            # A mark around the head of the earlier mail, or around nothing: what follows it is that mail.
            is_head = not plain_text(inside).strip() or separate(plain_text(inside)).new == ""
            return bool(separate(after).new.strip()) and not (is_head and opening.tag != "blockquote")
    return False


def _start_by_words(found: list[Token]) -> int | None:
    """The block whose text is the head of an earlier mail or a separator; QQ, Foxmail and Outlook leave no other mark."""
    begun, is_under_rule = 0, False
    for index, token in enumerate(found):
        if token.tag in {"div", "p", "td", "blockquote", "hr"} and not token.is_end:
            # The rule above the head of an earlier mail belongs to it.
            begun = begun if is_under_rule else index
            is_under_rule = is_under_rule or token.tag == "hr"
        elif not token.tag:
            text = html.unescape(token.text).strip()
            if text and len(text) < 200 and _begins_history(found, begun if is_under_rule else index, text):
                return begun
            is_under_rule = is_under_rule and not text
    return None


def _begins_history(found: list[Token], index: int, text: str) -> bool:
    """Whether this text and what follows it is nothing but history."""
    if text[0] in "-_—" or text.rstrip("*").endswith((":", "：")) or "：" in text[:8] or ":" in text[:20]:
        following = plain_text("".join(token.text for token in found[index : index + 80])).strip()
        return bool(following) and separate(following).new == ""
    return False
