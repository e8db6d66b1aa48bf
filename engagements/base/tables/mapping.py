"""How the columns of somebody's table become fields: said once, saved, used the next time. One for every kind. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from engagements.base.tables.cells import DATE_ORDERS, find_date_question
from engagements.base.tables.table import Kind, Row, Table, TableRefused

MAX_WORDS = 200  # of one field
MAX_TEXT = 200  # characters of a column's name, a constant or a word
LEAVE = "-"  # a word with this meaning says nothing: the cell counts as empty
_FORMAT = 2
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """One thing a row may say.

    `differs`: the same for all rows it would make no sense. `usual`: what tools call its column, as headers are read.
    `choices`: the meanings its words may have, with `usual_words`: what tools write -> meaning. `shares`: its column
    may also be that of another field. `in_preview`: may also be answered for all rows once they were shown.
    """

    name: str
    label: str
    help: str
    required: bool = False
    differs: bool = False
    usual: tuple[str, ...] = ()
    choices: Choices = ()
    usual_words: tuple[tuple[str, str], ...] = ()
    is_date: bool = False
    shares: bool = False
    in_preview: bool = False
    ours: bool = False


@dataclass(frozen=True)
class Option:
    """How cells of a kind are written; the first choice is the default."""

    name: str
    label: str
    choices: Choices


DATES = Option("date_order", "Dates look like", DATE_ORDERS)


@dataclass(frozen=True)
class Declaration:
    """What a table of one kind may hold: `subject` is the kind's name for machines, `holder` what has the fields.

    `own`: columns that our exports also have and no import reads.
    """

    subject: str
    holder: str
    kind: Kind
    fields: tuple[Field, ...]
    options: tuple[Option, ...] = (DATES,)
    own: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.fields)

    @property
    def columns(self) -> dict[str, str]:
        """name -> what to write in it."""
        return {each.name: each.help for each in self.fields}

    def field(self, name: str) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)

    def is_own(self, header: tuple[str, ...]) -> bool:
        """Whether a table has our own names: it is read without being asked about."""
        ours = set(self.names) | set(self.own)
        return set(header) <= ours and all(each.name in header for each in self.fields if each.required)


class MappingRefused(ValueError):
    """`problems`: (part of the mapping, sentence)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]):
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


