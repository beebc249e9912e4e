import { type Effect, isFinal } from '../kernel/registry/define.ts';
import type { Registry } from '../kernel/registry/registry.ts';

const final: readonly Effect[] = ['delete', 'money', 'send'];

/** Whether what a request asks for cannot simply be taken back: it ends, deletes, pays, sends mail, or is a bulk. */
export function isIrreversible(
  registry: Registry,
  asked: { action: string; rule: string; preview: { outgoing: readonly unknown[] } },
): boolean {
  if (asked.rule === 'bulk' || asked.preview.outgoing.length > 0) return true;
  const used = registry.workflows.get(asked.action)?.spec.uses ?? [asked.action];
  return used.some(id => {
    const spec = registry.actions.get(id)?.spec;
    return spec !== undefined && (isFinal(spec) || final.includes(spec.effect));
  });
}
