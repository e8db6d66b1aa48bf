"""What a log may say of a text or an error: nothing that somebody typed, no statement, no secret, no mail address.

The log goes to places the portal does not know. Tracebacks stay whole, since code holds no data; of a message only what
the program itself says is kept.
"""

import re
from types import TracebackType
from typing import Any

from mobility_portal.log_secrets import hide_secrets

_LONGEST, _MOST = 500, 4000  # characters of an error's message, of any
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s'\"<>]+")
_TYPED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|“[^”\n]*”|‘[^’\n]*’|(?<==)\([^)\n]*\)")
_NAME = re.compile(r"['\"][A-Za-z_][\w.]{0,80}['\"]")
# Lines that Postgres adds to an error: values of rows and pieces of statements.
_OF_POSTGRES = re.compile(
    r"\s*\b(?:DETAIL|CONTEXT|HINT|QUERY|STATEMENT|WHERE|LINE \d+):.*|\bKey \([^\n]*?\)=\([^\n]*", re.DOTALL
)
_STATEMENT = re.compile(
    r"\b(?:SELECT\b.+?\bFROM|INSERT\s+INTO|UPDATE\b.+?\bSET|DELETE\s+FROM|COPY\b.+?\bFROM)\b.*", re.DOTALL
)
# Interpreter's own errors quote names of the code, which no reader typed.
_OF_THE_CODE = (AttributeError, NameError, ImportError, TypeError)
# Their messages hold addresses with what somebody typed in them, or whole answers of others.
_SILENT = ("requests", "urllib3", "smtplib", "http", "urllib", "json", "email", "xml", "lxml")
_FIELDS = ("constraint_name", "table_name", "column_name")


def scrub(text: str) -> str:
    """A line of the log without secrets in addresses, query strings, mail addresses and what a database quotes.

    >>> scrub("GET /shared/abcdefghijklmnopqrst/?q=Ada for ada@example.org")
    'GET /shared/[secret]/?[query] for [mail]'
    """
    text = text[:_MOST]
    text = _STATEMENT.sub("[statement]", _OF_POSTGRES.sub("", text))
    return _MAIL.sub("[mail]", _QUERY.sub("?[query]", hide_secrets(text)))


def describe_error(error: BaseException) -> str:
    """ "KeyError: [text]": the class, and what of its message may be told. Never raises.

    An error of the database: its SQLSTATE, constraint, table and column, never its words.
    """
    name = _class_name(error)
    said = _of_database(error) if _is_of_database(error) else _said_by(error)
    return f"{name}: {said}" if said else name


def _said_by(error: BaseException) -> str:
    if type(error).__module__.split(".")[0] in _SILENT or isinstance(error, UnicodeError) or _is_about_fields(error):
        return ""
    try:
        text = str(error)
    except Exception:  # a message that can't be read has nothing to say; the class and the traceback remain
        return ""
    keeps_names = isinstance(error, _OF_THE_CODE)
    text = scrub(text)
    text = _TYPED.sub(lambda found: found[0] if keeps_names and _NAME.fullmatch(found[0]) else "[text]", text)
    return text[:_LONGEST]


def _is_about_fields(error: BaseException) -> bool:
    """Validation of a form or of the API: sentences about what was sent."""
    return type(error).__name__ in ("ValidationError", "ParseError", "ErrorDetail")


def _is_of_database(error: BaseException) -> bool:
    return any(each.__module__.startswith(("psycopg2", "django.db")) for each in type(error).__mro__[:-3])


def _of_database(error: BaseException) -> str:
    """ "SQLSTATE 23505, constraint_name user_email": from the driver's error, which Django's one has as its cause."""
    driver: Any = error.__cause__ if error.__cause__ is not None and hasattr(error.__cause__, "diag") else error
    code = getattr(driver, "pgcode", None)
    found = [f"SQLSTATE {code}"] if code else []
    diagnosis = getattr(driver, "diag", None)
    found += [f"{field} {value}" for field in _FIELDS if (value := getattr(diagnosis, field, None))]
    return ", ".join(found)


def describe_traceback(error: BaseException, root: str = "") -> str:
    """As Python prints it, the first cause first, with `describe_error` for messages; paths below `root` shortened."""
    parts: list[str] = []
    seen: set[int] = set()
    each: BaseException | None = error
    link = ""
    while each is not None and id(each) not in seen and len(parts) < 10:
        seen.add(id(each))
        frames = "\n".join(_frames(each.__traceback__, root))
        parts.append("\n".join(filter(None, (frames, describe_error(each), link))))
        if each.__cause__ is not None:
            each, link = each.__cause__, "  which caused:"
        elif each.__context__ is not None and not each.__suppress_context__:
            each, link = each.__context__, "  while this was handled:"
        else:
            each = None
    return "\n".join(reversed(parts))


def _frames(traceback: TracebackType | None, root: str) -> list[str]:
    """Where it passed; the source lines are left to whoever has the code."""
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"  {code.co_filename.removeprefix(root)}:{traceback.tb_lineno} in {code.co_qualname}")
        traceback = traceback.tb_next
    return found if len(found) <= 60 else [*found[:20], "  ...", *found[-40:]]


def _class_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
