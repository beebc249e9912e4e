import { quote } from '../core/kernel/words/quote.ts';

// JSON as the bytes that are sent (decision 073). Made of strings, an answer was put together, made flat, written and encoded one after
// the other, and each of that took as long as finding out what it says.

const usual_bytes = 32_768;
/** One that was longer than this gives its room back. */
const most_kept_bytes = 1_048_576;

const [quotes, backslash] = [0x22, 0x5c];
/** « and » in UTF-8. */
const [mark, opens, closes] = [0xc2, 0xab, 0xbb];
/** Bytes that a text has around it at most. */
const around = 6;

/** Writes one JSON after the other into the same room. */
export class JsonWriter {
  #bytes = Buffer.allocUnsafeSlow(usual_bytes);
  #at = 0;

  /** JSON that is finished already. */
  json(text: string): void {
    this.#makeRoom(text.length * 3);
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** The same as bytes. */
  bytes(written: Uint8Array): void {
    this.#makeRoom(written.length).set(written, this.#at);
    this.#at += written.length;
  }

  /** A few bytes, from one of them on: calling what copies more of them would take longer. */
  piece(written: Uint8Array, from: number): void {
    const { length } = written;
    const bytes = this.#makeRoom(length);
    let at = this.#at;
    for (let index = from; index < length; index += 1) bytes[at++] = written[index] ?? 0;
    this.#at = at;
  }

  sign(sign: '[' | ']' | '{' | '}' | ','): void {
    this.#makeRoom(1)[this.#at++] = sign.charCodeAt(0);
  }

  /** A text as JSON, and in the marks of somebody's words (`quote`) if it is in need of them. */
  text(text: string, isMarked: boolean): void {
    const { length } = text;
    const bytes = this.#makeRoom(length + around);
    let at = this.#at;
    bytes[at++] = quotes;
    if (isMarked) {
      bytes[at++] = mark;
      bytes[at++] = opens;
    }
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (!isPlain(code)) {
        this.json(JSON.stringify(isMarked ? quote(text) : text));
        return;
      }
      bytes[at++] = code;
    }
    if (isMarked) {
      bytes[at++] = mark;
      bytes[at++] = closes;
    }
    bytes[at++] = quotes;
    this.#at = at;
  }

  /** JSON as it stands inside of a text of JSON. It has been written once, so that nothing but quotes and backslashes is left to escape. */
  inText(json: Uint8Array): void {
    const { length } = json;
    const bytes = this.#makeRoom(length * 2);
    let at = this.#at;
    for (let index = 0; index < length; index += 1) {
      const byte = json[index] ?? 0;
      if (byte === quotes || byte === backslash) bytes[at++] = backslash;
      bytes[at++] = byte;
    }
    this.#at = at;
  }

  /** What is written, as bytes of its own. */
  take(write: (writer: this) => void): Buffer {
    this.#at = 0;
    write(this);
    const taken = Buffer.from(this.#bytes.subarray(0, this.#at));
    if (this.#bytes.length > most_kept_bytes) this.#bytes = Buffer.allocUnsafeSlow(usual_bytes);
    return taken;
  }

  #makeRoom(for_bytes: number): Buffer {
    const needed = this.#at + for_bytes;
    if (needed <= this.#bytes.length) return this.#bytes;
    const wider = Buffer.allocUnsafeSlow(needed * 2);
    this.#bytes.copy(wider, 0, 0, this.#at);
    this.#bytes = wider;
    return wider;
  }
}

/** Whether a character is one byte that stands in JSON as it is. No mark is, and nothing that looks like one. */
const isPlain = (code: number): boolean =>
  code >= 0x20 && code < 0x7f && code !== quotes && code !== backslash;

const shared = new JsonWriter();

/** The bytes of what is written; nothing else is written meanwhile. */
export const writeJson = (write: (writer: JsonWriter) => void): Buffer => shared.take(write);
