"""Red, amber or green of a risk: likelihood x severity, each 1 to 3."""

from engagements.base.ratings import Colour, Rating

_WORDS = {1: "low", 2: "medium", 3: "high"}
RULE = "Likelihood (1 to 3) times severity (1 to 3): 6 and more is red, 3 and 4 are amber, 1 and 2 green."


def rate_risk(likelihood: int, severity: int) -> Rating:
    score = likelihood * severity
    colour, least = (
        (Colour.RED, "6 or more is red")
        if score >= 6
        else ((Colour.AMBER, "3 and 4 are amber") if score >= 3 else (Colour.GREEN, "1 and 2 are green"))
    )
    rule = f"{_WORDS[likelihood]} likelihood × {_WORDS[severity]} severity = {score}; {least}"
    return Rating(colour, colour.value, rule)
