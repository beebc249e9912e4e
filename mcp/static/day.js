import { clockAt, el, grouped, longDay, pageLink, plain, readTime, words } from './words.js';

// The visits of a day, or of several, by time.

const quiet = new Set(['scheduled', 'not_sent', 'accepted']);

function paintVisit(visit, { host, pageOf }) {
  const { reference, local, duration_minutes, customer, address, services = [], technicians = [] } = visit;
  const time = readTime(local);
  const marks = [visit.status, visit.confirmation_status].filter(mark => mark && !quiet.has(mark));
  const clock = time && [clockAt(time.clock), duration_minutes && clockAt(time.clock, duration_minutes)];
  return el(
    'li',
    { className: 'visit' },
    el('p', { className: 'clock' }, clock ? clock.filter(Boolean).join(' – ') : plain(local)),
    el(
      'div',
      {},
      el(
        'p',
        { dir: 'auto' },
        el('b', {}, plain(customer)),
        marks.map(mark => [' ', el('span', { className: 'mark' }, words(mark))]),
      ),
      address && el('p', { dir: 'auto' }, plain(address)),
      services.length > 0 && el('p', { dir: 'auto' }, services.map(plain).join(', ')),
      el('p', { className: 'soft' }, technicians.map(plain).join(', ') || 'Nobody goes yet'),
      pageLink(host, pageOf(reference), `Open ${plain(reference)}`, { className: 'quiet' }),
    ),
  );
}

/** The rows of the calendar. */
export function paintDay({ rows, next_cursor }, context) {
  if (rows.length === 0) return el('p', {}, 'No visits then.');
  const days = grouped(rows, ({ local }) => readTime(local)?.day ?? '');
  return el(
    'div',
    {},
    [...days].map(([day, visits]) => [
      el('h1', {}, day === '' ? 'Visits' : longDay(day)),
      el(
        'ol',
        { className: 'visits' },
        visits.map(visit => paintVisit(visit, context)),
      ),
    ]),
    next_cursor && el('p', { className: 'soft' }, 'There are more; ask in the chat for the rest.'),
  );
}
