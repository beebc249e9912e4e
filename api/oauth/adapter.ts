import { AsyncLocalStorage } from 'node:async_hooks';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import {
  consumeEntry,
  dropEntry,
  dropGrant,
  findEntry,
  isLiving,
  keepEntry,
  type Owned,
  renewConnection,
  useClient,
} from '../../core/connections/entries.ts';
import type { Ending } from '../../core/connections/queries.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { isUuid } from '../../core/kernel/database/ids.ts';
import { paths } from './metadata.ts';

/** What one request of the authorization server has found out on its way. */
export interface Passage {
  /** Which code or token was shown that had been used before. */
  replayed?: 'code_replayed' | 'token_replayed';
}

/** What is lost when something that was allowed together ends. */
export type LoseConnection = (owned: Owned, because: Exclude<Ending, 'ended'>) => Promise<void>;

interface AdapterOptions {
  db: Database;
  baseUrl: string;
  lose: LoseConnection;
  /** Thrown when a code or token was used by somebody else at the same moment. */
  alreadyUsed(): Error;
}

/** How long a registered program that nobody has let in yet is kept, and one that works here after its last use, in days. */
const clientDays = { unused: 1, used: 90 };

/** The request that is under way, so that what is stored knows why. */
export const passages = new AsyncLocalStorage<Passage>();

/** The account of a token: whose connection it is. */
export const accountOf = ({ organization_id, connection_id }: Owned): string =>
  `${organization_id}.${connection_id}`;

/** Undefined for what is no account of ours. */
export function ownedBy(account: unknown): Owned | undefined {
  const [organization_id = '', connection_id = ''] = typeof account === 'string' ? account.split('.') : [];
  return isUuid(organization_id) && isUuid(connection_id) ? { organization_id, connection_id } : undefined;
}

/**
 * Keeps what the authorization server keeps in the database, so that any process goes on with what another began. Ids open things:
 * they are kept as hashes, and taken out of what is kept with them. A session of the server's own is never kept: who somebody is,
 * our own sign-in knows.
 */
export function entryAdapter(options: AdapterOptions): (kind: string) => Adapter {
  return kind => (kind === 'Session' ? nothingKept : new EntryAdapter(kind, options));
}

class EntryAdapter implements Adapter {
  readonly #kind: string;
  readonly #options: AdapterOptions;

  constructor(kind: string, options: AdapterOptions) {
    this.#kind = kind;
    this.#options = options;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const { db } = this.#options;
    const owned = ownedBy(payload.accountId);
    const { jti: _id, returnTo: _way, ...kept } = payload;
    await keepEntry(db, {
      kind: this.#kind,
      id,
      payload: kept,
      grant: this.#kind === 'Grant' ? id : payload.grantId,
      owned,
      scope: payload.scope,
      lives_seconds: expiresIn ?? clientDays.unused * 86_400,
    });
    if (this.#kind !== 'AccessToken' || !owned) return;
    await renewConnection(db, owned);
    if (payload.clientId !== undefined) await useClient(db, payload.clientId, clientDays.used);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await findEntry(this.#options.db, this.#kind, id);
    if (!found) return undefined;
    const { payload, consumed } = found;
    if (consumed !== null) this.#noteReplay();
    if (this.#kind === 'Client') return payload;
    return {
      ...payload,
      jti: id,
      ...(this.#kind === 'Interaction'
        ? { returnTo: `${this.#options.baseUrl}${paths.authorize}/${id}` }
        : {}),
      ...(consumed === null ? {} : { consumed }),
    };
  }

  async consume(id: string): Promise<void> {
    const { db, lose, alreadyUsed } = this.#options;
    const found = await findEntry(db, this.#kind, id);
    if (await consumeEntry(db, this.#kind, id)) return;
    // Two at once: one has it, and neither of them may go on, for one has stolen it.
    const because = this.#noteReplay();
    const { organization_id, connection_id } = found ?? {};
    if (because && organization_id && connection_id) await lose({ organization_id, connection_id }, because);
    throw alreadyUsed();
  }

  async destroy(id: string): Promise<void> {
    const { db, lose } = this.#options;
    if (this.#kind === 'Grant') {
      const { organization_id, connection_id } = (await findEntry(db, this.#kind, id)) ?? {};
      const because = passages.getStore()?.replayed ?? 'client';
      if (organization_id && connection_id) await lose({ organization_id, connection_id }, because);
    }
    await dropEntry(db, this.#kind, id);
  }

  revokeByGrantId(grantId: string): Promise<void> {
    return dropGrant(this.#options.db, this.#kind, grantId);
  }

  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  #noteReplay(): Passage['replayed'] {
    const replayed = replays[this.#kind];
    const passage = passages.getStore();
    if (passage && replayed) passage.replayed = replayed;
    return replayed;
  }
}

const replays: Readonly<Record<string, Passage['replayed']>> = {
  AuthorizationCode: 'code_replayed',
  RefreshToken: 'token_replayed',
};

const nothingKept: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
};

/** Whether what an account stands for still lives; undefined for an account that is none. */
export const findAccount =
  (db: Database) =>
  async (
    _context: unknown,
    account: string,
  ): Promise<{ accountId: string; claims(): { sub: string } } | undefined> => {
    const owned = ownedBy(account);
    if (!owned || !(await isLiving(db, owned))) return undefined;
    return { accountId: account, claims: () => ({ sub: account }) };
  };
