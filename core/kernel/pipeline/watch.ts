import type { Announcements } from '../database/announcements.ts';
import { newId } from '../database/ids.ts';
import { DeskhandError } from '../words/errors.ts';
import type { Identity } from './context.ts';
import type { ReadResult } from './read.ts';

// Watching rows of a view that says by which of its members it is watched. Whoever watches reads each row with their own credential,
// before anything is told and each time it may have changed: an announcement is only a reason to look.

/** The channel on which tables announce their rows, as `organization_id reference`. */
export const changedChannel = 'deskhand_changed';

export interface Watching {
  /** The rows that are watched, by their references. */
  readonly references: readonly string[];
  /** From here on it is told, what happened since it was watched too. */
  begin(): void;
  stop(): void;
}

export interface Watched {
  /** The member by which it is watched, and what it says while there is nothing to tell. */
  member: string;
  waits: string;
}

export interface WatchedRows {
  type: string;
  references: readonly string[];
  /** Told each time the row is found changed, and at the beginning where it does not wait any more. */
  changed(reference: string): void;
  /** The credential ended: nothing is told any more. */
  ended(): void;
}

interface Means {
  read(reference: string): Promise<ReadResult>;
  identify(request: { request_id: string }): Promise<Identity>;
  announcements: Announcements;
  watched: Watched;
  /** Between two looks that nothing was announced for. */
  every_ms: number;
}

/** Errors after which a credential, or a row, does not come back. */
const final = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND']);
const isFinal = (error: unknown) => error instanceof DeskhandError && final.has(error.code);

/**
 * Watches rows until it is stopped; those the caller may not read are left out. Throws UNAUTHENTICATED, and what a read throws while
 * the database is away.
 */
export async function watchRows(rows: WatchedRows, means: Means): Promise<Watching> {
  const { member, waits } = means.watched;
  const { organization } = await means.identify({ request_id: newId() });
  const last = new Map<string, unknown>();
  const told = new Map<string, unknown>();
  const stateOf = async (reference: string) => (await means.read(reference)).rows[0]?.[member];
  for (const reference of rows.references) {
    try {
      last.set(reference, await stateOf(reference));
      told.set(reference, waits);
    } catch (error) {
      if (!isFinal(error) || isUnauthenticated(error)) throw error;
    }
  }
  let isTold = false;
  let isOver = false;
  let stopListening = () => {};
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    isOver = true;
    clearInterval(timer);
    stopListening();
  };
  const tell = (reference: string) => {
    if (!isTold || isOver || last.get(reference) === told.get(reference)) return;
    told.set(reference, last.get(reference));
    rows.changed(reference);
  };
  const look = async (reference: string) => {
    try {
      last.set(reference, await stateOf(reference));
      tell(reference);
    } catch (error) {
      if (isOver || !isFinal(error)) return;
      stop();
      rows.ended();
    }
  };
  const lookAtAll = () => {
    for (const reference of last.keys()) void look(reference);
  };
  const announcedAs = new Map(
    [...last.keys()].map(reference => [`${organization.id} ${reference}`, reference]),
  );
  if (last.size > 0) {
    stopListening = means.announcements.listen(announced => {
      if (announced === undefined) return lookAtAll();
      const reference = announcedAs.get(announced);
      if (reference !== undefined) void look(reference);
    });
    timer = setInterval(lookAtAll, means.every_ms).unref();
  }
  return {
    references: [...last.keys()],
    begin() {
      isTold = true;
      for (const reference of last.keys()) tell(reference);
    },
    stop,
  };
}

const isUnauthenticated = (error: unknown) =>
  error instanceof DeskhandError && error.code === 'UNAUTHENTICATED';
