// How facts of an answer are shown to people. Everything is set as text: nothing that anybody wrote becomes markup.

/** An element; what stands in it is text or elements, and what is missing is left out. */
export function el(name, props, ...inside) {
  const made = document.createElement(name);
  for (const [prop, value] of Object.entries(props ?? {})) {
    if (prop in made) made[prop] = value;
    else made.setAttribute(prop, value);
  }
  made.append(
    ...inside.flat(9).filter(part => part !== undefined && part !== null && part !== false && part !== ''),
  );
  return made;
}

/** A text without the marks that tell a model who wrote it: a person sees whom it names. */
export const plain = value =>
  value === undefined || value === null ? '' : String(value).replace(/[«»]/g, '');

/** The words of a text of ours, and its first letter a capital. */
export const words = value => {
  const text = plain(value).replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const inWords = (day, options) =>
  new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options })
    .format(new Date(day))
    .replace(/\u202f/g, ' ');

const long = { weekday: 'long', month: 'long', day: 'numeric' };
const short = { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' };

/** Day and clock of a time as it is answered, `Wed 2026-11-18 09:00 -06:00`; undefined for what is none. */
export function readTime(value) {
  const [, day, clock] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d)/.exec(value ?? '') ?? [];
  return day === undefined ? undefined : { day, clock };
}

/** `Wednesday, November 18` */
export const longDay = day => inWords(`${day}T00:00Z`, long);
/** `Fri, Dec 18, 2026` */
export const shortDay = day =>
  /^\d{4}-\d\d-\d\d$/.test(day ?? '') ? inWords(`${day}T00:00Z`, short) : plain(day);

/** `2:00 PM`, or so many minutes later. */
export const clockAt = (clock, minutes = 0) =>
  inWords(Date.parse(`2026-01-01T${clock}Z`) + minutes * 60_000, { hour: 'numeric', minute: '2-digit' });

/** `Wed, Nov 18, 2026, 9:00 AM` */
export function moment(value) {
  const time = readTime(value);
  return time ? `${shortDay(time.day)}, ${clockAt(time.clock)}` : plain(value);
}

/** An amount in its smallest units; nothing where its currency is not known. */
export function money(amount, currency) {
  if (typeof amount !== 'number' || typeof currency !== 'string') return undefined;
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** Its members by what `of` says of each, in order. */
export function grouped(items, of) {
  const groups = new Map();
  for (const item of items) groups.set(of(item), [...(groups.get(of(item)) ?? []), item]);
  return groups;
}

/** A button that opens one of our pages; where the host opens none, its address to be copied. */
export function pageLink(host, url, label, props = {}) {
  if (!/^https?:\/\//.test(url ?? '')) return undefined;
  if (!host.can('openLinks')) return el('p', { className: 'address' }, `${label}: ${url}`);
  const button = el('button', { type: 'button', ...props }, label);
  button.onclick = async () => {
    if (!(await host.open(url))) button.replaceWith(el('p', { className: 'address' }, `${label}: ${url}`));
  };
  return button;
}
