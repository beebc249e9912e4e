/** Something that begins and ends. Its name is a registered one, never a word of a caller: names are few. */
export interface Observed {
  kind: 'action' | 'view' | 'job' | 'transaction';
  name: string;
  /** How the caller came: with a key, a session, a link … */
  via?: string;
  request_id?: string;
}

/**
 * Whoever watches over an installation (metrics, traces). It is told what began, how it ended and when; never by whom, of
 * which business, or about what.
 */
export interface Observer {
  /** Runs the work; `outcome` says in a registered word how it ended. What the work throws is thrown on. */
  around<T>(observed: Observed, work: () => Promise<T>, outcome: (result: T) => string): Promise<T>;
}

/** For an installation nobody watches. */
export const unobserved: Observer = { around: (_observed, work) => work() };
