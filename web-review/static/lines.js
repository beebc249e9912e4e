// A further empty line in the lists of a form, without going to the server. Without this, a saved form has the next one.

for (const button of document.querySelectorAll('[data-add-line]')) {
  button.hidden = false;
  button.addEventListener('click', () => addLine(button));
}

function addLine(button) {
  const list = button.closest('fieldset').querySelector('ol');
  const count = list.children.length;
  const line = list.lastElementChild.cloneNode(true);
  for (const part of line.querySelectorAll('[id], [name], [for]')) renumber(part, count);
  for (const field of line.querySelectorAll('input:not([type=radio], [type=checkbox]), textarea'))
    field.value = '';
  for (const tick of line.querySelectorAll('[type=radio], [type=checkbox]')) tick.checked = false;
  for (const removal of line.querySelectorAll('[name$=".remove_line"]')) removal.closest('label').remove();
  for (const warning of line.querySelectorAll('.redaction-warning')) warning.remove();
  list.append(line);
  line.querySelector('input, select, textarea').focus();
  button.hidden = count + 1 >= Number(button.dataset.addLine);
}

// `phones.3.number` becomes `phones.4.number`; the value of a radio button is its line.
function renumber(part, line) {
  for (const name of ['id', 'name', 'for']) {
    const was = part.getAttribute(name);
    if (was !== null) part.setAttribute(name, was.replace(/\.\d+(?=\.|$)/, `.${line}`));
  }
  if (part.type === 'radio') part.value = String(line);
}
