import { z } from 'zod';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { formFields, submit } from '../forms.ts';
import { asTyped, html } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, type Page, type PageRequest, readList, recordOf } from '../site.ts';

const row = z.object({ reference: z.string(), subject: z.string(), body: z.string(), status: z.string() });

/** `/messages/M-1001/change`: the words of a message that has not gone out. */
export async function showChange(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const query = { id: recordOf(request), fields: Object.keys(row.shape) };
  const message = row.parse((await readList(request, 'scheduled_messages', row, query)).rows[0]);
  const typed = (name: 'subject' | 'body') => refusal?.typed[name] ?? message[name];
  return {
    title: 'Change a message',
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="${listOf(message.status)}">Messages</a></p>
<h1>Change ${message.reference}</h1>
<form method="post" action="/messages/${message.reference}/change" class="card">${formFields(request)}${problemElse(refusal, ['subject', 'body'])}
${field({ name: 'subject', label: 'Subject', hint: '', problem: problemAt(refusal, 'subject') }, textControl(typed('subject'), html` required`))}
${field(
  {
    name: 'body',
    label: 'Text',
    hint: 'What you write here goes out as it stands.',
    problem: problemAt(refusal, 'body'),
  },
  attributes => html`<textarea${attributes} rows="12" maxlength="20000" required>
${asTyped(typed('body'))}</textarea>`,
)}
<p class="buttons"><button>Save</button> <a class="button plain quiet" href="${listOf(message.status)}">Cancel</a></p></form>`,
  };
}

const listOf = (status: string): string => (status === 'draft' ? '/messages?state=draft' : '/messages');

/** Changes the words; they go out as they stand from then on. */
export function changeMessage(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'message.update',
    async ({ subject = '', body = '' }) => {
      const { data } = await submit(request, 'message.update', {
        message_id: recordOf(request),
        subject,
        body,
      });
      const done = `${String(data.reference)} is changed.`;
      return { redirect: listOf(String(data.status)), said: { done, warnings: [] } };
    },
    refusal => showChange(request, refusal),
  );
}
