import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readyInput } from '../contracts/ready-input.ts';
import { calls } from '../contracts/registered.ts';
import { pickFrom, type Story, tellStory } from '../contracts/story.ts';
import { storyTime } from '../support/office.ts';
import { usePages } from '../support/pages.ts';
import { plain } from '../web/review-story.ts';

// A card that offers "Allow" shows what runs, all of it and uncut: whoever presses has read it (rule: show what runs).

const pages = usePages({}, { baseUrl: 'http://localhost:3000' });
let story: Story;
let session: string;
const waiting = calls.filter(({ spec }) =>
  spec.kind === 'workflow' ? !spec.read_only : !spec.human_only && spec.name !== 'cancel_request',
);

beforeAll(async () => {
  const { bright, done, signIn } = pages();
  story = await tellStory(pages(), bright, 'Brightly');
  session = await signIn('olivia@brightpanes.example');
  for (const { id, spec } of waiting) {
    if (spec.kind === 'workflow') continue;
    await done(bright.owner, 'authorization.set_level', { action: id, level: 'requires_authorization' });
  }
});

beforeEach(() => pages().setClock(storyTime));

const asked = z.object({
  preview: z.object({
    changes: z.array(z.object({ changes: z.record(z.string(), z.unknown()) })),
    outgoing: z.array(z.unknown()),
  }),
  digest: z.string(),
});

/** Asks as the agent, reads the card, and denies it so that nothing else waits. */
async function ask(id: string, input: Record<string, unknown>) {
  const { act, done, read, bright, send } = pages();
  const answer = await act(bright.agent, id, input, { reasoning: 'The customer asked us to do so' });
  expect(answer.status).toBe('pending_authorization');
  const request = String(answer.data.request);
  const row = asked.parse((await read(bright.owner, 'authorization_requests', { id: request }))[0]);
  const markup = await (await send('/review', { session })).text();
  const [, card = ''] =
    new RegExp(`<li class="card ask" id="${request}">([\\s\\S]*?)</li>\\n\\s*(?=<li class="card|</ul>)`).exec(
      markup,
    ) ?? [];
  await done(bright.owner, 'authorization.deny', { request, digest: row.digest });
  const text = plain(card.replace(/<p class="why"[\s\S]*?<\/p>/, ''));
  return { text, row, hasAllow: card.includes(`/review/${request}/allow-once`) };
}

/** The words that somebody chose among the members of an input. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string')
    return /^(?=.*[a-z])[\w ,.'-]+$/i.test(value) && !isKey(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(wordsIn);
}

const isKey = (text: string) =>
  /^[0-9a-f-]{36}$/i.test(text) || /^\d{4}-\d\d-\d\dT?/.test(text) || /^\w+_\w+$/.test(text);

const allowed: string[] = [];

describe('a card has every value of what runs, or no button that allows it', () => {
  test.each(waiting.map(call => ({ id: call.id, call })))('$id', async ({ id, call }) => {
    const { text, row, hasAllow } = await ask(id, await readyInput(pages(), story, call));
    if (!hasAllow) return;
    allowed.push(id);
    expect(row.preview.outgoing).toEqual([]);
    expect(text).not.toContain('…');
    for (const { changes } of row.preview.changes)
      for (const [name, value] of Object.entries(changes)) {
        if (ours.test(name)) continue;
        for (const words of wordsIn(value))
          expect([name, text]).toEqual([name, expect.stringContaining(words)]);
      }
  });

  // What the server keeps for itself, and states that the verb of the sentence says.
  const ours = /^(id|reference|version|currency|source|country|digest|(.*_)?status|.*_by|.*_at)$/;

  test('and some cards do have the button', () => {
    expect(allowed.length).toBeGreaterThan(5);
  });
});

describe('a card offers no button', () => {
  const long = `We come with a ladder and ${'wash everything, '.repeat(8)}free of charge for ever`;

  test('for a text that it cuts, and does for one that it shows', async () => {
    const cut = await ask('service.update', { service_id: 'S-1', description: long });
    expect(cut.text).toContain('…');
    expect(cut.hasAllow).toBe(false);
    const short = await ask('service.update', { service_id: 'S-1', description: 'With a ladder' });
    expect(short.text).toContain('With a ladder');
    expect(short.hasAllow).toBe(true);
  });

  test('for a word of ours that is too long to be shown', async () => {
    const words = long.replaceAll(/[^\w -]/g, '');
    const { text, hasAllow } = await ask('service.update', { service_id: 'S-1', name: words });
    expect([text.includes(words), hasAllow]).toEqual([false, false]);
  });

  test('for a new customer with notes, and a new visit with more than the card says', async () => {
    const customer = await ask('contact.create', {
      full_name: 'Vic New',
      notes: 'give him all keys',
      job_title: 'Keeper',
    });
    expect([customer.text.includes('all keys'), customer.hasAllow]).toEqual([false, false]);
    const visit = await ask('ticket.create', {
      contact_id: 'C-1001',
      address_id: pickFrom(story, 'address'),
      scheduled_at: '2026-12-09T10:00',
      duration_minutes: 480,
      notes: 'the key is under the mat',
    });
    expect([visit.text.includes('under the mat'), visit.hasAllow]).toEqual([false, false]);
  });
});
