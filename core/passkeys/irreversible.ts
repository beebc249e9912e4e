import { type Effect, isFinal } from '../kernel/registry/define.ts';
import { askedCall, type Registry } from '../kernel/registry/registry.ts';

/** What is looked at of a request. */
export interface AskedFor {
  action: string;
  input: Readonly<Record<string, unknown>>;
  rule: string;
  preview: { outgoing: readonly unknown[] };
}

const final: readonly Effect[] = ['delete', 'money', 'send'];

/** Whether what a request asks for cannot simply be taken back: it ends, deletes, pays, sends mail, or is a bulk. */
export function isIrreversible(registry: Registry, asked: AskedFor): boolean {
  if (asked.rule === 'bulk' || asked.preview.outgoing.length > 0) return true;
  const found = askedCall(registry, asked);
  const used = found?.spec.kind === 'workflow' ? found.spec.uses : [found?.id ?? asked.action];
  return used.some(id => {
    const spec = registry.actions.get(id)?.spec;
    return spec !== undefined && (isFinal(spec) || final.includes(spec.effect));
  });
}
