"""Documents in PDF: every character prints and can be copied again, long or hostile text never breaks them."""

import io
import re
import time
from itertools import pairwise
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from guanxi.ui.documents import Column, Document, Moment, fonts, lines

GB2312 = [
    bytes([row, cell]).decode("gb2312", "ignore") for row in (*range(0xA1, 0xAA), *range(0xB0, 0xF8)) for cell in range(0xA1, 0xFF)
]  # fmt: skip


def read(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(document.to_bytes()))


def text_of(document: Document) -> str:
    return "\n".join(page.extract_text() for page in read(document).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_everything_in_one_document_reads_again_in_both_languages() -> None:
    with translation.override("zh-hans"):
        document = Document(
            "投诉档案 Complaint file", company="华彩礼品 Brightgift", number="TS-17", printed="2026-11-30"
        )
        document.heading("客户原话")
        document.paragraph("“装好以后一直不制冷！”", manner="quote")
        document.heading("Facts", level=2)
        document.facts([("客户", "张骣喆㐂"), ("金额", "¥1,299.00 € £ $"), ("空", "")])
        document.timeline([Moment("2026-11-01 09:00", "登记", "来电 by phone", by="李雷")])
        document.table([Column("方式"), Column("金额", align="end")], [("退款", "¥100.00"), ("短",)])
        document.table([Column("方式")], [], empty="没有")
        document.paragraph("打开工单", url="https://example.com/cases/1")
        document.paragraph("不可点", url="javascript:alert(1)")
        document.signatures(["客户签字", "经办人"])
        pdf = read(document)
        text = squeezed("".join(page.extract_text() for page in pdf.pages))
    for words in ("“装好以后一直不制冷！”", "张骣喆㐂", "¥1,299.00€£$", "来电byphone", "退款", "没有", "经办人"):
        assert words in text
    assert "第1页，共1页" in text
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == ("投诉档案 Complaint file", "华彩礼品 Brightgift")
    assert pdf.trailer["/Root"]["/Lang"] == "zh-CN"
    links = [note.get_object()["/A"]["/URI"] for page in pdf.pages for note in page.get("/Annots", [])]
    assert links == ["https://example.com/cases/1"]
    assert [entry["/Title"] for entry in pdf.outline if not isinstance(entry, list)] == ["投诉档案 Complaint file"]
    assert "/FontFile2" in str([f.get_object() for f in _descriptors(pdf)])


def _descriptors(pdf: PdfReader) -> list:
    found = pdf.pages[0]["/Resources"]["/Font"].values()
    return [font.get_object()["/FontDescriptor"] for font in found if "/FontDescriptor" in font.get_object()]


def test_every_character_of_the_chinese_sets_prints() -> None:
    wanted = {character for character in GB2312 if character}
    wanted |= {chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x100), *range(0x4E00, 0x9FA6))} - {"\u00ad"}
    wanted |= set("€¥￥£＄。，、；：？！“”‘’《》〈〉「」『』【】（）—…·～％")
    assert sorted(character for character in wanted if not fonts.can_print(character)) == []
    names = "".join(sorted(character for character in GB2312 if character > "一"))
    document = Document("字")
    document.paragraph(names)
    assert names in re.sub(r"字Page\dof\d", "", squeezed(text_of(document)))
    assert not document.missing.characters


def test_rare_characters_of_chinese_names_print() -> None:
    """Of the extensions B to E those that the national table of standard characters has."""
    names = "𬱖𫍽𬭎𫖯𬸚𬘓𫟹"
    assert all(fonts.can_print(character) for character in names)
    document = Document("字")
    document.paragraph(names)
    read(document)
    assert not document.missing.characters


def test_what_no_face_has_is_a_square_with_its_number_and_named_at_the_end() -> None:
    document = Document("𠮷野家 \U0001f600", company="שלום")
    document.paragraph("ok ﷽ 🄰")
    text = text_of(document)
    squares = re.sub(r"\s+", "", text)
    assert "□20BB7野家□1F600" in squares
    assert "A square with a number stands for a character" in text
    for code in ("U+20BB7", "U+1F600", "U+FDFD"):
        assert code in text
    assert "U+1F130" not in text


