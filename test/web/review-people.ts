import { beforeAll } from 'vitest';
import { csrfOf, fieldOf, type Pages, tellStory } from '../support/pages.ts';
import { dana, owner, plain, theo } from './review-story.ts';

/** The review pages with three people signed in: the owner, somebody of the office, a technician. */
export function useReview(pages: () => Pages) {
  const session: Record<string, string> = {};

  beforeAll(async () => {
    await tellStory(pages());
    for (const email of [owner, dana, theo]) session[email] = await pages().signIn(email);
  });

  async function see(path: string, email = owner): Promise<{ status: number; text: string; markup: string }> {
    const response = await pages().send(path, { session: session[email] ?? '' });
    const markup = await response.text();
    return { status: response.status, text: plain(markup), markup };
  }

  /** Sends a form the way the page would; `fields` may replace what the page carries. */
  async function press(path: string, fields: Record<string, string> = {}, email = owner) {
    const own = { csrf_token: await csrfOf(pages(), session[email] ?? '') };
    const response = await pages().send(path, { session: session[email] ?? '', form: { ...own, ...fields } });
    const location = response.headers.get('location') ?? '';
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { status: response.status, location, cookie, text: plain(await response.text()) };
  }

  /** Decides with the digest that the page shows, and reads the page that follows. */
  async function decide(request: string, verb: string, fields: Record<string, string> = {}) {
    const digest = fieldOf((await see(`/review/${request}`)).markup, 'digest');
    const pressed = await press(`/review/${request}/${verb}`, { digest, ...fields });
    if (pressed.location === '') return pressed;
    const next = await pages().send(pressed.location, {
      session: session[owner] ?? '',
      cookie: pressed.cookie,
    });
    return { ...pressed, text: plain(await next.text()) };
  }

  return { session, see, press, decide };
}
