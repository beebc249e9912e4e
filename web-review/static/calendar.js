// The calendar with a mouse, for those who may move a visit: dragging opens the panel of the Move form. Without it links and
// forms do the same.

import './now.js';

let dragged;

addEventListener('dragstart', event => {
  dragged = event.target.closest?.('[data-move]');
  if (!dragged) return;
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', dragged.dataset.move);
  // Where in the visit it was taken: its beginning goes where that beginning is dropped.
  dragged.grip = event.clientY - dragged.getBoundingClientRect().top;
  dragged.classList.add('dragged');
});
addEventListener('dragend', () => {
  dragged?.classList.remove('dragged');
  dragged = undefined;
  mark();
});
addEventListener('dragover', event => {
  const place = dragged && placeAt(event);
  if (!place) return;
  event.preventDefault();
  mark(place.where, place.quarter);
});
addEventListener('drop', event => {
  const place = dragged && placeAt(event);
  if (!place) return;
  event.preventDefault();
  const { date, time, technician } = place;
  const instead = dragged.closest('[data-who]').dataset.who;
  const said = Object.entries({ date, time, technician, instead, view: time ? 'day' : 'week' });
  const path = `/tickets/${dragged.dataset.move}/move?`;
  openPanel(path + new URLSearchParams(said.filter(([, value]) => value)));
});

/** Whose column or which day is under the mouse, and which time in a column. */
function placeAt({ target, clientY }) {
  const where = target.closest?.('[data-who]');
  const date = where?.closest('[data-date]')?.dataset.date;
  if (!date) return;
  const track = where.querySelector('.track');
  if (!track) return { where, date, technician: where.dataset.who };
  const hours = [...document.querySelectorAll('.hours [data-at]')].map(hour => hour.dataset.at);
  const { top, height } = track.getBoundingClientRect();
  const quarters = Math.round(((clientY - dragged.grip - top) / height) * hours.length * 4);
  const quarter = Math.max(0, Math.min(hours.length * 4 - 1, quarters));
  // The hour as the clock on the wall shows it: on two days of the year they do not follow each other.
  const time = `${hours[quarter >> 2].slice(0, 3)}${String((quarter % 4) * 15).padStart(2, '0')}`;
  return { where, date, time, quarter, technician: where.dataset.who };
}

let marked;
const ghost = document.createElement('i');
ghost.className = 'ghost';

/** Shows where it would go: the column or the cell, and in a column the time. */
function mark(where, quarter) {
  marked?.classList.remove('target');
  marked = where;
  where?.classList.add('target');
  const track = where?.querySelector('.track');
  if (!track || !dragged) return ghost.remove();
  const numbers = getComputedStyle(dragged);
  for (const name of ['--l', '--k']) ghost.style.setProperty(name, numbers.getPropertyValue(name) || 0);
  ghost.style.setProperty('--h', Number(numbers.getPropertyValue('--f')) + (quarter >> 2));
  ghost.style.setProperty('--m', (quarter % 4) * 3);
  track.append(ghost);
}

async function openPanel(href) {
  const answer = await fetch(`${href}&panel=1`).catch(() => {});
  const text = answer?.ok ? await answer.text() : '';
  // Signed out, or something unexpected: the page says it better.
  if (!text || text.includes('<html')) return location.assign(href);
  const dialog = document.querySelector('dialog.panel') ?? document.createElement('dialog');
  dialog.className = 'panel';
  dialog.setAttribute('aria-labelledby', 'moving');
  dialog.innerHTML = text;
  document.body.append(dialog);
  if (!dialog.open) dialog.showModal();
}

addEventListener('click', event => {
  const link = event.target.closest?.('dialog.panel a');
  if (!link) return;
  event.preventDefault();
  if ('panel' in link.dataset) openPanel(link.href);
  else link.closest('dialog').close();
});

for (const each of document.querySelectorAll('[data-move]')) each.draggable = true;
for (const each of document.querySelectorAll('[data-move] a')) each.draggable = false;
