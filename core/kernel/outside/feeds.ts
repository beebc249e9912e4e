import { authenticateFeed } from '../pipeline/authenticate.ts';
import type { ReadContext, RequestFacts } from '../pipeline/context.ts';
import type { Kernel } from '../pipeline/invocation.ts';
import { readContext } from '../pipeline/read-context.ts';
import { DeskhandError } from '../words/errors.ts';

/** What a feed may use besides: what it was made for, and where people reach the installation. */
export interface FeedReading {
  covers: string;
  /** Without a slash at the end. */
  base_url: string;
}

/**
 * Something that programs of people read again and again by an address of their own, `/<path>/<token><ending>`. The token is
 * good for nothing else: it runs no action and reads no view.
 */
export interface FeedSpec {
  path: string;
  /** `.ics` */
  ending: string;
  content_type: string;
  summary: string;
  /** The whole text; the same bytes for the same state, so that nothing is sent twice. */
  write(context: ReadContext, reading: FeedReading): Promise<string>;
}

export const defineFeed = (feed: FeedSpec): FeedSpec => feed;

/** What a feed says now. Throws UNAUTHENTICATED for one that is good no more. */
export function openFeed(
  kernel: Kernel,
  path: string,
  token: string,
  request: RequestFacts,
): Promise<string> {
  const spec = kernel.registry.feeds.get(path);
  if (!spec) throw new DeskhandError('UNAUTHENTICATED', 'There is no feed here.');
  return kernel.db.transaction('read only', async tx => {
    const { covers, ...identity } = await authenticateFeed(tx, token, request);
    return spec.write(readContext(kernel, tx, { identity, request }), { covers, base_url: kernel.baseUrl() });
  });
}
