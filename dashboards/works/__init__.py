"""What works: results of cities and pilots, and studies, by outcome; and how to test one of them again."""