def test_structure_for_those_who_have_it_read_and_the_text_behind_squares() -> None:
    document = Document("标题 𠮷")
    document.heading("Facts")
    document.paragraph("שלום 😀", manner="quote")
    document.table([Column("方式"), Column("b")], [("退款", "长 " * 3000), ("换", "")])
    document.timeline([Moment("2026", "登记", "by phone")])
    pdf = read(document)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    (top,) = root["/StructTreeRoot"]["/K"]

    def shape(node: Any) -> list[Any]:
        """An element with those in it."""
        children = [one.get_object() for one in node["/K"]]
        return [node["/S"], *(shape(one) for one in children if "/S" in one)]

    cells = [["/TD"], ["/TD"]]
    assert shape(top.get_object()) == [
        "/Document", ["/H1"], ["/H2"], ["/BlockQuote"],
        ["/Table", ["/TR", ["/TH"], ["/TH"]], ["/TR", *cells], ["/TR", *cells]],
        ["/L", ["/LI", ["/Lbl"], ["/LBody"]]], ["/P"],
    ]  # fmt: skip
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for place, page in enumerate(pdf.pages):
        content = page.get_contents().get_data()
        marked = [int(number) for number in re.findall(rb"/MCID (\d+)", content)]
        assert page["/StructParents"] == numbers[2 * place] == place
        assert marked == list(range(len(numbers[2 * place + 1])))
        assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")
    first = pdf.pages[0].get_contents().get_data()
    for told in ("标题 𠮷", "שלום 😀"):
        assert told.encode("utf-16-be").hex().upper().encode() in first


@pytest.mark.parametrize(
    "hostile",
    [
        "".join(map(chr, range(0x20))) + "\x7f\x85\u200b\u202e\u2066\ufeff\ufffe",
        "\ud800 lone",
        "a\u0301" * 3 + "\u0301" * 5000,
        "👩‍👩‍👧‍👦🇨🇳❤️" * 50,
        "مرحبا بالعالم " * 40,
        "(((" * 300 + ")))" * 300 + "\\) Tj ET",
        "！" * 900,
        "《" * 900,
        "x" * 20000,
        " " * 5000,
        "\n" * 300,
        "<script>alert(1)</script>&amp;%s%(x)s{}",
    ],
)
def test_hostile_text_never_breaks_it(hostile: str) -> None:
    document = Document(hostile[:2000], company=hostile, number=hostile[:500], subject=hostile)
    document.heading(hostile[:2000])
    document.paragraph(hostile, manner="quote", url=hostile)
    document.facts([(hostile[:500], hostile)])
    document.timeline([Moment(hostile[:200], hostile[:500], hostile, by=hostile[:100])])
    document.table([Column(hostile[:50]), Column(""), Column("z", align="end")], [(hostile, "", hostile[:50]), ()])
    document.signatures([hostile[:100], ""])
    assert len(read(document).pages) < 200


def test_lines_keep_marks_where_they_belong() -> None:
    text = (
        "他说：“明天来”，可是（三次）谁也没来！《三包规定》第3条——退货；English words stay whole, e.g. warranty. " * 9
    )
    for width in range(60, 300, 17):
        broken = lines.broken(text, width=width, size=10)
        assert squeezed("".join(broken)) == squeezed(text)
        assert all(lines.width(line, size=10) <= width + 0.01 for line in broken)
        for before, after in pairwise(broken):
            assert after[0] not in lines.CANNOT_BEGIN
            assert before[-1] not in lines.CANNOT_END
            # No word is cut: the two ends joined are no word of the text.
            word = before.split(" ")[-1] + after.split(" ")[0]
            assert not (word.isascii() and word.isalpha() and word in text)
    assert lines.broken("", width=10, size=10) == [""]


def test_two_hundred_pages_in_seconds_with_heads_on_each() -> None:
    document = Document("长")
    document.table([Column("方式"), Column("说明")], ((f"退款{n}", "七日内无理由退货 in full") for n in range(8000)))
    started = time.process_time()
    pdf = read(document)
    assert time.process_time() - started < 20
    assert len(pdf.pages) > 180
    assert "方式" in pdf.pages[150].extract_text()
    assert f"{len(pdf.pages)}" in pdf.pages[0].extract_text()


def test_headings_are_not_left_alone_and_a_tall_row_runs_over_pages() -> None:
    document = Document("t")
    for number in range(60):
        document.heading(f"Heading {number}")
        document.paragraph("words " * 40)
    document.table([Column("a"), Column("b")], [("tall", "长 " * 6000)])
    for page in read(document).pages[:-1]:
        before_foot = [line for line in page.extract_text().splitlines() if line and "Page" not in line]
        assert not before_foot[-1].startswith("Heading")
