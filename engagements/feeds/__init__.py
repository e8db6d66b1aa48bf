"""Live feeds: where values come from by themselves, what waits for a person, how old each number is."""
