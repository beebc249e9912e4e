// What is sent to PostgreSQL to run a statement, in the frontend messages of its protocol (version 3).

/** What may stand in a statement: everything else is a defect of ours. */
export type Sent = string | Uint8Array | null;

/**
 * A value as PostgreSQL reads it: text, bytes as they are, lists as array literals, everything else that is an object as JSON.
 */
export function asSent(value: unknown): Sent {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return arrayLiteral(value);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const arrayLiteral = (items: readonly unknown[]): string => `{${items.map(itemOf).join(',')}}`;

function itemOf(item: unknown): string {
  if (Array.isArray(item)) return arrayLiteral(item);
  const sent = asSent(item);
  if (sent === null) return 'NULL';
  const text = typeof sent === 'string' ? sent : `\\x${Buffer.from(sent).toString('hex')}`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const code = { parse: 0x50, bind: 0x42, describe: 0x44, execute: 0x45, sync: 0x53, portal: 0x50 } as const;

/** Writes messages one behind the other, to be sent at once. */
export class Messages {
  #buffer = Buffer.allocUnsafe(2_048);
  #length = 0;

  /** Prepares a statement under a name; `''` is the one that only the next `bind` uses. */
  parse(name: string, text: string): void {
    const start = this.#begin(code.parse);
    this.#text(name);
    this.#text(text);
    this.#number16(0);
    this.#end(start);
  }

  /** Binds values to a prepared statement; its rows are answered as text. */
  bind(name: string, values: readonly Sent[]): void {
    const start = this.#begin(code.bind);
    this.#text('');
    this.#text(name);
    const isText = values.every(value => typeof value === 'string' || value === null);
    this.#number16(isText ? 0 : values.length);
    if (!isText) for (const value of values) this.#number16(value instanceof Uint8Array ? 1 : 0);
    this.#number16(values.length);
    for (const value of values) this.#value(value);
    this.#number16(0);
    this.#end(start);
  }

  /** Asks what columns will be answered. */
  describe(): void {
    const start = this.#begin(code.describe);
    this.#room(1);
    this.#buffer[this.#length++] = code.portal;
    this.#text('');
    this.#end(start);
  }

  execute(): void {
    const start = this.#begin(code.execute);
    this.#text('');
    this.#number32(0);
    this.#end(start);
  }

  /** Ends what is answered together: after an error all before it is left out. */
  sync(): void {
    this.#end(this.#begin(code.sync));
  }

  /** Everything so far. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Answers where the length of the message will stand. */
  #begin(type: number): number {
    this.#room(5);
    this.#buffer[this.#length] = type;
    this.#length += 5;
    return this.#length - 4;
  }

  #end(start: number): void {
    this.#buffer.writeInt32BE(this.#length - start, start);
  }

  /** Text of ours, and names: there is no zero in it. */
  #text(text: string): void {
    this.#room(text.length * 3 + 1);
    this.#length += this.#buffer.write(text, this.#length);
    this.#buffer[this.#length++] = 0;
  }

  #value(value: Sent): void {
    if (value === null) {
      this.#number32(-1);
    } else if (typeof value === 'string') {
      // No letter takes more than three bytes for each of its units.
      this.#room(4 + value.length * 3);
      const written = this.#buffer.write(value, this.#length + 4);
      this.#number32(written);
      this.#length += written;
    } else {
      this.#number32(value.length);
      this.#room(value.length);
      this.#buffer.set(value, this.#length);
      this.#length += value.length;
    }
  }

  #number16(number: number): void {
    this.#room(2);
    this.#length = this.#buffer.writeUInt16BE(number, this.#length);
  }

  #number32(number: number): void {
    this.#room(4);
    this.#length = this.#buffer.writeInt32BE(number, this.#length);
  }

  #room(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
