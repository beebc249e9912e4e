import { defineDomain } from '../kernel/registry/domain.ts';
import { runAutomation, runLater } from './run.ts';
import { setEnabled } from './set-enabled.ts';
import { startOnTimer } from './start-on-timer.ts';
import { timersView } from './timers-view.ts';
import { eventsView, runsView, workflowsView } from './views.ts';

export const automations = defineDomain({
  name: 'automation',
  widens: 'automations',
  summary: 'What happens by itself: events, timers, and what follows from them.',
  actions: [setEnabled, runAutomation, startOnTimer],
  views: [workflowsView, runsView, eventsView, timersView],
  jobs: [runLater],
});
