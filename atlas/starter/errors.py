"""What keeps a starter set from being made."""


class StarterSetError(Exception):
    """Says why in a sentence for a person."""
