"""The XML of each answer: exactly the design's, and well-formed whatever is put in."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.sipgate.answer import Acknowledge, Answer, Dial, LetRing, Reject, xml_for

URL = "https://zammad.example.com/api/v1/sipgate/T/in"
XML_TEXT = st.text(
    alphabet=st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
)

ANSWERS: list[tuple[Answer, str]] = [
    (LetRing(), f'<Response onAnswer="{URL}" onHangup="{URL}"/>'),
    (Reject(), f'<Response onHangup="{URL}"><Reject reason="busy"/></Response>'),
    (
        Dial(number="4915799912345", caller_id="492111234567"),
        (
            f'<Response onAnswer="{URL}" onHangup="{URL}"><Dial callerId="492111234567">'
            "<Number>4915799912345</Number></Dial></Response>"
        ),
    ),
    (Acknowledge(), "<Response/>"),
]


@pytest.mark.parametrize(("answer", "xml"), ANSWERS)
def test_each_answer_has_its_xml(answer: Answer, xml: str) -> None:
    assert xml_for(answer, URL) == xml.encode()


def test_urls_are_escaped() -> None:
    assert b'onHangup="https://h/?a=1&amp;b=2"' in xml_for(LetRing(), "https://h/?a=1&b=2")


@pytest.mark.parametrize("answer", [LetRing(), Reject(), Dial(number="1", caller_id="2")])
@given(url=XML_TEXT)
def test_urls_come_back_as_they_were_put_in(answer: Answer, url: str) -> None:
    response = ET.fromstring(xml_for(answer, url))  # noqa: S314 - our own output
    assert response.tag == "Response"
    assert response.get("onHangup") == url
    assert response.get("onAnswer") == (None if answer == Reject() else url)


@given(number=XML_TEXT, caller_id=XML_TEXT)
def test_numbers_come_back_as_they_were_put_in(number: str, caller_id: str) -> None:
    response = ET.fromstring(xml_for(Dial(number=number, caller_id=caller_id), URL))  # noqa: S314 - our own output
    dial = response.find("Dial")
    assert dial is not None
    assert dial.get("callerId") == caller_id
    assert (dial.findtext("Number") or "") == number
