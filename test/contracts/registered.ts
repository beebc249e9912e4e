import { authorizations } from '../../authorization-queue/index.ts';
import { catalog } from '../../core/catalog.ts';
import { createRegistry } from '../../core/kernel/registry/create-registry.ts';
import type { Action, Workflow } from '../../core/kernel/registry/define.ts';
import type { Registered, Registry } from '../../core/kernel/registry/registry.ts';
import { searching } from '../../core/search/index.ts';
import { workflows } from '../../core/workflows/index.ts';

/** Everything this product registers, for tests that run once for each of them. */
export const registry: Registry = createRegistry([...catalog, searching(), authorizations], workflows);

/** Actions and workflows: whatever `execute` takes. */
export const calls: readonly Registered<Action | Workflow>[] = [
  ...registry.actions.values(),
  ...registry.workflows.values(),
];

export const views = [...registry.views.values()];

const otherMakers: Readonly<Record<string, string>> = {
  attribute: 'attribute.set',
  message: 'message.schedule',
};

/** What makes a record of a domain: `note.create`; facts are set, messages are scheduled. */
export const makerOf = (domain: string): Registered<Action> =>
  registry.action(otherMakers[domain] ?? `${domain}.create`);

/** What nobody of the business does: it is open to forms on websites alone, or to the machine itself. */
export const isForNobody = ({ spec }: Registered<Action | Workflow>): boolean =>
  spec.kind === 'action' && spec.human_only === true && spec.roles?.length === 0;

export const isForForms = (call: Registered<Action | Workflow>): boolean =>
  isForNobody(call) && call.spec.kind === 'action' && call.spec.open_to?.includes('webhook') === true;
