import { defineDomain } from '../kernel/registry/domain.ts';
import { beginCheck } from './begin-check.ts';
import { beginRegistration } from './begin-registration.ts';
import { registerPasskey } from './register.ts';
import { passkeysView, removePasskey } from './remove.ts';
import { passkeyForIrreversible } from './settings.ts';

export const passkeys = defineDomain({
  name: 'passkey',
  widens: 'passkeys',
  summary: 'Passkeys, with which people confirm what cannot be taken back.',
  whose: 'ours',
  actions: [beginRegistration, registerPasskey, beginCheck, removePasskey],
  views: [passkeysView],
  settings: [passkeyForIrreversible],
  constraints: {
    passkeys_organization_id_credential_id_key: {
      code: 'CONFLICT',
      field: 'response',
      message: 'This passkey is here already.',
      hint: 'Make one on another device, or use the one you have.',
    },
  },
});
