"""Small charts that the server draws as SVG: a dot on a track, an axis, a gap bracket, a small line chart.

How to call them (docs/marks.md has examples): fill a frozen record, then draw it.

    axis = percentile_axis(values)                     # dashboards.charts.marks.axis
    DotMark(words, value, us=..., low=..., high=...)   # dashboards.charts.marks.dot_row
    LineMark(words, points, first, last)               # dashboards.charts.marks.line

In a template: `{% load marks %}`, then `{% dot_row mark axis %}`, `{% axis_row axis %}`, `{% gap_bracket %}`,
`{% line_chart mark %}`.

Horizontal positions are percentages and heights are pixels: a drawing fills the width of its cell without a script and
without an inline style, and its text keeps its size. Colors are the classes `m-...` of the stylesheet.
"""
