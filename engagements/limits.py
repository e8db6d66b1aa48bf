"""Limits that a form, an action, the API and the database share, each declared once. No Django here.

Numbers that a person, a program or a file brings: inside these limits every product, ratio and square of the
arithmetic stays a finite number. Beyond them stands a slip: extra zeros, a percentage for a share, an amount in cents.
"""

LARGEST_NUMBER = 1e12  # of effects, standard errors, interval ends, indicators: a trillion in any unit
SMALLEST_NUMBER = 1e-9  # nearer to 0 a number is 0: a ratio to it would have no meaning
SMALLEST_SHARE = 1e-6  # one person in a million

MOST_PEOPLE_OFFERED = 10_000_000  # more than live in any city of the country
MOST_PEOPLE_STUDIED = 1_000_000_000
MOST_USD_EACH = 10_000_000  # for one person or family of a plan; also what somebody earns in a year
MOST_USD_OF_A_STUDY = 1_000_000_000  # cost for one person or family, as a study prints it
MOST_USD_INTERVENTION = 1_000_000_000
MOST_USD = 10_000_000_000  # of a budget and of an entry of the ledger
PILOT_UNITS_DAYS = 400  # that a pilot's list keeps its numbers and the key of its ids, once it is published or stopped
UNFINISHED_UNITS_DAYS = 1_100  # after the registered end, where a pilot is neither published nor stopped nor archived
MOST_MONTHS = 240  # of an intervention
MOST_OCCUPATIONS = 5  # that one intervention leads to

# Mean yearly earnings by age, which a planner brings for gains over a lifetime.
AGE_OF_MEAN = 34  # the Atlas measures earnings at about this age
FIRST_AGE, LAST_AGE = 18, 70
MOST_EARNED = MOST_USD_EACH  # dollars a year; means are far below

# Longest texts, in characters: of a form's field, the API's, an import's cell, an action's argument and the column.
PHONE = 40
TIME_ZONE = 40
DIMENSION = 60  # “sex”, “age group”: what values are broken down by
SOURCE_SYSTEM = 60  # the finance system entries come from
CATEGORY = 80  # one group of a dimension
EVIDENCE_KEY = 80
EXTERNAL_ID = 80  # number of an entry in its finance system
MEASURE_SLUG = 80
SHORT_NAME = 80  # of a saved view, a share link, a token, an area, a theme: what somebody calls their own thing
REPORT_STEP = 100  # what a report's maker is doing
SEARCH = 100
INITIATIVE_NAME = 120
BUDGET_NAME = 120
JOB_TITLE = 120
NAME = 150  # of a person, an organization, an indicator, an intervention, a payee
PLAN_TITLE = 150
PART = 150  # what an organization does in an engagement
TITLE = 200  # of a milestone, a document, a record, a risk, or any of them in the history
FILE_NAME = 200
PHRASE = 200  # a few words inside a sentence: “of all who were offered”
POSTAL_ADDRESS = 200
BROWSER = 200  # the User-Agent header
WHY = 300  # a reason that stays in the history
SENTENCE = 300  # one sentence: a note for funders, a description, a line of mail
API_PATH = 300
LINE = 500  # what happened, in one line
NOTE = 500  # of a value: what its reader has to know
OUTCOME = 500  # how a risk ended
REASON = 500  # why a study's effect carries over to a place
CITATION = 500  # where something is recorded, in words or as an address
PANEL_PATH = 500  # address of a figure, within the portal
FEED_VARIABLE = 60  # name of an environment variable
FEED_QUERY = 500  # what a feed asks its publisher
FILTER_QUERY = 500  # filters of a portfolio, as in its address
DIMENSION_LIST = 600  # all dimensions of an indicator, with commas
DEFINITION = 2_000  # of an indicator; also the project of an engagement
LOCAL_NOTE = 2_000
BODY = 5_000  # a comment, a question, what is done about a risk, what shows that a milestone is done
LONG_BODY = 20_000  # a section of an update or a plan, an answer, notes of a meeting, all that is logged at once

REPLY = 600  # what a city adds to a sentence about it
RESULT_ARMS, RESULT_SOURCES = 12, 20  # most of one result
URL = 500

# Texts of a row of evidence by field; every other one has EVIDENCE_TEXT.
EVIDENCE = {
    "key": EVIDENCE_KEY,
    "intervention": NAME,
    "outcome": PHRASE,
    "effect_words": 400,
    "conflict": 600,
    "unit": 80,
    "outcome_age": 120,
    "duration": 200,
    "population": SENTENCE,
    "setting": SENTENCE,
    "cost_words": SENTENCE,
    "fadeout": 400,
    "mvpf_words": 200,
    "verification_note": 400,
}
EVIDENCE_TEXT = 2_000

TOO_LARGE = "This is beyond a trillion. Look for a slip of the key, such as extra zeros."
TOO_SMALL = "This is nearer to 0 than a billionth. Write 0, or choose a smaller unit."
TOO_SMALL_A_SHARE = "This is less than one in a million. Write 0, or look for a slip of the key."


def find_number_problem(value: float) -> str:
    """A sentence when a finite number is beyond LARGEST_NUMBER or, without being 0, below SMALLEST_NUMBER; else "".

    Either sign. Worked: 2.9e152 -> TOO_LARGE; -1e-300 -> TOO_SMALL; 0 and 3477 -> "".
    """
    if abs(value) > LARGEST_NUMBER:
        return TOO_LARGE
    return TOO_SMALL if 0 < abs(value) < SMALLEST_NUMBER else ""


def find_share_problem(share: float) -> str:
    """A sentence when a share 0-1 is above 0 and below SMALLEST_SHARE; else ""."""
    return TOO_SMALL_A_SHARE if 0 < share < SMALLEST_SHARE else ""
