"""`?dollars=today` of the API: incomes in dollars of the last month of prices; each answer says which it has."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from atlas.records.places import MeasureRecord
from atlas.web.api import measure_data
from dashboards.base.chosen_dollars import chosen_dollars
from dashboards.formatting.shown_dollars import PUBLISHED, in_shown_dollars, showing, shown_dollars, shown_unit
from dashboards.panels.options import DOLLARS, UnknownChoice

PARAMETER = OpenApiParameter(
    "dollars",
    str,
    enum=list(DOLLARS),
    default="2015",
    description="of incomes: 2015 as published, or those of the last month of prices (CPI-U); ranks and shares stay",
)


class DollarsSerializer(serializers.Serializer):
    price_period = serializers.CharField(help_text="2015, or the month of the prices: 2026-08")
    unit = serializers.CharField(help_text="of incomes in this answer: usd_2015 or usd_2026_08")
    factor = serializers.FloatField(help_text="of these dollars for one of 2015; 1 as published")
    note = serializers.CharField(
        allow_blank=True, help_text="source of the factor, or why there is none; empty as published"
    )


class IncomeField(serializers.FloatField):
    """An income of 2015, in the dollars shown."""

    def to_representation(self, value: Any) -> Any:
        return in_shown_dollars(float(value))


class ChosenDollarsMixin:
    """For an APIView whose operations declare PARAMETER: answers 400 to dollars that nobody has."""

    takes_dollars = True

    def dispatch(self, request, *args, **kwargs):
        try:
            dollars = chosen_dollars(request.GET)
        except UnknownChoice:  # `initial` says so, once it is known who asks
            dollars = PUBLISHED
        with showing(dollars):
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of APIViews

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # as above
        try:
            chosen_dollars(request.GET)
        except UnknownChoice as problem:
            there_are = ", ".join(problem.known)
            raise ValidationError({problem.parameter: [f"{problem} There are: {there_are}."]}) from problem


def dollars_data() -> dict[str, Any]:
    """Of the dollars shown."""
    shown = shown_dollars()
    return {"price_period": shown.period, "unit": shown.unit, "factor": shown.factor, "note": shown.note}


def shown_measure_data(measure: MeasureRecord) -> dict[str, Any]:
    """A measure with the unit of its numbers in this answer."""
    return {**measure_data(measure), "unit": shown_unit(measure.unit)}
