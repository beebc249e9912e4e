import pg from 'pg';

const textArray: number = 1009;
const readTexts = pg.types.getTypeParser(textArray);

/** As the sessions of ours write a moment, in UTC: two thirds of the time is saved where nothing has to be calculated. */
const inUtc = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/;

// A moment no calendar of JavaScript has (infinity) stays as it is written: whoever reads the row refuses it. An error here, in the middle of
// what the server says, would end the process.
function readMoment(value: string): string {
  const [, day, time, fraction = ''] = inUtc.exec(value) ?? [];
  if (day !== undefined) return `${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const moment = new Date(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(moment.getTime()) ? value : moment.toISOString();
}

// Row = schema = wire: timestamps leave the database as ISO 8601 in UTC, dates as dates, bigint as number.
const parsers = new Map<number, (value: string) => unknown>([
  [20, value => Number(value)],
  // Most rows have none.
  [textArray, value => (value === '{}' ? [] : readTexts(value))],
  [1082, value => value],
  [1184, readMoment],
  [1700, value => value],
]);

/** How values of a type are read. */
export function typeParser(oid: number, format?: 'text' | 'binary') {
  return parsers.get(oid) ?? pg.types.getTypeParser(oid, format);
}
