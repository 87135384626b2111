"""Numbers of the state, the telephone and the post."""

from datetime import date

import pytest

from guanxi.core.errors import InvalidInput
from guanxi.customers import identifiers
from guanxi.customers.choices import CustomerKind


def test_the_worked_examples_of_the_standards():
    # GB 32100-2015 annex and GB 11643-1999 give these two.
    assert identifiers.check_credit_code("9135 0100 M000 1 00Y43") == "91350100M000100Y43"
    told = identifiers.check_resident_id("11010519491231002x")
    assert told.number == "11010519491231002X"
    assert told.born_on == date(1949, 12, 31)
    assert not told.is_male


def test_every_single_slip_in_a_credit_code_is_found():
    code = "91350100M000100Y43"
    for place in range(18):
        for char in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if char != code[place]:
                with pytest.raises(InvalidInput):
                    identifiers.check_credit_code(code[:place] + char + code[place + 1 :])


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("110105194912310021", "check digit"),
        ("99010519491231002X", "check digit"),
        ("10010519491231002X", "province"),
        ("11010519491331002X", "date"),
        ("11010529491231002X", "cannot be right"),
        ("1101051949123100", "18 characters"),
        ("1101051949123100AX", "only the last"),
    ],
)
def test_identity_numbers_say_what_is_wrong(number, why):
    with pytest.raises(InvalidInput, match=why):
        identifiers.check_resident_id(number)


def test_tax_numbers_by_kind():
    assert identifiers.check_tax_id("gb 123456789", CustomerKind.ORGANISATION) == "GB123456789"
    assert identifiers.check_tax_id("", CustomerKind.PERSON) == ""
    with pytest.raises(InvalidInput):
        identifiers.check_tax_id("91350100M000100Y43", CustomerKind.PERSON)
    with pytest.raises(InvalidInput, match="replaced"):
        identifiers.check_tax_id("110105123456789", CustomerKind.ORGANISATION)


@pytest.mark.parametrize(
    ("written", "normalised", "masked", "shown"),
    [
        ("138 0013 8000", "+8613800138000", "138****8000", "138 0013 8000"),
        ("+86-138-0013-8000", "+8613800138000", "138****8000", "138 0013 8000"),
        ("１３８００１３８０００", "+8613800138000", "138****8000", "138 0013 8000"),
        ("(010) 6278-1234", "+861062781234", "010-****1234", "010 6278 1234"),
        ("021-62781234转123", "+862162781234;ext=123", "021-****1234", "021 6278 1234 x123"),
        ("+44 20 7946 0958", "+442079460958", "+44 20****0958", "+44 20 7946 0958"),
        ("400-800-1234", "+864008001234", "40****1234", "400 800 1234"),
    ],
)
def test_telephone_numbers(written, normalised, masked, shown):
    assert identifiers.normalise_phone(written) == normalised
    assert identifiers.mask_phone(normalised) == masked
    assert identifiers.show_phone(normalised) == shown


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("021-64829334-801", "+862164829334;ext=801"),
        ("86-21-64829334-801", "+862164829334;ext=801"),
        ("(021)6482-9334转801", "+862164829334;ext=801"),
        ("010-62345678x305", "+861062345678;ext=305"),
        ("+86 10 6234 5678 ext. 12", "+861062345678;ext=12"),
        ("+34 (0)914 02 39 16", "+34914023916"),
        ("+886 2 2948 0623-849", "+886229480623;ext=849"),
        ("(+44) 161 429 9907 #12", "+441614299907;ext=12"),
        ("010-62345678分机201", "+861062345678;ext=201"),
        ("62345678-12", "62345678;ext=12"),
        ("0411-4421269x12", "04114421269;ext=12"),
        ("138-0013-8000", "+8613800138000"),
        ("400-820-8820", "+864008208820"),
        ("1-512-957-2098", "+15129572098"),
        ("15129572098", "+8615129572098"),
    ],
)
def test_telephone_numbers_of_files(written, normalised):
    assert identifiers.phone_as_told(written) == normalised


@pytest.mark.parametrize("text", ["call me maybe", "12345", "1380013800a", "", "138001380001380013800", "++++"])
def test_what_is_no_telephone_number_is_refused(text):
    with pytest.raises(InvalidInput):
        identifiers.normalise_phone(text)


def test_email_addresses():
    assert identifiers.normalise_email(" Anna.Lund@Example.COM ") == "anna.lund@example.com"
    assert identifiers.normalise_email("zhang＠例子.中国") == "zhang@xn--fsqu00a.xn--fiqs8s"
    assert identifiers.mask_email("anna.lund@example.com") == "a***@example.com"


@pytest.mark.parametrize("text", ["anna", "anna@", "a b@example.com", "a@@example.com", "a@example", ".a@example.com"])
def test_what_is_no_email_address_is_refused(text):
    with pytest.raises(InvalidInput):
        identifiers.normalise_email(text)


def test_wechat_ids():
    assert identifiers.normalise_wechat("Wang_2020") == "wang_2020"
    for wrong in ("1wang22", "wang", "wang 2020", "w" * 21, "微信号码abc"):
        with pytest.raises(InvalidInput):
            identifiers.normalise_wechat(wrong)


def test_identity_numbers_are_masked():
    assert identifiers.mask_number("11010519491231002X") == "110***********002X"
    assert identifiers.mask_number("1234") == "****"
