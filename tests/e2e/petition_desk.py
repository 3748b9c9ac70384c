"""A petition at the staff's desk, and its papers, in the words of the office."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from backend.kernel.clock import shanghai
from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.hours import Hours


class PetitionDesk:
    """One member of staff with the petitions before them."""

    def __init__(self, seat: Seat, town: Place, username: str) -> None:
        self.town, self.seat = town, seat
        self.desk = Desk(seat.page, town.url).log_in(username, town.passwords[username])

    def at(self, testid: str) -> Locator:
        """What is on screen under that handle."""
        return self.desk.at(testid)

    def open(self, title: str) -> str:
        """The petition of that title, out of this person's own list; its id."""
        self.desk.go("petitions")
        self.at("petition-row").filter(has_text=title).get_by_role("link").click()
        expect(self.at("petition-title")).to_have_text(title)
        return self.seat.page.url.rpartition("/")[2]

    def do(self, action: str, state: str, *, choices: tuple[str, ...] = (), **words: str) -> None:
        """Open the form, fill it in, send it; the petition is in that state afterwards."""
        self.desk.begin(action)
        for label in choices:
            self.at("action-form").get_by_role("radio", name=label, exact=True).check()
        for name, text in words.items():
            self.desk.fill(name, text)
        if self.at("action-form").locator('[data-field="delivered_on"]').count():
            self.desk.pick_day("delivered_on", shanghai(datetime.now(UTC)).date())
        self.desk.submit()
        self.is_now(state)

    def give(self, action: str, unit: str) -> None:
        """Accept it, or take it up as a suggestion, and give it to that unit."""
        self.desk.begin(action)
        self.desk.give_to(unit)
        self.desk.submit()
        self.is_now("已受理")

    def is_now(self, state: str) -> None:
        """The petition that lies open is in that state."""
        expect(self.at("petition-state")).to_have_text(state)

    def again(self) -> None:
        """Look at it anew, with all papers made."""
        Hours(self.town.folder).settle()
        self.seat.page.reload()
        expect(self.at("petition-title")).to_be_visible()

    def paper(self, kind: str) -> tuple[str, str]:
        """What the PDF and the DOCX of that document say, without any space between the characters."""
        row = self.at("petition-paper").filter(has_text=kind)
        pdf, word = (self._file(row, name) for name in ("PDF", "DOCX"))
        pages = PdfReader(io.BytesIO(pdf)).pages
        written = docx.Document(io.BytesIO(word))
        return (
            bare("".join(page.extract_text() for page in pages)),
            bare("".join(paragraph.text for paragraph in written.paragraphs)),
        )

    def _file(self, row: Locator, name: str) -> bytes:
        address = row.get_by_role("link", name=name, exact=True).get_attribute("href")
        assert address
        answer = self.seat.context.request.get(address)
        assert answer.ok, answer.status_text
        return answer.body()


def bare(text: str) -> str:
    """The characters alone: where a line ends is the page's business."""
    return "".join(text.split())
