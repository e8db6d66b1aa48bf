"""What to know before incarceration and teenage birth are read, and the gate before them by race or gender."""

from dataclasses import dataclass

from atlas.measures import describe, is_sensitive

READ = "read"  # the value of `context` in an address that says so


@dataclass(frozen=True)
class Context:
    """What to know before a map is opened: a heading and paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


class ContextNeeded(Exception):
    """Tracts by a measure that is shown only after its context; carries the measure's slug and the context."""

    def __init__(self, slug: str):
        context = context_of(slug)
        assert context is not None, "only measures with a context need it read"
        self.slug, self.context = slug, context
        super().__init__(" ".join([f"{context.title}.", *context.paragraphs]))


def needs_context(slug: str) -> bool:
    """Whether words come before the numbers: incarceration and teenage birth by race or gender."""
    words = describe(slug)
    split = words.race != "pooled" or words.gender not in (
        "pooled",
        "female" if words.sensitive_as == "teenbrth" else "pooled",
    )
    return is_sensitive(slug) and split


def require_context(slug: str, context: str) -> None:
    """Raises ContextNeeded for a measure that needs it while `context` does not say "read"."""
    if needs_context(slug) and context != READ:
        raise ContextNeeded(slug)


def context_of(slug: str) -> Context | None:
    """What to know of incarceration and teenage birth, with or without race and gender; None for other measures."""
    if not is_sensitive(slug):
        return None
    words = describe(slug)
    what = {
        "jail": "The share of people who were in a federal or state prison or a local jail on one day, April 1, 2010, "
        "when Census 2010 counted everybody. They were then 26 to 32 years old. Nobody is counted for what came "
        "before or after that day.",
        "teenbrth": "The share of women who had a child between the ages of 13 and 19, among women who grew up in the "
        "tract.",
    }.get(words.outcome, f"What the source’s download calls “{words.label}”; the download does not define it.")
    return Context(
        f"Before you read this: {words.label[:1].lower()}{words.label[1:]}",
        (
            what,
            "Differences by race, by gender and between neighborhoods are about institutions and places: policing, "
            "courts, schools, health care, work and segregation, and who was exposed to them. They say nothing about "
            "people’s ability or character, and nothing about any one person.",
            "Estimates for small groups are noisy: read the standard error, and do not set tracts in an order.",
        ),
    )


def context_paragraphs(slug: str) -> tuple[str, ...]:
    """The context as a panel carries it into its caveats and pictures; () for measures that need none."""
    found = context_of(slug)
    return found.paragraphs if found else ()
