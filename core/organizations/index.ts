import { defineDomain } from '../kernel/registry/domain.ts';
import { letterhead } from './letterhead.ts';
import { organizationView } from './organization.ts';
import { logoView, setLogo } from './set-logo.ts';
import { settingsView } from './settings.ts';
import { updateSettings } from './update-settings.ts';

export const organizations = defineDomain({
  name: 'organization',
  widens: 'settings of the business',
  summary: 'The business itself.',
  whose: 'ours',
  views: [organizationView, logoView],
  actions: [setLogo],
  settings: letterhead,
  derive: ({ settings }) => ({
    actions: [updateSettings(settings)],
    views: [settingsView(settings)],
  }),
});
