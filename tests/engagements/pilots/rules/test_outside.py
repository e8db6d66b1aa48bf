"""`analyze_pilot` from the outside: two files, no database, a sentence for everything that is in the way."""

import json
import math
import os
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from engagements.pilots.rules.finding_values import KEYS
from engagements.pilots.rules.outside import FilesRefused, analyze_bytes, analyze_files, as_json, as_page, printable
from engagements.pilots.rules.same_numbers import differences_between

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = ROOT / "docs/pilots"
SPEC, DATA = EXAMPLES / "people.toml", EXAMPLES / "people.csv"
TODAY = date(2030, 1, 1)


def run(*arguments, cwd=ROOT, home):
    """As an outside analyst does: no database, no broker, and a home that must stay empty."""
    servers = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_OFFLINE", "PORTAL_EMBEDDED", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    environment |= {"MOBILITY_HOME": str(home)}
    command = [sys.executable, "manage.py", "analyze_pilot", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_needs_no_server_and_starts_none(tmp_path):
    home = tmp_path / "home"
    done = run(SPEC, DATA, "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "worked"
    assert not home.exists()


def test_the_command_ends_with_2_and_a_sentence_for_each_problem(tmp_path):
    spec = tmp_path / "spec.toml"
    spec.write_text(SPEC.read_text("utf-8").replace("design =", "desing ="), "utf-8")
    done = run(spec, DATA, home=tmp_path / "home")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "spec.toml: “desing” is not a key. Did you mean “design”?",
        "spec.toml: “design” is missing.",
    ]


def test_a_page_of_text_is_the_answer_without_json():
    out = StringIO()
    call_command("analyze_pilot", SPEC, DATA, stdout=out)
    page = out.getvalue()
    assert page.startswith("Verdict: worked\nIt worked: of 100 people offered it, about 7 more")
    assert "Interval of the verdict: 5.32" in page
    assert max(map(len, page.splitlines())) <= 100


def test_json_has_the_promised_keys_and_is_json():
    values = json.loads(as_json(analyze_files(SPEC, DATA, TODAY)))
    assert tuple(values)[: len(KEYS)] == KEYS
    assert values["refused"] is False
    assert values["rows"] == 2


def test_a_refusal_is_an_answer():
    values = analyze_files(EXAMPLES / "refused.toml", EXAMPLES / "refused.csv", TODAY)
    assert values["refused"] is True
    assert values["verdict"] == "refused"
    assert values["value"] is values["interval"] is values["p"] is None
    page = as_page(values)
    assert "Refused: Only 2 neighborhoods got the program." in page
    assert "Needed: At least 3 neighborhoods of each kind." in page


def test_a_stopped_pilot_needs_no_method_that_is_still_allowed():
    """An older plan with a method that today's rules refuse: no number is asked of it, so nothing is in the way."""
    text = SPEC.read_text("utf-8")
    older = text.replace('estimator = "difference"', 'estimator = "paired"')
    assert older != text
    with pytest.raises(FilesRefused):
        analyze_bytes(older.encode(), DATA.read_bytes(), TODAY)
    stopped = older.replace("[facts]", '[facts]\nstopped_because = "Two lost aid."')
    assert analyze_bytes(stopped.encode(), DATA.read_bytes(), TODAY)["verdict"] == "stopped"


def test_without_facts_the_result_is_exploratory():
    text = SPEC.read_text("utf-8").partition("[facts]")[0]
    values = analyze_bytes(text.encode(), DATA.read_bytes(), TODAY)
    assert (values["verdict"], values["strength"]) == ("cannot_tell", "exploratory")
    assert "does not say both when the plan was locked" in values["registered_why"]
    assert values["value"] == pytest.approx(7.401, abs=0.001)


def test_clusters_as_drawn_say_what_could_be_detected():
    spec, data = (EXAMPLES / "clusters.toml").read_text("utf-8"), (EXAMPLES / "clusters.csv").read_bytes()
    drawn = "".join(f'[[facts.clusters]]\narm = "{arm}"\nsize = 40\n' for arm in ["none", "texts"] * 10)
    assumed, known = (analyze_bytes(text.encode(), data, TODAY) for text in (spec, f"{spec}\n{drawn}"))
    assert known["detectable"] > assumed["detectable"]  # half as many students as assumed
    assert known["interval"] == assumed["interval"]


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200_000_000)  # a hole: reading it would bring 200 MB of zeros
    with pytest.raises(FilesRefused, match=r"large.csv: The file has 200 MB; at most 64 MB are read."):
        analyze_files(SPEC, large, TODAY)
    with pytest.raises(FilesRefused, match="Is it the data file"):
        analyze_files(large, DATA, TODAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('estimator = "difference"', 'estimator = "paired"', "“estimator”: This design has these methods"),
        ("smallest_worthwhile = 3 ", "smallest_worthwhile = 0 ", "“smallest_worthwhile”: Give the smallest effect"),
        ('key = "kept"', 'key = "showed_up"', "The column “kept” is missing"),
    ],
)
def test_what_cannot_be_used_is_said(old, new, said):
    spec = SPEC.read_text("utf-8")
    assert old in spec
    data = "id,arm,kept\na,letter,1\nb,text,0\n"
    if "column" in said:
        new, data = old, data.replace("kept", "keptt")
    with pytest.raises(FilesRefused, match=said):
        analyze_bytes(spec.replace(old, new).encode(), data.encode(), TODAY)


def test_files_that_are_not_there_are_said(tmp_path):
    with pytest.raises(FilesRefused, match="none.toml: There is no such file."):
        analyze_files(tmp_path / "none.toml", DATA, TODAY)
    with pytest.raises(FilesRefused, match="There is no such file"):
        analyze_files(SPEC, tmp_path, TODAY)


def test_two_answers_are_compared_by_number_and_by_word():
    one = {"value": 7.4, "interval": [5.0, 9.0], "verdict": "worked", "refused": False, "df": None, "rows": 2}
    assert differences_between(one, one | {"value": 7.4 * (1 + 1e-9), "rows": 4}) == []
    other = one | {"value": 7.5, "interval": [5.0, 9.1], "verdict": "cannot_tell", "df": 3.0}
    assert differences_between(one, other) == ["df", "interval.1", "value", "verdict"]
    assert differences_between({"a": True}, {"a": 1}) == ["a"]
    assert differences_between({"a": [1.0]}, {"a": [1.0, 2.0]}) == ["a"]
    assert not math.isnan(one["value"])


EVIL = "\\u001b]0;owned\\u0007\\u009b2J\\u202eab\\u00a0c"  # a title, an erased screen, reversed writing, a hard blank


def test_names_in_a_file_of_somebody_else_do_nothing_to_a_terminal():
    spec = SPEC.read_text("utf-8")
    spec += f'\n[[secondary]]\nkey = "evil"\nname = "{EVIL}"\nunit = "days"\nkind = "mean"\nbetter = "more"\n'
    values = analyze_bytes(spec.encode(), DATA.read_bytes(), TODAY)
    for text in (as_page(values), as_json(values)):
        assert all(one.isprintable() or one == "\n" for one in text)
    assert json.loads(as_json(values)) == json.loads(json.dumps(values))
    with pytest.raises(FilesRefused) as refused:
        analyze_bytes(spec.replace("title =", f'"{EVIL}" =').encode(), DATA.read_bytes(), TODAY)
    assert "owned" in str(refused.value)
    assert all(one.isprintable() or one == "\n" for one in str(refused.value))
    assert printable("\x1b]0;a\x07\x9b2J\u202eb\u00a0c\td") == "?]0;a??2J?b c d"
