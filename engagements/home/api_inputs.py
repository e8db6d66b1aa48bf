"""What the API takes for engagements and for what happened in them."""

from rest_framework import serializers

from engagements.base.api.inputs import StrictQuerySerializer, id_field


class EngagementQuery(StrictQuerySerializer):
    city = serializers.SlugField(required=False)


class ActivityQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    since = serializers.DateTimeField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class UpdateQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
