// Beside everything that is to be copied, a button that does it; and whether an assistant has called, looked at every few seconds
// while somebody is here. Without this, the text is selected by hand, and the page is opened again.

for (const field of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain';
  button.textContent = 'Copy';
  button.onclick = async () => {
    field.select();
    // On plain http there is no clipboard of its own.
    await (navigator.clipboard?.writeText(field.value) ?? document.execCommand('copy'));
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  };
  field.after(button);
}

const called = document.getElementById('called');
if (called) {
  document.getElementById('look-again').hidden = true;
  setInterval(look, 3000);
}

async function look() {
  if (document.visibilityState !== 'visible') return;
  const response = await fetch(called.dataset.look, { cache: 'no-store' }).catch(() => undefined);
  if (response?.ok && !response.redirected) called.innerHTML = await response.text();
}
