import type { App } from '../core/app.ts';
import { newId } from '../core/kernel/database/ids.ts';
import { hashSecret } from '../core/kernel/pipeline/authenticate.ts';

/** How often a process writes down that a key is in use. */
const every_ms = 10_000;
const mostKeys = 10_000;

/**
 * Notes when a key was used last, at most once in ten seconds for each and without a call waiting for it: the page that connects an
 * assistant says "called 12 seconds ago". What cannot be noted is not: no call fails because of it.
 */
export function noteCalls(app: App): (key: string, hash?: string) => void {
  const noted = new Map<string, number>();
  return (key, hash = hashSecret(key)) => {
    const now = Date.now();
    if ((noted.get(hash) ?? 0) > now - every_ms) return;
    if (noted.size >= mostKeys) noted.clear();
    noted.set(hash, now);
    app.noteCall({ via: 'key', key, or: 'token' }, { request_id: newId() }).catch(() => undefined);
  };
}
