"""What somebody wrote in a reply, without what they answered to. Pure.

Mail programs agree on no mark. The first of these ends the text: the portal's own line, an attribution ("On Monday, Ann
wrote:"), Outlook's rule or block of headers, a forwarded message, the signature mark "-- ". Quoted lines in between go,
so that answers between the lines of a question stay.
"""

import re

LONGEST = 100_000  # characters that are looked at: nobody types so many
MARKER = "Write above this line."
_ATTRIBUTION = re.compile(r"^\s*>*\s*(On|Am|Le|El)\b.{4,300}\b(wrote|schrieb.*|a écrit|escribió)\s*:\s*$", re.I)
_RULE = re.compile(
    r"^\s*(-{2,}\s*(Original Message|Forwarded message)\s*-{2,}|_{20,}|Begin forwarded message:)\s*$", re.I
)
_HEADER = re.compile(r"^\s*\*?(From|Sent|Date|To|Subject|Cc)\s*:\*?\s", re.I)
_SENT_FROM = re.compile(r"^\s*(Sent from my |Get Outlook for |Sent via )", re.I)


def cut_quoted(text: str) -> str:
    """The writer's own words, "" for none.

    >>> cut_quoted("Yes.\\n\\nOn Mon, Nov 23, 2026 at 3:00 PM Portal <p@example.org> wrote:\\n> Will you?")
    'Yes.'
    >>> cut_quoted("> When?\\nOn Friday.\\n> Who?\\nAnn.")
    'On Friday.\\nAnn.'
    """
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _ends(lines, at):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    while kept and (not kept[-1] or _SENT_FROM.match(kept[-1])):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _ends(lines: list[str], at: int) -> bool:
    line = lines[at]
    if line == "-- " or MARKER in line or _RULE.match(line):
        return True
    # An attribution is often wrapped.
    if any(_ATTRIBUTION.match(" ".join(part.strip() for part in lines[at : at + n])) for n in (1, 2, 3)):
        return True
    return bool(_HEADER.match(line)) and _is_header_block(lines[at : at + 4])


def _is_header_block(lines: list[str]) -> bool:
    """Outlook quotes without a mark: three header lines one under another."""
    return sum(bool(_HEADER.match(line)) for line in lines) >= 3
