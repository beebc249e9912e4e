import type { Registry } from '../core/kernel/registry/registry.ts';
import type { ErrorDetails } from '../core/kernel/words/errors.ts';
import { type AskedFor, DeskhandError, describeError } from '../core/kernel/words/errors.ts';
import { unquote } from '../core/kernel/words/quote.ts';
import { compact, isMembers, isNothing, type Members, type Place } from './compact.ts';
import { writeJson } from './json-writer.ts';
import type { ToolAnswer } from './tool.ts';
import { mannerOf, type Wording, wordingsOf } from './wording.ts';
import { writeRows } from './write-rows.ts';

/**
 * Makes answers out of what the core answers: the same facts with fewer tokens. Nothing, empty lists and ids beside a
 * reference are left out; times are local with weekday and offset. Text that people wrote stands in « », so that it is
 * never taken for an instruction (architecture §6): names of customers and strangers as well as notes. It is marked
 * unless it is known to be ours, so that a member somebody adds tomorrow is marked before anybody thinks of it.
 */
export interface Presenter {
  /** `of` is the data type, action or workflow the value comes from. */
  compact(value: unknown, timeZone: string, of: string): unknown;
  /** Every member of an answer, even when empty: its schema promises them. */
  compactEach(data: Record<string, unknown>, timeZone: string, of: string): Record<string, unknown>;
  /** The answer of a list: `compact` of its rows, and what stands beside them. */
  answerRows(rows: readonly Members[], listed: Listed, beside: Record<string, unknown>): ToolAnswer;
  /** Sentences of the software that mark what they quote. */
  compactMarked(value: unknown, timeZone: string): unknown;
  /** A refusal as a tool error with all that helps to correct the call. A defect is thrown on, to be logged and hidden. */
  refuse(error: unknown, asked?: AskedFor): ToolAnswer;
}

interface Listed {
  timeZone: string;
  of: string;
}

export function presenter(registry: Registry): Presenter {
  const place = (timeZone: string | undefined, wording: Wording): Place => ({
    manner: mannerOf(registry, wording),
    timeZone,
  });
  const whole = (value: unknown, there: Place) => compact(value, there.manner.member(''), there);
  const each = (data: object, there: Place) =>
    Object.fromEntries(
      Object.entries(data).map(([name, held]) => [name, compact(held, there.manner.member(name), there)]),
    );
  return {
    compact: (value, timeZone, of) => whole(value, place(timeZone, wordingsOf(registry, of)(value))),
    compactEach: (data, timeZone, of) => each(data, place(timeZone, wordingsOf(registry, of)(data))),
    answerRows(rows, { timeZone, of }, beside) {
      const there = {
        wordingOf: wordingsOf(registry, of),
        mannerOf: (wording: Wording) => mannerOf(registry, wording),
        timeZone,
      };
      const json = writeJson(writer => {
        writer.json('{"rows":');
        writeRows(writer, rows, there);
        const others = JSON.stringify(beside).slice(1, -1);
        writer.json(others === '' ? '}' : `,${others}}`);
      });
      return new WrittenAnswer(json);
    },
    compactMarked: (value, timeZone) => whole(value, place(timeZone, 'marked')),
    refuse(error, asked) {
      const described = describeError(error, asked);
      const there = place(error instanceof DeskhandError ? error.time_zone : undefined, 'refusal');
      if (described.code === 'INTERNAL_ERROR') throw error;
      const { type: _type, title: _title, status: _status, detail: _detail, ...known } = described;
      const said = Object.entries(known).filter(([, member]) => !isNothing(member));
      const facts: ErrorDetails = each(Object.fromEntries(said), there);
      return { ...answer({ error: facts }), isError: true };
    },
  };
}

/** What an agent hands back as it was answered to it, without our marks: mostly there are none, and it is the same value. */
export function unmark(value: unknown): unknown {
  if (typeof value === 'string') return unquote(value);
  if (Array.isArray(value)) return value.map(unmark);
  if (!isMembers(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const member = value[name];
    const plain = unmark(member);
    if (plain === member) continue;
    copy ??= { ...value };
    copy[name] = plain;
  }
  return copy ?? value;
}

/** The answer of a tool: the same compact facts for clients that show the model only one of the two. */
export function answer(structured: Record<string, unknown>): ToolAnswer {
  const text = JSON.stringify(structured);
  return { structured, text, json: Buffer.from(text) };
}

/** Facts that were written down at once, and are read only where somebody wants to have them in another way. */
class WrittenAnswer implements ToolAnswer {
  readonly json: Buffer;
  #structured: Record<string, unknown> | undefined;

  constructor(json: Buffer) {
    this.json = json;
  }

  get text(): string {
    return this.json.toString();
  }

  get structured(): Record<string, unknown> {
    this.#structured ??= JSON.parse(this.text);
    return this.#structured ?? {};
  }
}
