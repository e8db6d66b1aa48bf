"""What the portal does not do, and why. Pure data."""

# (what, why)
REFUSED = (
    (
        "No league table of tracts",
        "The true rank of most tracts can’t be told from that of most others. A sorted list would present luck "
        "as order.",
    ),
    (
        "No causes",
        "The numbers say where people grew up and how they did. They don’t say what made the difference, and a "
        "comparison of places is no comparison of programs.",
    ),
    (
        "No dollars over a lifetime on a city’s page",
        "Evidence on children who moved is about moving a child, not about changing a place. It is no multiplier "
        "for a neighborhood.",
    ),
    (
        "No map of local clusters",
        "On adjusted values such a map shows clusters that are not there; on the original estimates, corrected for the "
        "number of tests, it shows almost none. One number for the city, Moran’s I, is what the data support.",
    ),
    (
        "No trend of a tract, and no comparison of the two groups of birth years",
        "The two groups were measured at different ages. Subtracting one from the other would measure the age.",
    ),
    (
        "No value where the source has none",
        "Values that are not published stay empty, in every panel, download and answer.",
    ),
)
