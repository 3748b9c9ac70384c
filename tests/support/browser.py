"""What is measured in a page: accessibility by axe-core, sizes for older people, requests that leave the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

from tests.support.town import ROOT

AXE = ROOT / "tests" / "e2e" / "node_modules" / "axe-core" / "axe.min.js"

_VISIBLE = """
function visible(element) {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && style.display !== 'none'
    && Number(style.opacity) > 0.05 && box.bottom > 0 && box.right > 0;
}
"""

_SMALL_TEXT = (
    "(smallest) => {"
    + _VISIBLE
    + """
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element || !visible(element) || element.closest('[aria-hidden=true], script, style')) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < smallest) found.push(size + 'px: ' + text.slice(0, 20));
  }
  return [...new Set(found)];
}"""
)

_SMALL_TARGETS = (
    "(smallest) => {"
    + _VISIBLE
    + """
  const asked = 'button, a[href], [role=button], [role=tab], [role=link], [role=radio], [role=checkbox], [role=switch], uni-button, input, textarea';
  const found = [];
  for (const element of document.querySelectorAll(asked)) {
    if (!visible(element) || element.closest('[aria-hidden=true], .leaflet-control')) continue;
    const box = element.getBoundingClientRect();
    if (box.width < smallest || box.height < smallest)
      found.push(Math.round(box.width) + '×' + Math.round(box.height) + ': '
        + (element.getAttribute('aria-label') || element.textContent || element.className || '').trim().slice(0, 20));
  }
  return [...new Set(found)];
}"""
)


@dataclass(frozen=True)
class Fault:
    """One rule of axe-core that a page breaks."""

    rule: str
    impact: str
    help: str
    nodes: tuple[str, ...]


def serious_faults(page: Page) -> list[Fault]:
    """What axe-core calls serious or critical on the page as it stands."""
    page.evaluate(AXE.read_text("utf-8"))
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        Fault(one["id"], one["impact"], one["help"], tuple(node["html"][:160] for node in one["nodes"][:5]))
        for one in result["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


def text_smaller_than(page: Page, pixels: float) -> list[str]:
    """Visible text set smaller than that many CSS pixels (one dp at the test's viewport)."""
    return list(page.evaluate(_SMALL_TEXT, pixels))


def targets_smaller_than(page: Page, pixels: float) -> list[str]:
    """Things to tap that are narrower or lower than that many CSS pixels."""
    return list(page.evaluate(_SMALL_TARGETS, pixels))


class Outgoing:
    """Notes every request of a page that leaves its origin, and every error in its console."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.left: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self._look(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        """Errors in the console; a refusal by the API, or a lost network, is what a test may ask for."""
        asked = said.text.startswith("Failed to load resource") and (
            "/api/v1/" in said.location["url"] or "net::ERR_INTERNET_DISCONNECTED" in said.text
        )
        if said.type == "error" and not asked:
            self.errors.append(f"{said.text} ({said.location['url']})")

    def _look(self, url: str) -> None:
        parts = urlsplit(url)
        if (
            parts.scheme in {"http", "https", "ws", "wss"}
            and f"{parts.scheme}://{parts.netloc}" != self.origin
        ):
            self.left.append(url)
