import { type JsonSchema, jsonSchemaOf } from '../words/parse-input.ts';
import type { Automation } from './automation.ts';
import type { Domain } from './domain.ts';
import type { EventSpec } from './event.ts';
import type { Registry } from './registry.ts';
import { scheduleWords, type TimerSpec } from './timer.ts';

/** What happens in the business, when, and what it does then by itself. */
export interface Happenings {
  readonly events: ReadonlyMap<string, EventSpec>;
  readonly timers: ReadonlyMap<string, TimerSpec>;
  /** By the name of the event or timer that starts them. */
  readonly automations: ReadonlyMap<string, readonly Automation[]>;
}

/**
 * Collects them from all domains. Throws when two share a name, when an action or automation emits an event nobody
 * registered, and when an automation waits for something that never happens.
 */
export function happeningsOf(domains: readonly Domain[]): Happenings {
  const events = named(domains.flatMap(domain => domain.events ?? []));
  const timers = named(domains.flatMap(domain => domain.timers ?? []));
  const all = named(domains.flatMap(domain => domain.automations ?? []));
  // An automation names either of them.
  named([...events.values(), ...timers.values()]);
  const automations = new Map<string, readonly Automation[]>();
  for (const automation of all.values()) {
    const { name, on } = automation;
    if (events.get(on.name) !== on && timers.get(on.name) !== on) {
      throw new Error(`the automation ${name} waits for ${on.name}, which nobody registered`);
    }
    automations.set(on.name, [...(automations.get(on.name) ?? []), automation]);
  }
  for (const { name, emits } of emittersOf(domains)) {
    const unknown = emits?.find(event => !events.has(event));
    if (unknown !== undefined) throw new Error(`${name} emits ${unknown}, which nobody registered`);
  }
  return { events, timers, automations };
}

/** What a domain tells, does by itself and does in time, for those who read what there is; left out where there is nothing. */
export interface HappeningCapabilities {
  events?: { name: string; summary: string; payload: JsonSchema; emitted_by: string[] }[];
  automations?: { name: string; summary: string; on: string; keywords: readonly string[] }[];
  timers?: { name: string; summary: string; schedule: string }[];
}

export function describeHappenings(registry: Registry, domain: string): HappeningCapabilities {
  const found = registry.domains.find(({ name }) => name === domain);
  const events = (found?.events ?? []).map(({ name, summary, payload }) => ({
    name,
    summary,
    payload: jsonSchemaOf(payload, 'output'),
    emitted_by: emittersOf(registry.domains)
      .filter(({ emits }) => emits?.includes(name))
      .map(emitter => emitter.name),
  }));
  const automations = (found?.automations ?? []).map(({ name, summary, on, keywords = [] }) => ({
    name,
    summary,
    on: on.name,
    keywords,
  }));
  const timers = (found?.timers ?? []).map(({ name, summary, at }) => ({
    name,
    summary,
    schedule: scheduleWords(at),
  }));
  return {
    ...(events.length > 0 ? { events } : {}),
    ...(automations.length > 0 ? { automations } : {}),
    ...(timers.length > 0 ? { timers } : {}),
  };
}

/** Actions and automations with the events they may emit. */
const emittersOf = (domains: readonly Domain[]) => [
  ...domains
    .flatMap(domain => domain.actions ?? [])
    .map(({ domain, name, emits }) => ({ name: `${domain}.${name}`, emits })),
  ...domains.flatMap(domain => domain.automations ?? []).map(({ name, emits }) => ({ name, emits })),
];

function named<T extends { name: string }>(items: readonly T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(item.name)) throw new Error(`two registrations are called ${item.name}`);
    map.set(item.name, item);
  }
  return map;
}
