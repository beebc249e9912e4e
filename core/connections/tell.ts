import { z } from 'zod';
import type { JobHandler } from '../kernel/registry/define.ts';
import type { Ending } from './queries.ts';

export const noticeKind = 'connection_notice';

const owner = z.object({ id: z.string(), email: z.string() });
const organization = z.object({ name: z.string() });
const payloadOf = z.object({ client_name: z.string(), because: z.enum(['code_replayed', 'token_replayed']) });

/** Whether an ending says that something was stolen. */
export const isTheft = (because: Ending): because is 'code_replayed' | 'token_replayed' =>
  because === 'code_replayed' || because === 'token_replayed';

/** Writes to every owner that what a program had was shown twice, so that one of the two may be a thief, and what was done. */
export const tellOfTheft: JobHandler<'mail'> = {
  kind: noticeKind,
  summary: 'tells all owners that a connection was ended, because somebody else may have had it',
  connectors: ['mail'],
  async run({ id, organization_id, payload }, { read, connectors, base_url }) {
    const { client_name } = payloadOf.parse(payload);
    const [business] = z.array(organization).parse(await read(organization_id, 'organization', {}));
    const query = { params: { role: 'owner' }, fields: ['email'], limit: 20 };
    const owners = z.array(owner).parse(await read(organization_id, 'members', query));
    const { name = 'Deskhand' } = business ?? {};
    for (const { id: member, email } of owners) {
      await connectors.mail.send({
        id: `${id}-${member}`,
        from_name: name,
        to: email,
        subject: `${client_name} was disconnected from ${name}`,
        text: `What ${client_name} signs in with was shown to Deskhand twice. Somebody else may have a copy of it, so the connection was ended for both.\n\nLook at what it did last:\n\n${base_url}/done\n\nTo go on with ${client_name}, connect it once more. It usually happens by a mistake of the program; if it happens again, leave it disconnected.\n`,
      });
    }
    return { owners: owners.length };
  },
};
