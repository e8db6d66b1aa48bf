"""Whether mail arrives: what mail servers said of an address, and when it is tried again."""