@dataclass(frozen=True)
class Mapping:
    """`columns`: field -> column of the table, as its header is read (lower case, underscores). `constants`: field ->
    text for all rows. `words`: field -> a tool's word, in lower case -> its meaning. `titles`: column -> its name as
    the file has it, in the file's order, so that an export looks like the file.

    Raises MappingRefused for a wrong one.
    """

    of: Declaration
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        full = {option.name: option.choices[0][0] for option in self.of.options} | self.options
        object.__setattr__(self, "options", full)
        if problems := tuple(self._problems()):
            raise MappingRefused(problems)

    def _problems(self) -> Iterator[tuple[str, str]]:
        for name in (*self.columns, *self.constants, *self.words):
            if self.of.field(name) is None:
                yield "columns", f"{self.of.holder} has no field “{str(name)[:40]}”."
        for name in sorted(set(self.columns) & set(self.constants)):
            yield name, f"{self.label(name)} has a column and a text for all rows. Keep one."
        for each in self.of.fields:
            if each.required and each.name not in self.columns and each.name not in self.constants:
                words = f"Say which column holds {each.label[:1].lower()}{each.label[1:]}"
                yield each.name, words + ("." if each.differs else ", or give one text for all rows.")
            if each.differs and each.name in self.constants:
                yield each.name, f"{each.label} differs by row: choose a column."
        for column in sorted(set(self._given_twice())):
            yield "columns", f"Column “{column[:60]}” is given to two fields."
        yield from self._text_problems()
        yield from self._word_problems()
        for option in self.of.options:
            value = self.options[option.name]
            if value not in {known for known, _ in option.choices}:
                yield option.name, f"“{value[:40]}” is none of: {', '.join(known for known, _ in option.choices)}."
        for name in sorted(set(self.options) - {option.name for option in self.of.options}):
            yield "options", f"A mapping has no option “{name[:40]}”."

    def _given_twice(self) -> Iterator[str]:
        given = [column for name, column in self.columns.items() if (each := self.of.field(name)) and not each.shares]
        return (column for column in given if given.count(column) > 1)

    def _text_problems(self) -> Iterator[tuple[str, str]]:
        texts = (*self.columns.values(), *self.constants.values(), *(w for words in self.words.values() for w in words))
        if any(not text.strip() for text in texts):
            yield "columns", "A column's name, a text for all rows or a word is empty."
        if any(len(text) > MAX_TEXT for text in texts):
            yield "columns", f"A column's name, a text or a word has more than {MAX_TEXT} characters."

    def _word_problems(self) -> Iterator[tuple[str, str]]:
        for name, words in self.words.items():
            each = self.of.field(name)
            known = {LEAVE, *(value for value, _ in each.choices)} if each else set()
            if len(words) > MAX_WORDS:
                yield f"{name}_words", f"There are more than {MAX_WORDS} words for {self.label(name).lower()}."
            for word, meaning in words.items():
                if meaning not in known:
                    yield (
                        f"{name}_words",
                        f"“{word[:40]}” is translated to “{meaning[:40]}”, which is no {self.label(name).lower()}.",
                    )
                if word != plain_word(word):
                    yield f"{name}_words", f"Write “{word[:40]}” in lower case: capitals make no difference."

    def label(self, name: str) -> str:
        each = self.of.field(name)
        return each.label if each else name

    def to_json(self) -> dict[str, object]:
        """As it is saved; the same mapping gives the same text."""
        return {
            "format": _FORMAT,
            "columns": dict(sorted(self.columns.items())),
            "constants": dict(sorted(self.constants.items())),
            "words": {name: dict(sorted(words.items())) for name, words in sorted(self.words.items()) if words},
            "options": dict(sorted(self.options.items())),
            "titles": [[column, title] for column, title in self.titles.items()],
        }

    def missing(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Columns it reads that a table doesn't have."""
        return tuple(sorted(column for column in set(self.columns.values()) if column not in header))

    def check_header(self, table: Table) -> None:
        """Raises TableRefused when it names a column that the table doesn't have."""
        if missing := self.missing(table.header):
            names = ", ".join(f"“{name}”" for name in missing)
            raise TableRefused(
                f"The mapping reads {names}, which this table doesn't have. Change the mapping or the table."
            )

    def has(self, name: str) -> bool:
        return name in self.columns or name in self.constants

    def cells_of(self, table: Table, row: Row) -> dict[str, str]:
        """field -> text, for every field it reads. The words of a choice are translated."""
        found = {name: text.strip() for name, text in self.constants.items()}
        for name, column in self.columns.items():
            text = row.cells[table.header.index(column)]
            meaning = self.words.get(name, {}).get(plain_word(text))
            found[name] = text if meaning is None else "" if meaning == LEAVE else meaning
        return found


def own_mapping(of: Declaration, header: tuple[str, ...]) -> Mapping:
    """Of a table with our own names: each column is what it is called."""
    return Mapping(of, {name: name for name in of.names if name in header})


def from_json(of: Declaration, kept: object) -> Mapping:
    """Raises MappingRefused for what is no mapping, whoever wrote it."""
    if isinstance(kept, str):
        try:
            kept = json.loads(kept)
        except ValueError as broken:
            raise MappingRefused((("mapping", "The mapping is not JSON."),)) from broken
    if not isinstance(kept, dict):
        raise MappingRefused((("mapping", "A mapping is a JSON object."),))
    if kept.get("format", 1) == 1:
        kept = _of_first_format(kept)
    if kept.get("format") != _FORMAT:
        raise MappingRefused((("mapping", "The mapping was saved in a format that is not known here."),))
    if unknown := sorted(set(map(str, kept)) - {"format", "columns", "constants", "words", "options", "titles"}):
        raise MappingRefused((("mapping", f"A mapping has no part “{unknown[0][:40]}”."),))
    for name in ("columns", "constants", "options"):
        _check_texts(name, kept.get(name, {}))
    words = kept.get("words", {})
    if not isinstance(words, dict):
        raise MappingRefused((("words", "“words” is an object of objects."),))
    for name, part in words.items():
        _check_texts(f"{name}_words", part)
    return Mapping(
        of,
        kept.get("columns", {}),
        kept.get("constants", {}),
        words,
        kept.get("options", {}),
        _read_titles(kept.get("titles", [])),
    )


def _of_first_format(kept: dict) -> dict:
    """Mappings of finance tables as they were saved before there were others."""
    old = {"columns", "constants", "stage_words", "date_order", "decimal_mark", "negatives"}
    parts = {name: value for name, value in kept.items() if name in old}
    options = {name: parts[name] for name in ("date_order", "decimal_mark", "negatives") if name in parts}
    others = {name: value for name, value in kept.items() if name not in old}
    words = {"stage": parts["stage_words"]} if parts.get("stage_words") else {}
    columns = {name: parts.get(name, {}) for name in ("columns", "constants")}
    return {**others, **columns, "words": words, "options": options, "format": _FORMAT}


def _check_texts(name: str, part: object) -> None:
    if not isinstance(part, dict) or not all(isinstance(text, str) for pair in part.items() for text in pair):
        raise MappingRefused(((name, f"“{name}” is an object of texts."),))


def _read_titles(kept: object) -> dict[str, str]:
    pairs = kept if isinstance(kept, list) else [[]]
    if not all(isinstance(p, list) and len(p) == 2 and all(isinstance(t, str) for t in p) for p in pairs):
        raise MappingRefused((("titles", "“titles” is a list of pairs of texts."),))
    return {column[:MAX_TEXT]: title[:MAX_TEXT] for column, title in pairs}


def suggest(of: Declaration, header: tuple[str, ...]) -> dict[str, str]:
    """field -> column, by the names tools use. Each column once; a person looks at it before it is used."""
    found: dict[str, str] = {}
    for each in of.fields:
        taken = () if each.shares else tuple(found.values())
        names = each.usual if each.ours else (each.name, *each.usual)
        column = next((name for name in names if name in header and name not in taken), None)
        if column:
            found[each.name] = column
    return found


def plain_word(text: str) -> str:
    """As words are compared."""
    return " ".join(text.casefold().split())


def words_in(table: Table, column: str) -> tuple[str, ...]:
    """The different words of a column, each as it is first written, in the table's order; MAX_WORDS at most."""
    at = table.header.index(column)
    found: dict[str, str] = {}
    for row in table.rows:
        if (word := row.cells[at].strip()) and len(found) < MAX_WORDS:
            found.setdefault(plain_word(word), word)
    return tuple(found.values())


def meaning_of(each: Field, word: str) -> str | None:
    """What a word means without being told: a value, a label or what tools usually write. None: a person is asked."""
    plain = plain_word(word)
    for value, label in each.choices:
        if plain.replace("-", "_").replace(" ", "_") == value or plain == label.casefold():
            return value
    return dict(each.usual_words).get(plain)


def unknown_words(table: Table, mapping: Mapping) -> dict[str, tuple[str, ...]]:
    """field -> words of its column that neither a choice nor the mapping explains."""
    found: dict[str, tuple[str, ...]] = {}
    for each in mapping.of.fields:
        column = mapping.columns.get(each.name)
        if not each.choices or column is None or column not in table.header:
            continue
        known = mapping.words.get(each.name, {})
        open_ = tuple(
            word
            for word in words_in(table, column)
            if plain_word(word) not in known and len(word) <= MAX_TEXT and _own_meaning(each, word) is None
        )
        if open_:
            found[each.name] = open_
    return found


def _own_meaning(each: Field, word: str) -> str | None:
    plain = plain_word(word).replace("-", "_").replace(" ", "_")
    named = ((value, label.casefold().replace("-", "_").replace(" ", "_")) for value, label in each.choices)
    return next((value for value, label in named if plain in (value, label)), None)


def dates_in(of: Declaration, table: Table, columns: dict[str, str]) -> Iterator[str]:
    for each in of.fields:
        column = columns.get(each.name)
        if each.is_date and column in table.header:
            at = table.header.index(column)
            yield from (row.cells[at] for row in table.rows if row.cells[at])


def date_question(of: Declaration, table: Table, columns: dict[str, str]) -> tuple[str, str]:
    """(the only order all dates can be read in, or "", a sentence where two would do)."""
    return find_date_question(dates_in(of, table, columns))
