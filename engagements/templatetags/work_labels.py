"""Template filters and tags for the labels of work."""

from django import template

from engagements.base import labels
from engagements.base.time_zones import zone_label

register = template.Library()

register.filter("day", labels.day_label)
register.filter(labels.feed_verb)
register.filter(labels.field_label)
register.filter(labels.noun_label)
register.simple_tag(labels.repeats_label)
register.filter(labels.visible_changes)
register.filter(labels.verb_label)
register.simple_tag(labels.status_mark)
register.simple_tag(labels.task_verb)
register.simple_tag(labels.value_label)
register.simple_tag(labels.work_url)
register.filter(zone_label)
