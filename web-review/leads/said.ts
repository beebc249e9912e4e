import { prose, timeTag, words } from '../format.ts';
import { formFields } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import type { Draft, Interaction, Lead } from './row.ts';

/** Ways people talk with each other, as one choice each. */
const ways = {
  we_called: { label: 'We called', type: 'phone_call', direction: 'outbound' },
  they_called: { label: 'They called', type: 'phone_call', direction: 'inbound' },
  we_wrote: { label: 'We wrote an e-mail', type: 'email_outbound', direction: 'outbound' },
  they_wrote: { label: 'They wrote an e-mail', type: 'email_inbound', direction: 'inbound' },
  we_texted: { label: 'We sent a text message', type: 'sms', direction: 'outbound' },
  they_texted: { label: 'They sent a text message', type: 'sms', direction: 'inbound' },
  we_met: { label: 'We met', type: 'meeting', direction: 'outbound' },
  note: { label: 'Only a note', type: 'note', direction: 'internal' },
} as const;

/** A way by the name a form sends; without one it is a note. */
export const wayNamed = (name: string | undefined) =>
  Object.entries(ways).find(([known]) => known === name)?.[1] ?? ways.note;

const outcomes = [
  'none',
  'spoke',
  'left_voicemail',
  'no_show',
  'rescheduled',
  'sent_proposal',
  'accepted_proposal',
  'rejected_proposal',
];

/** Calls, mails and notes, newest first, and the form that writes one down (INT-01, INT-05). */
export function saidSection(request: PageRequest, lead: Lead, draft: Draft | undefined): Markup {
  return html`<section aria-labelledby="said"><h2 id="said">Calls and notes</h2>
${saidForm(request, lead, draft?.form === 'said' ? draft : undefined)}
<ul class="plain rows">${lead.interactions.map(entry => interactionItem(request, lead, entry))}
${lead.notes.map(
  note => html`<li>${prose(note.content)}
<p class="when">${timeTag(note.created_at, request.identity.organization.time_zone)} · <code>${note.reference}</code></p></li>\n`,
)}</ul>
${lead.interactions.length >= 20 && html`<p class="hint">The 20 latest; there are older ones.</p>`}</section>`;
}

function saidForm(request: PageRequest, lead: Lead, draft: Draft | undefined): Markup {
  const typed = draft?.typed ?? {};
  const chosen = (name: string, value: string) => typed[name] === value && html` selected`;
  return html`<form method="post" action="/leads/${lead.reference}/said" class="card">${formFields(request)}
${draft && html`<p class="problem" role="alert">${draft.problem}</p>`}
<div class="fields"><div><label for="way">What happened</label><select id="way" name="way">${Object.entries(ways).map(([value, { label }]) => html`<option value="${value}"${chosen('way', value)}>${label}</option>`)}</select></div>
<div><label for="outcome">Outcome</label><select id="outcome" name="outcome">${outcomes.map(value => html`<option value="${value}"${chosen('outcome', value)}>${value === 'none' ? 'not said' : words(value)}</option>`)}</select></div></div>
<label for="body">What was said</label>
<textarea id="body" name="body" rows="3" maxlength="20000" dir="auto" data-redact>
${asTyped(typed.body ?? '')}</textarea>
<label for="follow_up_at">Call back at (may stay empty)</label>
<input id="follow_up_at" name="follow_up_at" type="datetime-local" value="${asTyped(typed.follow_up_at ?? '')}">
<button>Save entry</button>
</form>`;
}

function interactionItem(request: PageRequest, lead: Lead, entry: Interaction): Markup {
  const { time_zone } = request.identity.organization;
  const { subject, body, outcome, follow_up_at, follow_up_status } = entry;
  return html`<li>
  <p><b>${wayOf(entry)}</b>${outcome !== 'none' && ` · ${words(outcome)}`} <code>${entry.reference}</code></p>
  ${subject !== null && subject !== lead.title && html`<p dir="auto">${subject}</p>`}
  ${body !== null && (body === lead.raw_notes ? html`<p class="hint">As said above.</p>` : prose(body))}
  <p class="when">${timeTag(entry.occurred_at, time_zone)}</p>
  ${follow_up_at !== null && html`<p>${follow_up_status === 'pending' ? 'Call back' : `Call back ${words(follow_up_status)}, was due`} ${timeTag(follow_up_at, time_zone)}</p>`}
  ${
    follow_up_status === 'pending' &&
    html`<form method="post" action="/leads/${lead.reference}/followed-up">${formFields(request)}<input type="hidden" name="interaction" value="${entry.reference}">
  <button class="quiet">Called back</button> <button class="quiet" name="end" value="cancel">Not needed</button></form>`
  }
</li>\n`;
}

const wayOf = ({ type, direction }: Interaction): string =>
  Object.values(ways)
    .find(way => way.type === type && way.direction === direction)
    ?.label.replace('Only a note', 'Note') ?? `${words(type)}, ${words(direction)}`;
