/** A season and the month it begins in; each lasts three months, as the weather has it. */
const northern: Readonly<Record<string, number>> = { spring: 3, summer: 6, fall: 9, autumn: 9, winter: 12 };
const southern: Readonly<Record<string, number>> = { spring: 9, summer: 12, fall: 3, autumn: 3, winter: 6 };

/** Countries where summer is at Christmas. */
const south = new Set([
  'AR',
  'AU',
  'BO',
  'BR',
  'BW',
  'CL',
  'FJ',
  'LS',
  'MG',
  'MZ',
  'NA',
  'NZ',
  'PY',
  'SZ',
  'UY',
  'ZA',
  'ZW',
]);

/** The first month of a season in a country. */
export const firstMonthOf = (season: string, country: string): number | undefined =>
  (south.has(country) ? southern : northern)[season];

const monthNames =
  `january february march april may june july august september october november december`.split(' ');

/** 1 to 12 for a month's name or its first three letters; may is not shortened, sept is. */
export function monthOf(name: string): number | undefined {
  const index = monthNames.findIndex(month => month === name || (name.length >= 3 && month.startsWith(name)));
  return index < 0 ? undefined : index + 1;
}

/** Every name of a month or season, for a pattern; the long ones first. */
export const spanNames = [
  ...monthNames,
  ...Object.keys(northern),
  ...['sept', 'jan', 'feb', 'mar', 'apr', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
].join('|');
