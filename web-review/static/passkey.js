// Asks for a passkey before a form is sent (WebAuthn). A form with data-passkey-request="R-1" is confirmed for that
// request; one with data-passkey-register makes a new passkey. What the browser answers goes into the hidden fields
// `passkey` and `response`, and the server checks it.

// Going back brings the fields back as they were, and an answer is good once.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('[data-passkey-request], [data-passkey-register]')) {
    for (const name of ['passkey', 'response']) if (form.elements[name]) form.elements[name].value = '';
  }
});

document.addEventListener('submit', event => {
  const form = event.target;
  const button = event.submitter;
  if (button && 'withoutPasskey' in button.dataset) return;
  const [step, next] = stepsOf(form);
  if (!step) return;
  event.preventDefault();
  if (form.dataset.passkeyBusy) return;
  form.dataset.passkeyBusy = 'yes';
  tell(form, '');
  step(form)
    .then(() => {
      // Each time the device is asked takes a press of its own, or some browsers refuse.
      if (next) tell(form, 'Confirmed. Press once more to make the new passkey.', 'status');
      else form.requestSubmit(button);
    })
    .catch(error => tell(form, sentence(error)))
    .finally(() => delete form.dataset.passkeyBusy);
});

/** What is left to do with the device before this form can be sent. */
function stepsOf({ dataset, elements }) {
  return [
    'passkeyRequest' in dataset && elements.passkey.value === '' && confirm,
    'passkeyRegister' in dataset && elements.response.value === '' && make,
  ].filter(Boolean);
}

async function confirm(form) {
  requireNewBrowser('parseRequestOptionsFromJSON');
  const { options } = await ask('/passkeys/check', {
    csrf_token: form.elements.csrf_token.value,
    purpose: form.dataset.passkeyRequest,
    digest: form.elements.digest?.value ?? '',
  });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  form.elements.passkey.value = JSON.stringify(credential.toJSON());
}

async function make(form) {
  requireNewBrowser('parseCreationOptionsFromJSON');
  const { options } = await ask('/passkeys/options', { csrf_token: form.elements.csrf_token.value });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  form.elements.response.value = JSON.stringify(credential.toJSON());
}

class Refused extends Error {}

function requireNewBrowser(name) {
  if (!isSecureContext)
    throw new Refused('Passkeys work at the https address of this page only, or on localhost.');
  if (typeof globalThis.PublicKeyCredential?.[name] !== 'function') {
    throw new Refused('This browser is too old for passkeys. Update it, or use another device.');
  }
}

async function ask(address, fields) {
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams(fields) });
  const answer = await response.json();
  if (!response.ok) throw new Refused([answer.message, answer.hint].filter(Boolean).join(' '));
  return answer;
}

const sentences = {
  NotAllowedError: 'It was not confirmed. Try again.',
  AbortError: 'It was not confirmed. Try again.',
  InvalidStateError: 'This device has a passkey for you here already.',
  SecurityError: 'The browser makes no passkeys at this address.',
};

const sentence = error =>
  error instanceof Refused
    ? error.message
    : (sentences[error.name] ?? 'That did not work. Check the connection and try again.');

function tell(form, text, role = 'alert') {
  let place = form.querySelector('.passkey-told');
  if (!place) {
    place = document.createElement('p');
    form.append(place);
  }
  place.className = role === 'alert' ? 'passkey-told problem' : 'passkey-told';
  place.setAttribute('role', role);
  place.textContent = text;
}
