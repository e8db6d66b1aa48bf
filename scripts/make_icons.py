"""Draws the app's icons from static/favicon.svg: `python scripts/make_icons.py`, once after the mark has changed."""

from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static"
SIZES = (192, 512)
# A maskable icon is cut to any shape: its middle 80% hold the mark, its ground fills the square.
SAFE = 0.8


def draw() -> None:
    mark = (STATIC / "favicon.svg").read_text(encoding="utf-8")
    ground = mark.partition('fill="')[2].partition('"')[0]
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for size in SIZES:
            for name, part, behind in ((f"{size}.png", 1.0, "transparent"), (f"{size}-maskable.png", SAFE, ground)):
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(
                    f"<style>body {{ margin: 0; display: grid; place-content: center; height: 100vh;"
                    f" background: {behind} }} svg {{ width: {part * size}px; height: {part * size}px }}</style>{mark}"
                )
                page.screenshot(path=STATIC / "icons" / name, omit_background=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    draw()
