import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { defineAction, defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { asCode } from '../kernel/words/text-schemas.ts';
import { NoPicture, type Picture, readPicture } from '../paper/picture.ts';
import { endLogo, findLogo, insertLogo, logoRow, pictureOf } from './logo-queries.ts';

/** The largest file that is taken, in bytes. */
const most = 300 * 1024;

/** In base64, as a call brings it; more is refused by its length, before anything is read of it. */
const file = z
  .string()
  .max(
    Math.ceil(most / 3) * 4 + 4,
    'is larger than 300 KB; save the picture smaller, 800 pixels wide is plenty',
  )
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be the file in base64')
  .meta(asCode)
  .nullable()
  .meta({ description: 'the file in base64: PNG or JPEG, at most 300 KB; null takes the logo off' });

/** The mark of the business on its bills and on the pages of its payers. People alone choose how their bills look. */
export const setLogo = defineAction({
  domain: 'organization',
  name: 'set_logo',
  summary:
    'Put a logo on bills and on the pages where they are paid, in place of an earlier one; or take it off.',
  input: z.strictObject({ file }),
  output: z.object({ logo: logoRow.nullable() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  past: 'set',
  object: 'logo of the business',
  example: {
    file: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  },
  human_only: true,
  on_page: '/settings',
  roles: ['owner', 'admin'],
  undo: 'none',
  why_not_undone: 'the earlier logo is set once more with organization.set_logo',
  keywords: ['picture', 'letterhead', 'brand', 'image'],
  async run(context, { file: text }) {
    const about = { type: 'organization', id: context.organization.id };
    if (text === null) {
      if (await endLogo(context)) await logEntry(context, { ...about, verb: 'logo_removed' });
      else context.unchanged();
      return { logo: null };
    }
    const picture = Buffer.from(text, 'base64');
    const facts = factsOf(picture);
    await endLogo(context);
    const logo = await insertLogo(context, { id: newId(), ...facts, picture });
    await logEntry(context, { ...about, verb: 'logo_set' }, { ...facts, size_bytes: picture.length });
    return { logo };
  },
});

function factsOf(picture: Buffer): Picture {
  if (picture.length > most)
    throw invalid('file', 'It is larger than 300 KB. Save it smaller: 800 pixels wide is plenty.');
  try {
    return readPicture(picture);
  } catch (error) {
    if (error instanceof NoPicture) throw invalid('file', error.message);
    throw error;
  }
}

/** A logo by its id, or the one there is; an earlier one as well, for papers that name it. Its bytes only when they are asked for. */
export const logoView = defineView({
  type: 'logo',
  domain: 'organization',
  summary: 'The logo on bills: its kind and size.',
  keywords: ['picture', 'letterhead', 'brand'],
  row: logoRow.extend({ picture: z.string().nullable() }),
  params: z.strictObject({ logo_id: z.uuid().optional(), with_picture: z.enum(['yes']).optional() }),
  default_fields: Object.keys(logoRow.shape),
  async run(context, { params: { logo_id, with_picture } }) {
    const logo = await findLogo(context, logo_id);
    if (!logo) return { rows: [] };
    const picture = with_picture && (await pictureOf(context, logo.id))?.toString('base64');
    return { rows: [{ ...logo, picture: picture ?? null }] };
  },
});

/** The logo there is. */
export const currentLogo = (context: ReadContext) => findLogo(context);

/** The bytes of a logo. */
export const logoPicture = (context: ReadContext, id: string) => pictureOf(context, id);
