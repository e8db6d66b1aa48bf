"""Reading what is live. Everything handed out is a frozen record of `atlas.records.places`, fully loaded."""
