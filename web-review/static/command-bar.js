// The command bar: places come from the keywords of the navigation at once, everything else from the server. Without
// it the form of the header finds the same on a page of its own. find.js fetches it when it is asked for.

const places = [...document.querySelectorAll('[data-keywords]')].map(item => {
  const link = item.querySelector('a');
  const label = link.querySelector('span').textContent;
  return { label, href: link.href, words: wordsOf(`${label} ${item.dataset.keywords}`) };
});
const bar = document.createElement('dialog');
bar.className = 'bar';
bar.setAttribute('aria-label', 'Search everything');
bar.innerHTML = `<form action="/search" role="search" class="search">
<label for="find">Search everything</label>
<div class="row"><input id="find" name="q" role="combobox" aria-autocomplete="list" aria-controls="found"
 aria-expanded="false" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" maxlength="200">
<button type="button" class="quiet">Close</button></div></form>
<p role="status" class="hint"></p><div id="found" role="listbox" aria-label="Results"></div>`;
document.body.append(bar);
const input = bar.querySelector('input');
const list = bar.querySelector('[role=listbox]');
const status = bar.querySelector('[role=status]');
let asking;
let timer;

bar.addEventListener('click', event => {
  if (event.target === bar || event.target.closest('button, a')) bar.close();
});
bar.addEventListener('close', stop);
input.addEventListener('input', look);
input.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const chosen = list.querySelector('[aria-selected=true]');
  if (event.isComposing) return;
  if (event.key === 'Enter' && chosen) {
    event.preventDefault();
    chosen.click();
  } else if (step) {
    event.preventDefault();
    const options = optionsOf();
    const next = options.indexOf(chosen) + step;
    choose(options[next < -1 ? options.length - 1 : next]);
  }
});

/** Opens the bar with a text to look for; closes it when it is open. */
export function toggle(text) {
  if (bar.open) return bar.close();
  bar.showModal();
  input.value = text;
  input.select();
  look();
}

function stop() {
  clearTimeout(timer);
  asking?.abort();
}

function look() {
  stop();
  const text = input.value.trim();
  show('');
  status.textContent = '';
  // Not every letter asks the server: only a pause in typing does.
  if (text !== '') timer = setTimeout(() => ask(text), 150);
}

async function ask(text) {
  asking = new AbortController();
  const { signal } = asking;
  try {
    const address = `/search/results?${new URLSearchParams({ q: text })}`;
    const response = await fetch(address, { signal, redirect: 'manual' });
    if (!response.ok) throw new Error(`search answered ${response.status}`);
    show(await response.text());
    const count = optionsOf().length;
    status.textContent = `${count === 0 ? 'Nothing found' : count === 1 ? '1 result' : `${count} results`}.`;
  } catch {
    if (signal.aborted) return;
    status.textContent = 'The search does not answer. Enter tries it on a page of its own.';
  }
}

/** What the server found, below the places the words fit. What was chosen stays chosen. */
function show(markup) {
  const typed = wordsOf(input.value);
  const fitting = places.filter(place => typed.every(word => place.words.some(own => own.startsWith(word))));
  const kept = list.querySelector('[aria-selected=true]')?.href;
  list.innerHTML = markup;
  for (const option of optionsOf()) {
    if (fitting.some(({ href }) => href === option.href)) option.remove();
  }
  for (const group of list.querySelectorAll('[role=group]')) {
    if (!group.querySelector('[role=option]')) group.remove();
  }
  if (fitting.length > 0) list.prepend(groupOf(fitting));
  const options = optionsOf();
  for (const [index, option] of options.entries()) option.id = `found-${index}`;
  choose(options.find(({ href }) => href === kept));
  input.setAttribute('aria-expanded', String(list.childElementCount > 0));
}

function groupOf(fitting) {
  const group = document.createElement('div');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', 'Go to');
  for (const { href, label } of fitting) {
    const option = document.createElement('a');
    option.setAttribute('role', 'option');
    option.tabIndex = -1;
    option.href = href;
    option.textContent = label;
    group.append(option);
  }
  return group;
}

function choose(option) {
  for (const other of optionsOf()) other.setAttribute('aria-selected', String(other === option));
  option?.scrollIntoView({ block: 'nearest' });
  if (option) input.setAttribute('aria-activedescendant', option.id);
  else input.removeAttribute('aria-activedescendant');
}

function optionsOf() {
  return [...list.querySelectorAll('a[role=option]')];
}

function wordsOf(text) {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
