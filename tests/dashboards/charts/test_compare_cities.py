"""Several cities on one axis: what stands over each row."""

from dashboards.charts.compare_cities import MeanRow, draw_means


def test_only_the_name_of_a_row_is_bold():
    """All of it in bold letters left a phone's screen before its value."""
    rows = (
        MeanRow("Dayton", 0.302, None),
        MeanRow("United States, average low-income child", 0.409, None, is_reference=True),
    )
    said = [annotation.text for annotation in draw_means(rows, "rank").layout.annotations]
    assert said == ["<b>Dayton</b>  30.2", "<b>United States</b>, average low-income child  40.9"]
