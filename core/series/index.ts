import { defineDomain } from '../kernel/registry/domain.ts';
import { createSeries } from './create.ts';
import { endSeries } from './end.ts';
import { makeSeriesVisits, seriesTimer } from './make-visits.ts';
import { planSeriesMails, seriesMailTimer } from './plan-mails.ts';
import { seriesRecord } from './series.ts';
import { seriesHorizonWeeks } from './settings.ts';
import { skipSeries } from './skip.ts';
import { updateSeries } from './update.ts';

export const series = defineDomain({
  name: 'series',
  scope: 'calendar',
  label: 'recurring visits',
  summary: 'Visits that come again by a rule, made some weeks ahead.',
  aliases: {
    series_id: ['series', 'recurring', 'recurrence'],
    rule: ['repeat', 'repeats', 'every', 'rrule', 'recurrence_rule', 'frequency'],
    start_time: ['time', 'at'],
    starts_on: ['start', 'start_date', 'first_on', 'first_date'],
    ends_on: ['until', 'end', 'end_date', 'last_on'],
    on: ['date', 'day', 'occurrence_on'],
    from: ['since', 'from_date', 'starting'],
  },
  examples: {
    series: { contact_id: 'Jane Smith', rule: 'every 6 weeks', starts_on: '2026-12-01', start_time: '14:00' },
  },
  records: [seriesRecord],
  actions: [createSeries, updateSeries, skipSeries, endSeries, makeSeriesVisits, planSeriesMails],
  settings: [seriesHorizonWeeks],
  timers: [seriesTimer, seriesMailTimer],
});
