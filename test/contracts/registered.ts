import { authorizations } from '../../authorization-queue/index.ts';
import { catalog } from '../../core/catalog.ts';
import type { Action, Workflow } from '../../core/kernel/define.ts';
import { createRegistry, type Registered, type Registry } from '../../core/kernel/registry.ts';
import { workflows } from '../../mcp/workflows/index.ts';

/** Everything this product registers, for tests that run once for each of them. */
export const registry: Registry = createRegistry([...catalog, authorizations(() => registry)], workflows);

/** Actions and workflows: whatever `execute` takes. */
export const calls: readonly Registered<Action | Workflow>[] = [
  ...registry.actions.values(),
  ...registry.workflows.values(),
];

export const views = [...registry.views.values()];
