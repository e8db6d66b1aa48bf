"""The price level of the nation, by month."""

from atlas.metrics.labels import NEITHER, MetricDefinition

PAGE = "https://www.bls.gov/cpi/"
ALL_ITEMS = "cpi_u_all_items"

DEFINITIONS = (
    MetricDefinition(
        ALL_ITEMS,
        "Consumer prices (CPI-U)",
        "price_index",
        NEITHER,
        "Consumer Price Index for All Urban Consumers, all items, US city average, not seasonally adjusted.",
        PAGE,
        "consumer_prices",
    ),
)
