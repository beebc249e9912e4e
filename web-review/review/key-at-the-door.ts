import type { Request, Response } from 'express';
import { factsOf } from '../session.ts';
import type { Site } from '../site.ts';

const actions: readonly [path: RegExp, action: string][] = [
  [/^\/review\/[^/]+\/allow-once$/, 'authorization.allow_once'],
  [/^\/review\/[^/]+\/allow-always$/, 'authorization.allow_always'],
  [/^\/review\/[^/]+\/deny$/, 'authorization.deny'],
  [/^\/review\/together$/, 'authorization.allow_once'],
  [/^\/review\/levels$/, 'authorization.set_level'],
  [/^\/review\/grants\/revoke$/, 'authorization.revoke_grant'],
  [/^\/review\/agents\/pause$/, 'authorization.pause_agent'],
  [/^\/review\/agents\/resume$/, 'authorization.resume_agent'],
  [/^\/review\/agents\/key$/, 'agent.create_key'],
  [/^\/review\/agents\/revoke-key$/, 'agent.revoke_key'],
];

/**
 * Whoever sends a form of these pages with the key of an agent tries to decide as a program. No page takes a key; the
 * pipeline refuses the action by it, which writes the attempt down. A key nobody knows leaves nothing.
 */
export async function noteKeyAtTheDoor(site: Site, request: Request, response: Response): Promise<void> {
  const key = /^Bearer (dh_[\w-]{20,100})$/.exec(request.get('authorization') ?? '')?.[1];
  const action = actions.find(([path]) => path.test(request.path))?.[1];
  if (key === undefined || action === undefined) return;
  await site.app
    .execute({ via: 'key', key }, { action, data: {} }, factsOf(request, response))
    .catch(() => undefined);
}
