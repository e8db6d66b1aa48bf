"""The portfolio: figures of `engagements.portfolio.queries` as a page, tables, lists, shared links and API."""
