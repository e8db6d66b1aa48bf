"""Wages of occupations by metropolitan area, and the level of their releases."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('atlas', '0028_public_change_notices'),
    ]

    operations = [
        migrations.AlterField(
            model_name='release',
            name='level',
            field=models.CharField(choices=[('tract', 'Tract'), ('county', 'County'), ('cz', 'Cz'), ('nation', 'Nation'), ('percentile', 'Percentile'), ('place', 'Place'), ('metro', 'metropolitan area'), ('zip', 'Zip'), ('map', 'map layer')], max_length=12),
        ),
        migrations.CreateModel(
            name='OccupationWage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(help_text='code of a metropolitan area (CBSA), 99 for the nation', max_length=5)),
                ('area_title', models.CharField(max_length=120)),
                ('occupation', models.CharField(help_text='code of the Standard Occupational Classification', max_length=7)),
                ('title', models.CharField(max_length=200)),
                ('group', models.CharField(help_text='total, major, minor, broad or detailed', max_length=8)),
                ('employment', models.FloatField(blank=True, help_text='jobs, rounded by the source; nobody who works for themselves', null=True)),
                ('employment_rse', models.FloatField(blank=True, help_text='relative standard error of employment, percent', null=True)),
                ('jobs_per_1000', models.FloatField(blank=True, help_text='jobs in the occupation per 1,000 in the area', null=True)),
                ('location_quotient', models.FloatField(blank=True, help_text="share of the area's jobs over the nation's share; 1 is the same", null=True)),
                ('mean_rse', models.FloatField(blank=True, help_text='relative standard error of the mean wage, percent', null=True)),
                ('hourly_mean', models.FloatField(blank=True, help_text="dollars of May of the release's year, as all wages", null=True)),
                ('hourly_p10', models.FloatField(blank=True, null=True)),
                ('hourly_p25', models.FloatField(blank=True, null=True)),
                ('hourly_median', models.FloatField(blank=True, null=True)),
                ('hourly_p75', models.FloatField(blank=True, null=True)),
                ('hourly_p90', models.FloatField(blank=True, null=True)),
                ('annual_mean', models.FloatField(blank=True, null=True)),
                ('annual_p10', models.FloatField(blank=True, null=True)),
                ('annual_p25', models.FloatField(blank=True, null=True)),
                ('annual_median', models.FloatField(blank=True, null=True)),
                ('annual_p75', models.FloatField(blank=True, null=True)),
                ('annual_p90', models.FloatField(blank=True, null=True)),
                ('missing', models.JSONField(default=dict, help_text='code of the reason by the name of a number that is left out')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occupation_wages', to='atlas.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'area', 'occupation'), name='occupation_once_per_area'), models.CheckConstraint(condition=models.Q(('area', '99'), ('area__regex', '^[0-9]{5}$'), _connector='OR'), name='wage_area_is_a_code'), models.CheckConstraint(condition=models.Q(('occupation__regex', '^[0-9]{2}-[0-9]{4}$')), name='wage_occupation_is_a_code'), models.CheckConstraint(condition=models.Q(models.Q(('employment__gt', 0), ('employment__isnull', False)), models.Q(('employment__isnull', True), ('missing__has_key', 'employment')), _connector='OR'), name='wage_employment_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('hourly_mean__gt', 0), ('hourly_mean__isnull', False)), models.Q(('hourly_mean__isnull', True), ('missing__has_key', 'hourly_mean')), _connector='OR'), name='wage_hourly_mean_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('hourly_p10__gt', 0), ('hourly_p10__isnull', False)), models.Q(('hourly_p10__isnull', True), ('missing__has_key', 'hourly_p10')), _connector='OR'), name='wage_hourly_p10_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('hourly_p25__gt', 0), ('hourly_p25__isnull', False)), models.Q(('hourly_p25__isnull', True), ('missing__has_key', 'hourly_p25')), _connector='OR'), name='wage_hourly_p25_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('hourly_median__gt', 0), ('hourly_median__isnull', False)), models.Q(('hourly_median__isnull', True), ('missing__has_key', 'hourly_median')), _connector='OR'), name='wage_hourly_median_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('hourly_p75__gt', 0), ('hourly_p75__isnull', False)), models.Q(('hourly_p75__isnull', True), ('missing__has_key', 'hourly_p75')), _connector='OR'), name='wage_hourly_p75_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('hourly_p90__gt', 0), ('hourly_p90__isnull', False)), models.Q(('hourly_p90__isnull', True), ('missing__has_key', 'hourly_p90')), _connector='OR'), name='wage_hourly_p90_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('annual_mean__gt', 0), ('annual_mean__isnull', False)), models.Q(('annual_mean__isnull', True), ('missing__has_key', 'annual_mean')), _connector='OR'), name='wage_annual_mean_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('annual_p10__gt', 0), ('annual_p10__isnull', False)), models.Q(('annual_p10__isnull', True), ('missing__has_key', 'annual_p10')), _connector='OR'), name='wage_annual_p10_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('annual_p25__gt', 0), ('annual_p25__isnull', False)), models.Q(('annual_p25__isnull', True), ('missing__has_key', 'annual_p25')), _connector='OR'), name='wage_annual_p25_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('annual_median__gt', 0), ('annual_median__isnull', False)), models.Q(('annual_median__isnull', True), ('missing__has_key', 'annual_median')), _connector='OR'), name='wage_annual_median_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('annual_p75__gt', 0), ('annual_p75__isnull', False)), models.Q(('annual_p75__isnull', True), ('missing__has_key', 'annual_p75')), _connector='OR'), name='wage_annual_p75_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('annual_p90__gt', 0), ('annual_p90__isnull', False)), models.Q(('annual_p90__isnull', True), ('missing__has_key', 'annual_p90')), _connector='OR'), name='wage_annual_p90_or_reason')],
            },
        ),
    ]
