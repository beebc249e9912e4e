// The page layer of the redaction (SAN-01, SAN-02): what is typed into a field marked data-redact loses card
// and social security numbers before it leaves the browser, and the writer is told. The rule itself is the
// server's own file, fetched when somebody begins to write; the server and the database apply it again.

const FIELDS = 'textarea[data-redact], input[data-redact]';
const NAMES = { CARD: 'a card number', SSN: 'a social security number', CVV: 'a card security code' };
const warnings = new WeakMap();
let fetching;
let redact;

document.addEventListener('focusin', event => isField(event.target) && fetchRule());
// Capturing, because blur does not bubble and other scripts may read the fields on submit.
document.addEventListener('blur', event => isField(event.target) && leave(event.target), true);
document.addEventListener('submit', send, true);

/** Fetches the rule once. Without it the server's own layer is left. */
function fetchRule() {
  fetching ??= import('/static/redaction.js').then(
    rule => {
      redact = rule.redact;
    },
    () => {
      redact = text => ({ text, found: [] });
    },
  );
  return fetching;
}

function leave(field) {
  if (redact) redactField(field);
  else fetchRule().then(() => redactField(field));
}

function send(event) {
  const { target: form, submitter } = event;
  const written = [...form.elements].filter(field => isField(field) && field.value !== '');
  if (redact) return written.forEach(redactField);
  if (written.length === 0) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  fetchRule().then(() => form.requestSubmit(submitter));
}

function isField(element) {
  return element instanceof Element && element.matches(FIELDS);
}

function redactField(field) {
  const { text, found } = redact(field.value);
  if (found.length === 0) return;
  field.value = text;
  // Scripts that keep a draft of the field must not keep the number.
  field.dispatchEvent(new Event('input', { bubbles: true }));
  warningOf(field).textContent = sentence([...new Set(found)].map(kind => NAMES[kind]));
}

function warningOf(field) {
  let warning = warnings.get(field);
  if (!warning?.isConnected) {
    warning = document.createElement('p');
    warning.className = 'redaction-warning';
    warning.setAttribute('role', 'status');
    field.after(warning);
    warnings.set(field, warning);
  }
  return warning;
}

function sentence(names) {
  const list =
    names.length > 2 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join(' and ');
  const verb = names.length > 1 ? 'were' : 'was';
  const removed = `${list[0].toUpperCase()}${list.slice(1)} ${verb} removed.`;
  return `${removed} Card and social security numbers are not kept here.`;
}
