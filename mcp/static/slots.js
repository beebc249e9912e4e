import { clockAt, el, grouped, longDay, moment, plain, readTime } from './words.js';

// Free times to choose from. Choosing says so in the chat, as if its user had typed it: the agent books then, with all its limits.

/** What the chat reads: a time, and nothing that anybody wrote. */
const choiceOf = starts_at => `I choose ${starts_at}.`;

function slotButtons(slots, { host }) {
  const said = el('p', { role: 'status' });
  if (!host.can('message')) said.append('Say in the chat which time you want.');
  const buttons = [];
  const press = async (button, { starts_at }) => {
    for (const each of buttons) each.disabled = true;
    button.setAttribute('aria-pressed', 'true');
    said.textContent = 'Telling the chat';
    if (await host.say(choiceOf(starts_at))) {
      said.textContent = `You chose ${moment(starts_at)}. The chat goes on from there; nothing is booked yet.`;
      return;
    }
    for (const each of buttons) each.disabled = false;
    button.removeAttribute('aria-pressed');
    said.textContent = 'The chat did not take it. Press again, or type the time.';
  };
  const offer = slot => {
    const time = readTime(slot.starts_at);
    const label = [
      el('b', {}, time ? clockAt(time.clock) : plain(slot.starts_at)),
      ' ',
      el(
        'span',
        {},
        [(slot.free ?? []).map(plain).join(' or '), slot.near && plain(slot.near)].filter(Boolean).join(', '),
      ),
    ];
    if (!host.can('message')) return el('li', {}, label);
    const button = el('button', { type: 'button', className: 'slot' }, label);
    button.onclick = () => press(button, slot);
    buttons.push(button);
    return el('li', {}, button);
  };
  const days = grouped(slots, ({ starts_at }) => readTime(starts_at)?.day ?? '');
  return [
    [...days].map(([day, own]) => [
      day === '' ? undefined : el('h2', {}, longDay(day)),
      el('ul', { className: 'slots' }, own.map(offer)),
    ]),
    said,
  ];
}

/** The answer of booking or moving: what was booked, or what is free. */
export function paintSlots({ status, data }, context) {
  if (status !== 'done') return undefined;
  const { booked, moved, ticket, who_goes, customer_told, slots = [], busy = [], was } = data;
  if (booked || moved) {
    return el(
      'section',
      {},
      el('h1', {}, `${booked ? 'Booked' : 'Moved'}: ${moment(ticket?.scheduled_at)}`),
      el(
        'p',
        {},
        [plain(ticket?.reference), plain(ticket?.contact_id).replace(/^\S+ /, ''), plain(who_goes)]
          .filter(Boolean)
          .join(', '),
      ),
      customer_told && el('p', { className: 'soft', dir: 'auto' }, `Customer: ${plain(customer_told)}`),
    );
  }
  return el(
    'section',
    {},
    el('h1', {}, slots.length > 0 ? 'Free times' : 'No free time there'),
    was && el('p', { className: 'soft' }, `Booked now: ${moment(was.local)}`),
    busy.map(line => el('p', { dir: 'auto' }, plain(line))),
    slots.length > 0
      ? slotButtons(slots, context)
      : el('p', {}, 'Ask in the chat for other days or a shorter visit.'),
  );
}
