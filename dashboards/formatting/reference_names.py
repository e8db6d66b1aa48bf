"""What a place beside another is called where the same place stands twice: published, and by the same arithmetic."""

from atlas.records.places import Reference


def reference_name(reference: Reference, place: str) -> str:
    """ "Wayne County, published" or "Wayne County, same arithmetic as Detroit"; the nation stands once, by its name."""
    if reference.kind == "nation":
        return reference.name
    if reference.is_published:
        return f"{reference.name}, {'own value' if reference.is_sample else 'published'}"
    return f"{reference.name}, same arithmetic as {place}"
