"""Facts about AWS, vendors and authorities, each with its source and the date it was read."""
