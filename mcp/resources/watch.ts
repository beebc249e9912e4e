import type { App } from '../../core/app.ts';
import { callerOf } from '../tool.ts';
import type { WatchUris } from '../watch.ts';

/** The one list that is watched; its numbers say which references are its own. */
const type = 'authorization_requests';

/**
 * Watches requests by their addresses (`deskhand://R-12`): whoever asked hears that theirs was decided, also when another process
 * did it. Other addresses, and what the credential may not read, are left out.
 */
export const createWatch =
  (app: App): WatchUris =>
  async (uris, session, { updated, ended }) => {
    const named = new Map(
      uris.flatMap(uri => {
        const reference = /^deskhand:\/\/([\w-]{1,40})\/?$/i.exec(uri)?.[1]?.toUpperCase();
        return reference !== undefined && app.registry.references.typeOf(reference) === type
          ? [[reference, uri] as const]
          : [];
      }),
    );
    const watching = await app.watch(
      callerOf(session),
      {
        type,
        references: [...named.keys()],
        changed: reference => updated(named.get(reference) ?? ''),
        ended,
      },
      { request_id: session.request_id },
    );
    return {
      uris: watching.references.flatMap(reference => named.get(reference) ?? []),
      begin: watching.begin,
      stop: watching.stop,
    };
  };
