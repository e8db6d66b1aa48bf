"""Documents: list, bring, fetch the bytes."""

from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from engagements.access.discussion import document_for
from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.discussion.actions.documents import add_document
from engagements.discussion.api.inputs import DocumentQuery, NewDocument
from engagements.discussion.api.serializers import DocumentSerializer
from engagements.discussion.files.acceptance import accept
from engagements.discussion.queries.discussion import count_documents, document_page

_NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


class DocumentList(ApiView):
    serializer_class = DocumentSerializer
    parser_classes = [MultiPartParser]
    write_scope = "write:documents"

    @extend_schema(
        summary="Documents you may read, newest first",
        parameters=[DocumentQuery],
        responses=DocumentSerializer(many=True),
    )
    def get(self, request) -> Response:
        about = {f"{name}_id": pk for name, pk in self.read_query(DocumentQuery).items()}

        def rows(limit: int, offset: int):
            return document_page(request.user, limit=limit, offset=offset, **about)

        return self.answer_list(CountedRows(lambda: count_documents(request.user, **about), rows))

    @extend_schema(
        summary="Upload a document (multipart/form-data)",
        request={"multipart/form-data": NewDocument},
        responses={201: DocumentSerializer},
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewDocument)

        def make() -> dict:
            kept = {
                name: asked[name] for name in ("title", "visibility", "shows_people", "has_consent") if name in asked
            }
            made = add_document(
                engagement=asked["engagement"],
                file=accept(asked["file"], **kept),
                milestone=asked.get("milestone"),
                by=request.user,
                now=timezone.now(),
            )
            (row,) = document_page(request.user, limit=1, pk=made.pk)
            return DocumentSerializer(row).data

        return self.write(make)


class DocumentFile(ApiView):
    """The bytes, as something to save and never to run."""

    serializer_class = DocumentSerializer

    @extend_schema(summary="Download a document", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request, pk: int) -> FileResponse:
        found = document_for(request.user, pk)
        try:
            content = found.file.open("rb")
        except FileNotFoundError as lost:
            raise Http404("The bytes of this document are no longer on the disk.") from lost
        response = FileResponse(
            content, as_attachment=True, filename=found.original_name, content_type=found.media_type
        )
        response["Content-Security-Policy"] = _NOTHING_RUNS
        return response
