"""Published values of a whole county. Pure: no Django."""

from dataclasses import dataclass

from atlas.records.places import MeasureRecord, Source


@dataclass(frozen=True)
class CountyValue:
    """One published number in its measure's unit; `middle` is the unweighted median of the file's `counties`."""

    measure: MeasureRecord
    value: float | None
    standard_error: float | None
    middle: float | None
    counties: int


@dataclass(frozen=True)
class CountyValues:
    """What one kind of file says of a city's main county; () while none is live."""

    county: str  # five digits, "" before a city's tracts are known
    name: str
    values: tuple[CountyValue, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple({one.measure.source.release_id: one.measure.source for one in self.values}.values())

    def find(self, slug: str) -> CountyValue | None:
        return next((one for one in self.values if one.measure.slug == slug), None)
