"""Downloads of publishers' files: mirrors, resumption, limits and checks. Pure: no Django, no database."""
