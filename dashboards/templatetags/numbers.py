"""Template filters: the only place, with findings, where a number is rounded."""

from django import template

from dashboards import number_words

register = template.Library()
register.filter("percentile", number_words.as_percentile)
register.filter("percent", number_words.as_percent)
register.filter("money", number_words.as_money)
register.filter("money_about", number_words.as_money_about)
register.filter("ranks", number_words.as_ranks)
register.filter("change", number_words.as_change)
register.filter("unit_words", number_words.unit_words)
