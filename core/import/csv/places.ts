import type { Context } from '../../kernel/pipeline/context.ts';
import type { SquareAddress } from '../square/values.ts';
import { textOf, wordsOf } from './cells.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';

/** Keeps what has no place of its own as a custom field, with a remark where one is given. */
export type Keep = (key: string, text: string, message?: string) => void;

/** Where the customer is served, and where the bills go; what has no street is kept beside them. */
export function placesOf(context: Context, sheet: Sheet, row: Row, keep: Keep): SquareAddress[] {
  const places: SquareAddress[] = [];
  for (const [prefix, type] of [
    ['address', 'service'],
    ['billing_address', 'billing'],
  ] as const) {
    const get = (name: string) => textOf(sheet, row, `${prefix}.${name}`);
    const whole = wordsOf(sheet, row, prefix);
    const parts = get('line1') === '' && whole !== '' ? readPlace(whole) : undefined;
    const [line1 = '', line2 = ''] = [get('line1'), get('line2')].filter(text => text !== '');
    const place = {
      line1: parts?.line1 ?? line1,
      line2: parts?.line2 ?? line2,
      city: get('city') || (parts?.city ?? ''),
      state: get('state') || (parts?.state ?? ''),
      postal_code: (get('postal_code') || (parts?.postal_code ?? '')).slice(0, 20),
      country: countryOf(get('country') || (parts?.country ?? ''), context.organization.country),
    };
    if (place.line1.length > 200 || place.city.length > 200)
      throw new NotTaken('The address is too long to be one.');
    if (place.line1 !== '') {
      const [label, notes] = [get('label'), wordsOf(sheet, row, `${prefix}.notes`)];
      const same = places.some(one => one.line1 === place.line1 && one.city === place.city);
      if (!same) places.push({ ...place, type, ...(label ? { label } : {}), ...(notes ? { notes } : {}) });
    } else if (place.city !== '' || place.postal_code !== '') {
      const known = [place.city, place.state, place.postal_code].filter(text => text !== '').join(', ');
      keep(`incomplete_${prefix}`, known, 'The address has no street.');
    }
  }
  return places;
}

const countries: Readonly<Record<string, string>> = {
  'united states': 'US',
  'united states of america': 'US',
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  canada: 'CA',
  'united kingdom': 'GB',
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  australia: 'AU',
  'new zealand': 'NZ',
  ireland: 'IE',
  germany: 'DE',
  deutschland: 'DE',
  denmark: 'DK',
  france: 'FR',
};

function countryOf(text: string, usual: string): string {
  if (/^[A-Za-z]{2}$/.test(text)) return text.toUpperCase() === 'UK' ? 'GB' : text.toUpperCase();
  return countries[text.toLowerCase()] ?? usual;
}

/** `12 Elm St, Austin, TX 78701`, on one line or several. What cannot be told apart stays the street. */
function readPlace(text: string) {
  const parts = text
    .split(/\s*[\n,]\s*/)
    .map(part => part.trim())
    .filter(part => part !== '');
  const last = parts.at(-1) ?? '';
  const country =
    parts.length > 2 && (countries[last.toLowerCase()] || /^[A-Z]{2}$/.test(last)) && !/\d/.test(last)
      ? (parts.pop() ?? '')
      : '';
  const code =
    /^(?:([A-Za-z]{2}|[A-Za-z .]{3,20}?)\s+)?(\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{4})$/.exec(
      parts.at(-1) ?? '',
    );
  if (!code || parts.length < 2) return { line1: text.replace(/\s*\n\s*/g, ', '), country };
  parts.pop();
  const state = code[1] ?? '';
  const city = parts.length > 1 ? (parts.pop() ?? '') : '';
  const [line1 = '', ...rest] = parts;
  return { line1, line2: rest.join(', '), city, state, postal_code: code[2] ?? '', country };
}
