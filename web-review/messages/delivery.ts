import { shorten } from '../format.ts';
import { html, type Markup } from '../html.ts';

const sentences: Readonly<Record<string, string>> = {
  delayed: 'The other side takes it later.',
  delivered: 'It has arrived.',
  failed: 'The mail service could not send it.',
  suppressed: 'The mail service no longer writes to this address.',
  bounced: 'It came back.',
  complained: 'The customer has called it spam. Do not write to them unasked.',
};

/** What the mail service said of a mail after it had taken it. */
export function deliveryWords({
  delivery,
  delivery_reason: reason,
}: {
  delivery: string | null;
  delivery_reason: string | null;
}): Markup | false {
  if (delivery === null) return false;
  const isFine = delivery === 'delivered' || delivery === 'delayed';
  const code = reason === null ? '' : ` (${shorten(reason, 100)})`;
  return html`<p class="${isFine ? 'when' : 'problem'}">${sentences[delivery] ?? delivery}${code}</p>`;
}
