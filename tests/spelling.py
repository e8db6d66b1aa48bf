"""Prose of the project by file, and the British spellings in it: the portal is written in American English."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Migrations keep the words of their day, generated code those of its source; this file lists what it looks for.
_SKIPPED = re.compile(r"/migrations/|^clients/python/src/|^tests/spelling\.py$|^tests/test_spelling\.py$")

# Words that begin so.
_STEMS = """
aeroplane aluminium anaemi armour artefact behaviour benefitt calibre candour cheque clamour colour councillor
counsell demeanour dialling dishonour draught endeavour enquir favour fibre flavour focuss fuell glamour gynaecolog
harbour honour humour instalment jeweller judgement kerb kilometre labell labour leukaemi licence manoeuvr marvell
millimetre misbehaviour modell mould neighbour odour orientate paediatri parlour plough pretence programmes quarrell
rigour rumour saviour savour sceptic signall skilful splendour sulphur totall travell tumour unlabell vapour vigour
wilful yoghurt
""".split()
# These words alone.
_WORDS = """
ageing amongst cancelled cancelling catalogue catalogued catalogues centimetre centre centred centres centring cosy
defence defences enrol enrolment enrolments enrols fulfil fulfilment fulfils grey instil instils knelt learnt
levelled levelling litre litres maths metre metres offence offences practise practised practising programme
reorientate skilfully spectre spelt spoilt storey storeys theatre theatres towards tranquillise tyre tyres whilst
""".split()
# Verbs in -ise and -yse and the nouns made of them.
_VERBS = """
apolog author capital categor central character civil critic custom democrat digit econom emphas equal familiar
final formal general harmon hospital hypothes immun incentiv initial institutional item legal local marginal maxim
memor minim mobil modern monet monopol neutral normal optim organ patron penal personal polar popular priorit privat
public random rational real recogn reorgan revital serial social special stabil standard steril stigmat subsid
summar synchron theor util visual winter
""".split()
_NAMES = re.compile(r"Behavioural Insights Team|Harbour ID")  # as their bearers write them
_BRITISH = re.compile(
    rf"\b(?:(?:{'|'.join(_STEMS)})\w*|(?:{'|'.join(_WORDS)})|per cent"
    rf"|(?:{'|'.join(_VERBS)})is(?:e|es|ed|er|ers|ing|able|ation|ations|ational)"
    r"|(?:anal|paral|catal)ys(?:e|ed|er|ers|ing))\b",
    re.I,
)


def british(text: str) -> list[str]:
    """Words of a text that America spells otherwise.

    >>> british("Enrolment in per cent: analyses of neighbours and analysed, colourful centres; programmed specialists")
    ['Enrolment', 'per cent', 'neighbours', 'analysed', 'colourful', 'centres']
    """
    return [found[0] for found in _BRITISH.finditer(_NAMES.sub(" ", text))]


def prose_of_project() -> Iterator[tuple[str, str]]:
    """(path, text) of everything that is written for a person to read; names and keys of code are left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for path in listed.stdout.splitlines():
        reader = READERS.get(path.rpartition(".")[2])
        if reader and not _SKIPPED.search(path) and (ROOT / path).is_file():
            yield from ((path, text) for text in reader((ROOT / path).read_text(encoding="utf-8")))


def _of_python(source: str) -> Iterator[str]:
    """Strings and docstrings with a blank in them or a capital at their head; comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_prose(node.value):
            yield re.sub(r"`[^`]*`", " ", node.value)
    yield from (re.sub(r"`[^`]*`", " ", said) for said in re.findall(r"(?:^|\s)# (.+)$", source, re.M))


def _is_prose(text: str) -> bool:
    return bool(re.search(r"\w\s+\w", text) or re.match(r"[A-Z][a-z]", text)) and not re.match(
        r"\s*SELECT\b|\s*WITH\b", text
    )


_TEMPLATE_WORDS = re.compile(r"""{%\s*translate\s+"([^"]*)"|default:_\("([^"]*)"\)|\b_\("([^"]*)"\)""")
_SPOKEN = re.compile(r"\b(?:alt|title|placeholder|aria-label|data-label|data-empty|content)=\"([^\"]*)\"")


def _of_template(source: str) -> Iterator[str]:
    for match in _TEMPLATE_WORDS.finditer(source):
        yield next(filter(None, match.groups()), "")
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<(script|style|code)\b.*?</\1>", " ", source, flags=re.S)
    for tag in re.findall(r"<[^<>]*>", text):
        yield from _SPOKEN.findall(tag)
    yield re.sub(r"<[^<>]*>", " ", text)


def _of_toml(source: str) -> Iterator[str]:
    def texts(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for one in value.values():
                yield from texts(one)
        elif isinstance(value, list):
            for one in value:
                yield from texts(one)
        elif isinstance(value, str) and _is_prose(value):
            yield value

    yield from texts(tomllib.loads(source))


def _of_markdown(source: str) -> Iterator[str]:
    yield re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)|<!--.*?-->|https?://\S+", " ", source, flags=re.S)


def _of_script(source: str) -> Iterator[str]:
    yield from (
        found
        for found in re.findall(r"\"([^\"\n]*)\"|`([^`]*)`|'([^'\n]*)'", source)
        for found in found
        if _is_prose(found)
    )
    yield from re.findall(r"(?:^|\s)// (.+)$", source, re.M)


READERS = {
    "py": _of_python,
    "html": _of_template,
    "txt": _of_template,
    "toml": _of_toml,
    "md": _of_markdown,
    "js": _of_script,
}
