"""One answer, one state of the data."""

from atlas.queries.live import consistent_reads


class ConsistentReadsMiddleware:
    """A page or API answer is made of one catalog: a flip in the middle of it can't mix two releases."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with consistent_reads():
            return self.get_response(request)
