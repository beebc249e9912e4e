// The line for now goes on, and what was just done can be taken back for ten seconds.

const undo = document.querySelector('.said form[action="/undo"]');
if (undo) setTimeout(() => undo.remove(), 10_000);

const lines = [...document.querySelectorAll('.now')];
const began = Date.now();
const minuteOf = line => {
  const style = getComputedStyle(line);
  return Number(style.getPropertyValue('--h')) * 60 + (Number(style.getPropertyValue('--m')) || 0) * 5;
};
const starts = lines.map(minuteOf);
setInterval(() => {
  for (const [n, line] of lines.entries()) {
    const now = starts[n] + (Date.now() - began) / 60_000;
    line.style.setProperty('--h', Math.floor(now / 60));
    line.style.setProperty('--m', (now % 60) / 5);
  }
}, 60_000);
