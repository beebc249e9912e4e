import { authorizations } from '../../authorization-queue/index.ts';
import { catalog } from '../../core/catalog.ts';
import type { Action, Workflow } from '../../core/kernel/define.ts';
import { createRegistry, type Registered, type Registry } from '../../core/kernel/registry.ts';
import { searching } from '../../core/search/index.ts';
import { workflows } from '../../mcp/workflows/index.ts';

/** Everything this product registers, for tests that run once for each of them. */
export const registry: Registry = createRegistry(
  [...catalog, searching(() => registry), authorizations(() => registry)],
  workflows,
);

/** Actions and workflows: whatever `execute` takes. */
export const calls: readonly Registered<Action | Workflow>[] = [
  ...registry.actions.values(),
  ...registry.workflows.values(),
];

export const views = [...registry.views.values()];

/** What makes a record of a domain: `note.create`; facts are set. */
export const makerOf = (domain: string): Registered<Action> =>
  registry.action(domain === 'attribute' ? 'attribute.set' : `${domain}.create`);

/** What nobody of the business does: it is open to forms on websites alone. */
export const isForForms = ({ spec }: Registered<Action | Workflow>): boolean =>
  spec.kind === 'action' && spec.open_to?.includes('webhook') === true && spec.roles?.length === 0;
