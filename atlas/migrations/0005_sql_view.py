"""Rows for SQL and BI users: the live vectors unpacked by a plain view. Documented in docs/sql.md."""

from django.db import migrations

# Little-endian float32 from its bytes by arithmetic (exact in float8); the bit pattern of NaN, an empty field, is NULL.
FLOAT4 = """
CREATE FUNCTION atlas_float4(packed bytea, n int) RETURNS float4 LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE
    WHEN exponent = 255 THEN NULL
    WHEN exponent = 0 THEN (sign * mantissa * power(2::float8, -149))::float4
    ELSE (sign * (1 + mantissa / 8388608::float8) * power(2::float8, exponent - 127))::float4
  END
  FROM (
    SELECT 1 - 2 * (b3 >> 7) AS sign, ((b3 & 127) << 1) | (b2 >> 7) AS exponent,
           (((b2 & 127) << 16) | (b1 << 8) | b0)::float8 AS mantissa
    FROM (
      SELECT get_byte(packed, 4 * n) AS b0, get_byte(packed, 4 * n + 1) AS b1,
             get_byte(packed, 4 * n + 2) AS b2, get_byte(packed, 4 * n + 3) AS b3
    ) AS bytes
  ) AS parts
$$
"""
INT8 = """
CREATE FUNCTION atlas_int8(packed bytea, n int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT sum(get_byte(packed, 8 * n + i)::bigint << (8 * i))::bigint FROM generate_series(0, 6) AS i
$$
"""
GROUP = "'^.+_((?:pooled|white|black|hisp|asian|natam|other)_(?:pooled|male|female))_(?:p[0-9]+|mean)(_late)?$'"
# Put together from the constant above, nothing from outside.
VIEW = f"""
CREATE VIEW atlas_values AS
SELECT release.level, estimate.area, measure.slug AS measure,
       lpad(atlas_int8(index.geoids, n)::text, CASE release.level WHEN 'tract' THEN 11 WHEN 'county' THEN 5 ELSE 0 END
            + CASE WHEN release.level IN ('tract', 'county') THEN 0
                   ELSE length(atlas_int8(index.geoids, n)::text) END, '0') AS geoid,
       atlas_float4(estimate.value, n) AS value,
       atlas_float4(estimate.standard_error, n) AS standard_error,
       atlas_float4(coalesce(counted.value, weighed.value), n) AS count,
       release.dataset, release.id AS release_id, release.vintage, release.is_sample
FROM atlas_livepart AS live
JOIN atlas_release AS release ON release.id = live.release_id
JOIN atlas_estimate AS estimate ON estimate.release_id = release.id
JOIN atlas_measure AS measure ON measure.id = estimate.measure_id AND measure.slug <> 'cz'
JOIN atlas_areaindex AS index ON index.release_id = release.id AND index.area = estimate.area
LEFT JOIN atlas_measure AS count_measure
       ON count_measure.slug = regexp_replace(measure.slug, {GROUP}, '\\1_count\\2') AND count_measure.id <> measure.id
LEFT JOIN atlas_estimate AS counted ON counted.release_id = release.id AND counted.measure_id = count_measure.id
       AND counted.area = estimate.area
LEFT JOIN atlas_measure AS weight_measure
       ON weight_measure.slug = regexp_replace(measure.slug, {GROUP}, 'kid_\\1_blw_p50_n\\2')
      AND weight_measure.id <> measure.id
LEFT JOIN atlas_estimate AS weighed ON weighed.release_id = release.id AND weighed.measure_id = weight_measure.id
       AND weighed.area = estimate.area
CROSS JOIN LATERAL generate_series(0, octet_length(index.geoids) / 8 - 1) AS n
"""  # noqa: S608 - our own names; values go as parameters


class Migration(migrations.Migration):
    dependencies = [("atlas", "0004_universe_and_relations")]

    operations = [
        migrations.RunSQL([FLOAT4], ["DROP FUNCTION atlas_float4"]),
        migrations.RunSQL([INT8], ["DROP FUNCTION atlas_int8"]),
        migrations.RunSQL([VIEW], ["DROP VIEW atlas_values"]),
    ]
