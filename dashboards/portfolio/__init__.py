"""The portfolio page: figures of `engagements.queries.portfolio` as a page, tables, lists, shared links and API."""
