"""Pages and files that are computed for each reader: how many one reader may ask for, and made once for many."""
