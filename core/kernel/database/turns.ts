import pg from 'pg';
import { serialize } from 'pg-protocol';
import { sqlState } from '../words/errors.ts';
import { asSent, type Sent } from './sent-values.ts';

// The statements of a transaction that do not wait for each other's answers travel together: in one packet, behind which PostgreSQL
// answers all of them in one. Where one fails, those behind it are left out, as they would be refused anyway. `pg` sends each with
// an end of its own, and has the columns of its answer described anew each time: that costs both sides as much as a short statement.

/** A row as it comes, its values read by the types of their columns. */
export type AnsweredRow = Record<string, unknown>;

/** What a statement was answered. */
export interface Answered {
  rows: AnsweredRow[];
  rowCount: number;
  /** `COMMIT`, `INSERT` … */
  command: string;
}

export interface Asked {
  text: string;
  values: readonly unknown[];
  /** Prepared under this name; without one it is parsed for this time alone. */
  name: string | undefined;
}

interface Column {
  name: string;
  read(text: string): unknown;
}

const ignore = (): void => undefined;

/** A statement on its way, and who waits for its answer. A class, for the engine reads members of copied objects more slowly. */
class Waiting {
  readonly text: string;
  readonly values: readonly Sent[];
  readonly name: string | undefined;
  columns: readonly Column[] | undefined = undefined;
  readonly rows: AnsweredRow[] = [];
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: unknown) => void;

  constructor(
    { text, values, name }: Asked,
    resolve: Waiting['resolve'] = ignore,
    reject: Waiting['reject'] = ignore,
  ) {
    this.text = text;
    this.values = values.map(asSent);
    this.name = name;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** What one connection has prepared. */
interface Prepared {
  /** Whether columns are remembered: behind a pooler another server may have prepared the statement anew, after a migration. */
  readonly remembers: boolean;
  /** By name; the columns of an answer are known after the first one, and PostgreSQL refuses to answer others. */
  readonly columns: Map<string, readonly Column[] | undefined>;
  /** Parsed by a packet that is not answered yet, in their order: `''` for those without a name. */
  readonly parsing: { turn: Turn; name: string }[];
}

type ReadType = (oid: number) => (text: string) => unknown;

/** Sends the statements of one connection, those of one turn of the event loop together. */
export class Turns {
  readonly #client: pg.ClientBase;
  readonly #read: ReadType;
  readonly #prepared: Prepared;
  #open: Turn | undefined;
  #owed: Asked | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `remembers` says that the connection is to one server as long as it lives. */
  constructor(client: pg.ClientBase, read: ReadType, { remembers = true }: { remembers?: boolean } = {}) {
    this.#client = client;
    this.#read = read;
    this.#prepared = { remembers, columns: new Map(), parsing: [] };
  }

  ask(asked: Asked): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const waiting = new Waiting(asked, resolve, reject);
      this.#turn().add(waiting);
    });
  }

  /**
   * Sends a statement whose answer means nothing to anybody in front of the next one of this connection, in the same packet; by itself
   * when none comes within a moment.
   */
  owe(asked: Asked): void {
    this.#owed = asked;
    if (this.#open) this.#pay(this.#open);
    else this.#timer ??= setTimeout(() => this.#due(), owedFor_ms).unref();
  }

  #due(): void {
    this.#timer = undefined;
    if (this.#owed) this.#turn();
  }

  #pay(turn: Turn): void {
    if (this.#owed) turn.add(new Waiting(this.#owed));
    this.#owed = undefined;
  }

  /** Sends what has not been sent yet, so that what comes behind it comes behind it. */
  flush(): void {
    const turn = this.#open;
    this.#open = undefined;
    if (turn) this.#client.query(turn);
  }

  #turn(): Turn {
    if (this.#open) return this.#open;
    const opened = new Turn(this.#prepared, this.#read);
    this.#open = opened;
    this.#pay(opened);
    process.nextTick(() => {
      if (this.#open === opened) this.flush();
    });
    return opened;
  }
}

const owedFor_ms = 5;

const describe = serialize.describe({ type: 'P' });
const execute = serialize.execute();

const listening = new WeakSet<pg.Connection>();

/**
 * One packet of statements, and who waits for their answers. Its methods are what `pg` calls of a query, and a query it is: others
 * are not let into a connection that sends before it is answered.
 */
class Turn extends pg.Query {
  readonly #prepared: Prepared;
  readonly #read: ReadType;
  readonly #waiting: Waiting[] = [];
  /** The one that is being answered. */
  #at = 0;
  #last: Answered | undefined;

  constructor(prepared: Prepared, read: ReadType) {
    super('');
    this.#prepared = prepared;
    this.#read = read;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  override submit = (connection: pg.Connection): null => {
    const { columns, parsing } = this.#prepared;
    if (!listening.has(connection)) {
      listening.add(connection);
      connection.on('parseComplete', () => parsing.shift());
    }
    const messages: Buffer[] = [];
    for (const waiting of this.#waiting) {
      const statement = this.#parse(messages, waiting);
      messages.push(serialize.bind({ statement, values: [...waiting.values] }));
      waiting.columns = statement === '' ? undefined : columns.get(statement);
      if (!waiting.columns) messages.push(describe);
      messages.push(execute);
    }
    messages.push(serialize.sync());
    connection.stream.write(Buffer.concat(messages));
    return null;
  };

  /** Prepares a statement where that is not done yet; answers the name it is bound by. */
  #parse(messages: Buffer[], { name, text }: Waiting): string {
    const { columns, parsing } = this.#prepared;
    if (name !== undefined && columns.has(name)) {
      const underway = parsing.find(one => one.name === name);
      if (!underway || underway.turn === this) return name;
    } else if (name !== undefined) {
      columns.set(name, undefined);
      parsing.push({ turn: this, name });
      messages.push(serialize.parse({ name, text }));
      return name;
    }
    // One that another packet prepares may not be there, should that one fail.
    parsing.push({ turn: this, name: '' });
    messages.push(serialize.parse({ text }));
    return '';
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const waiting = this.#waiting[this.#at];
    if (waiting)
      waiting.columns = fields.map(({ name, dataTypeID }) => ({ name, read: this.#read(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const waiting = this.#waiting[this.#at];
    if (!waiting?.columns) return;
    const row: AnsweredRow = {};
    let index = 0;
    for (const { name, read } of waiting.columns) {
      const text = fields[index++];
      row[name] = text === null || text === undefined ? null : read(text);
    }
    waiting.rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#answer(text);
  }

  handleEmptyQuery(): void {
    this.#answer('');
  }

  handleReadyForQuery(): void {
    const last = this.#waiting[this.#at];
    if (last && this.#last) last.resolve(this.#last);
  }

  /** The one that is being answered has failed, or the connection has: then nobody is answered any more. */
  handleError(error: unknown): void {
    const { columns, parsing } = this.#prepared;
    for (const { name, turn } of parsing.splice(0)) {
      if (turn !== this) parsing.push({ name, turn });
      else columns.delete(name);
    }
    const [failed, ...behind] = this.#waiting.slice(this.#at);
    failed?.reject(error);
    const reason = error instanceof pg.DatabaseError ? new LeftOut(error) : error;
    for (const { reject } of behind) reject(reason);
  }

  #answer(command: string): void {
    const waiting = this.#waiting[this.#at];
    if (!waiting) return;
    const { name, rows, columns = [] } = waiting;
    const { columns: known, remembers } = this.#prepared;
    if (remembers && name !== undefined && known.has(name)) known.set(name, columns);
    const [verb = '', ...numbers] = command.split(' ');
    const answered = { rows, rowCount: Number(numbers.at(-1) ?? 0), command: verb };
    // The last one is done when the connection is ready for others.
    if (this.#at === this.#waiting.length - 1) this.#last = answered;
    else {
      this.#at += 1;
      waiting.resolve(answered);
    }
  }
}

/** Said of a statement that stood behind one that failed, as PostgreSQL says it of those that come later. */
class LeftOut extends Error {
  readonly code = '25P02';
  constructor(cause: unknown) {
    super('a statement before this one failed', { cause });
  }
}

/** Refused because a statement before it had failed. */
export const isLeftOut = (error: unknown): boolean => sqlState(error) === '25P02';

/** Why a statement was left out, where that is known: what failed may have been another's, such as an owed commit. */
export const reasonOf = (error: unknown): unknown => (error instanceof LeftOut ? error.cause : error);
