import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

/** security.md, "The queue". */
export const passkeyForIrreversible = defineSetting({
  name: 'passkey_for_irreversible',
  label: 'Passkey for what cannot be taken back',
  summary: 'Whether allowing an assistant what cannot be taken back takes a passkey.',
  value: z.boolean(),
  usual: false,
  open_to: 'people',
  takes_passkey: true,
});
