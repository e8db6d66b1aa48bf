"""What protects people in a pilot's data: identifying columns, small groups, counts that are not shown. Pure."""
