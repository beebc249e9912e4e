import { describe, expect, test } from 'vitest';
import { csrfOf, fieldOf, usePages } from '../support/pages.ts';
import { useReview } from './review-people.ts';
import { askToDelete, dana, isThere, owner, requestRow } from './review-story.ts';

const pages = usePages();
const { session, see, press, decide } = useReview(pages);

describe('several together', () => {
  test('are shown whole, decided each by itself, and the page after says how each ended', async () => {
    const asked = [
      await askToDelete(pages(), 'Rae Together', 'Rae moved away to her son'),
      await askToDelete(pages(), 'Sue Together'),
      await askToDelete(pages(), 'Tia Together'),
    ];
    const list = asked.map(({ request }) => request).join('.');
    const { text, markup } = await see(`/review/together?requests=${list}`);
    expect(text).toContain('3 of 3 requests wait');
    expect(text).toContain('Rae moved away to her son');
    expect(text).toContain('Delete address');
    const items = fieldOf(markup, 'items');
    await decide(asked[1]?.request ?? '', 'deny', { content: 'Not Sue' });
    const { location } = await press('/review/together', { items, requests: list, decision: 'allow_once' });
    expect(location).toBe(`/review/together?requests=${list}`);
    const after = await see(location);
    expect(after.text).toContain('None of these waits');
    expect(after.text).toMatch(
      /Rae Together.*done by Olivia Bright.*Sue Together.*denied by.*Tia Together.*done by/,
    );
    const there = await Promise.all(asked.map(({ contact }) => isThere(pages(), contact)));
    expect(there).toEqual([false, true, false]);
  });

  test('can be denied with one note for all', async () => {
    const asked = [await askToDelete(pages(), 'Una Both'), await askToDelete(pages(), 'Vera Both')];
    const list = asked.map(({ request }) => request).join('.');
    const items = fieldOf((await see(`/review/together?requests=${list}`)).markup, 'items');
    await press('/review/together', { items, requests: list, decision: 'deny', content: 'Keep both' });
    for (const { request } of asked) {
      expect(await requestRow(pages(), request)).toMatchObject({
        status: 'denied',
        decision_note: 'Keep both',
      });
    }
  });
});

describe('nothing is decided', () => {
  test('by opening an address', async () => {
    const { request, contact } = await askToDelete(pages(), 'Wilma Scanned');
    for (const verb of ['allow-once', 'allow-always', 'deny']) {
      const response = await pages().send(`/review/${request}/${verb}`, { session: session[owner] ?? '' });
      expect(response.headers.get('location')).toBe(`/review/${request}`);
    }
    const { digest } = await requestRow(pages(), request);
    await see(`/review/together?requests=${request}&items=${request}:${digest}&decision=allow_once`);
    expect((await requestRow(pages(), request)).status).toBe('pending');
    expect(await isThere(pages(), contact)).toBe(true);
  });

  test('by a form of another site, without its token, or by nobody; by our own it is', async () => {
    const { request, contact } = await askToDelete(pages(), 'Xena Forged');
    const { digest } = await requestRow(pages(), request);
    const token = await csrfOf(pages(), session[owner] ?? '');
    const path = `/review/${request}/allow-once`;
    const right = { csrf_token: token, digest: String(digest) };
    const send = (
      form: Record<string, string>,
      headers: Record<string, string>,
      who = session[owner] ?? '',
    ) => pages().send(path, { session: who, form, headers });
    expect((await send(right, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send(right, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ digest: String(digest) }, {})).status).toBe(403);
    expect((await send({ ...right, csrf_token: 'x'.repeat(token.length) }, {})).status).toBe(403);
    expect((await send(right, {}, 'nobody')).status).toBe(401);
    const { bright } = pages();
    const key = await pages().send(path, {
      form: right,
      headers: { authorization: `Bearer ${bright.agent.key}` },
    });
    expect(key.status).toBe(401);
    expect(await isThere(pages(), contact)).toBe(true);
    expect((await send(right, { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    expect(await isThere(pages(), contact)).toBe(false);
  });
});

describe('the pages beside it', () => {
  test('the history shows what was decided, by whom, with the note, page by page', async () => {
    const { request } = await askToDelete(pages(), 'Yara History');
    await decide(request, 'deny', { content: 'Not now' });
    const { text } = await see('/review/history');
    expect(text).toMatch(/Yara History C-\d+\. denied · Olivia Bright,.*Note: Not now/);
    for (let n = 0; n < 20; n += 1) {
      await decide((await askToDelete(pages(), `Zoe ${n}`)).request, 'deny');
    }
    const first = await see('/review/history');
    expect(first.text).not.toContain('Yara History');
    const older = /href="(\/review\/history\?cursor=[^"]+)"/.exec(first.markup)?.[1] ?? '';
    expect((await see(older)).text).toContain('Yara History');
    expect((await see('/review/history?cursor=nonsense')).status).toBe(400);
  });

  test('levels lists every action that agents may be given, and sets one', async () => {
    const { markup } = await see('/review/levels');
    for (const { id, spec } of pages().app.registry.actions.values()) {
      expect(markup.includes(`/review/levels?action=${id}"`), id).toBe(spec.human_only !== true);
    }
    expect((await see('/review/levels?action=contact.delete')).text).toContain(
      'when the customer has history',
    );
    expect((await see('/review/levels?action=contact.nope')).status).toBe(404);
    const set = await press('/review/levels', {
      action: 'note.create',
      level: 'forbidden',
      content: 'Too many',
    });
    expect(set.location).toBe('/review/levels?action=note.create');
    const { text } = await see('/review/levels?action=note.create');
    expect(text).toMatch(/The assistant does it: never.*Every assistant · Add note: never.*Why: Too many/);
    const wrong = await press('/review/levels', {
      action: 'note.create',
      level: 'sometimes',
      content: 'Because',
    });
    expect(wrong.status).toBe(400);
    expect(
      (await press('/review/levels', { action: 'note.create', level: 'unrestricted' }, dana)).status,
    ).toBe(403);
  });

  test('lead to the assistants, who are paused and get their keys there', async () => {
    const opened = await pages().send('/review/agents', { session: session[owner] ?? '' });
    expect(opened.headers.get('location')).toBe('/assistants');
    const page = await see(`/assistants/${pages().bright.agentId}`);
    expect(page.markup).toContain(`action="/assistants/${pages().bright.agentId}/pause"`);
    // The office sees no beginning of a key.
    expect((await see(`/assistants/${pages().bright.agentId}`, dana)).markup).not.toContain('dh_');
  });
});
