from engagements.files.accept import accept
from engagements.files.arriving import MAX_BYTES

__all__ = ["MAX_BYTES", "accept"]
