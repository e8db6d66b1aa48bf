"""A place's profile on one sheet, US Letter: each panel's figure as the page draws it, its finding, its notes."""

from dashboards.documents.model import Document, Drawing, Picture, Section
from dashboards.exports.figure_svg import words_below
from dashboards.panels.base import Panel
from dashboards.places.profile import Profile


def paper_document(profile: Profile) -> Document:
    return profile.document(tuple(_section(panel, profile) for panel in profile.panels), is_one_page=True)


def _section(panel: Panel, profile: Profile) -> Section:
    """A finding that the page begins with is said once; without a figure there is the reason why."""
    said = panel.finding if panel.finding != profile.lede else ""
    picture = None if panel.figure is None else drawing_of(panel, profile)
    return Section(panel.title, said or ("" if picture else panel.reason), picture=picture, notes=panel.caveats)


def drawing_of(panel: Panel, profile: Profile) -> Drawing | Picture:
    """The map of tracts as the page has it; of another panel its figure with its years inside.

    Raises ValueError where it has none.
    """
    if panel.slug == "where" and profile.map is not None:
        return profile.map
    if panel.figure is None:
        raise ValueError(f"The panel {panel.slug} has no figure: {panel.reason or 'it is a table'}")
    below = words_below(panel, is_alone=False)
    return Drawing(panel.figure, panel.title, panel.finding, profile.geometry, below)
