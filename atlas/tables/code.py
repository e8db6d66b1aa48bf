"""A table as code to copy: a few lines of Python or R that read it, with its releases and the checksum of its CSV."""

import json

from atlas.tables.declaration import Table

CHANGED = "These numbers have changed since the code was copied."


def python_code(table: Table, address: str, sha256: str) -> str:
    """For pandas: texts stay texts, days become days, and a changed file says so. `sha256` of the CSV at `address`."""
    texts = [column.name for column in table.columns if column.type == "string"]
    days = [column.name for column in table.columns if column.type in ("date", "datetime")]
    options = [f"dtype={json.dumps(dict.fromkeys(texts, 'str'))}"] if texts else []
    options += [f"parse_dates={json.dumps(days)}"] if days else []
    return "\n".join(
        [
            *_about(table),
            "import hashlib",
            "import io",
            "import urllib.request",
            "",
            "import pandas as pd",
            "",
            f"content = urllib.request.urlopen({json.dumps(address)}).read()",
            f'if hashlib.sha256(content).hexdigest() != "{sha256}":',
            f'    print("{CHANGED}")',
            f"table = pd.read_csv({', '.join(['io.BytesIO(content)', *options])})",
            "",
        ]
    )


def r_code(table: Table, address: str, sha256: str) -> str:
    """For R without packages: texts stay texts, and days become days."""
    kinds = {"string": "character", "date": "Date"}
    classes = [f"{_r_name(c.name)} = {json.dumps(kinds[c.type])}" for c in table.columns if c.type in kinds]
    options = [f"colClasses = c({', '.join(classes)})"] if classes else []
    options += ['na.strings = ""', "check.names = FALSE", 'encoding = "UTF-8"']
    return "\n".join(
        [
            *_about(table),
            f"# SHA-256 of the file when this code was copied: {sha256}",
            f"table <- read.csv({', '.join([json.dumps(address), *options])})",
            "",
        ]
    )


def _about(table: Table) -> list[str]:
    said = [table.title, table.address]
    for source in table.sources:
        mark = ", synthetic sample data" if source.is_sample else ""
        mark += f", starter set of {source.starter_date.isoformat()}" if source.starter_date else ""
        said.append(f"{source.publisher}, {source.title} ({source.vintage}{mark}): release {source.release},")
        said.append(f"  file with SHA-256 {source.sha256}")
    return [f"# {' '.join(words.split()) if not words.startswith(' ') else words}" for words in said if words.strip()]


def _r_name(name: str) -> str:
    return name if name.isidentifier() and not name.startswith("_") else f"`{name}`"
