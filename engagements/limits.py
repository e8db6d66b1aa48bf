"""Limits that a form, an action, the API and the database share, each declared once. Pure."""

# Mean yearly earnings by age, which a planner brings for gains over a lifetime.
AGE_OF_MEAN = 34  # the Atlas measures earnings at about this age
FIRST_AGE, LAST_AGE = 18, 70
MOST_EARNED = 10_000_000  # dollars a year; means are far below
