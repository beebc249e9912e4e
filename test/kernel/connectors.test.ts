import { expect, test } from 'vitest';
import { z } from 'zod';
import { gate, levelReader } from '../../authorization-queue/index.ts';
import { createApp } from '../../core/app.ts';
import { startWorker } from '../../core/jobs/worker.ts';
import { connectorsFor } from '../../core/kernel/outside/connectors.ts';
import { createRegistry } from '../../core/kernel/registry/create-registry.ts';
import { defineAction, type JobHandler } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { useOffice } from '../support/office.ts';

// Who reaches outside says so, gets that and nothing else, and a process that lacks it does not start.

const mail = { send: () => Promise.resolve({ sent: true }) };
const parrot: JobHandler<'mail'> = {
  kind: 'parrot',
  summary: 'sends a parrot',
  connectors: ['mail'],
  run: (_, { connectors }) => connectors.mail.send({ id: '1', from_name: '', to: '', subject: '', text: '' }),
};
const consult = defineAction({
  domain: 'parrot',
  name: 'consult',
  summary: 'Asks the model whether there is one.',
  input: z.strictObject({ word: z.string().optional() }),
  output: z.object({ has_model: z.boolean() }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  connectors: ['model'],
  prepare: async ({ connectors }) => ({ has_model: connectors.model !== undefined }),
  run: async context => z.object({ has_model: z.boolean() }).parse(context.prepared),
});
const parrots = defineDomain({ name: 'parrot', summary: 'Parrots.', actions: [consult], jobs: [parrot] });
const office = useOffice({ domains: [parrots] });

test('a prepare step gets the connector it names', async () => {
  const { done, bright } = office();
  expect(await done(bright.owner, 'parrot.consult', {})).toEqual({ has_model: false });
});

test('what somebody has not named is refused, although it is there', () => {
  const given = { mail, model: undefined };
  const { mail: named } = connectorsFor({ name: 'parrot', wants: ['mail'] }, given, 'a business');
  expect(named).toBe(mail);
  expect(() => connectorsFor({ name: 'parrot', wants: ['model'] }, given, 'a business').mail).toThrow(
    'parrot uses the connector mail without naming it in connectors',
  );
  expect(() => connectorsFor({ name: 'parrot', wants: undefined }, given, 'a business').model).toThrow(
    'parrot uses the connector model without naming it in connectors',
  );
});

test('an application without a connector that one of its actions wants does not start', () => {
  const { db } = office();
  const parts = { db, domains: [parrots], workflows: [], gate, levels: levelReader };
  expect(() => createApp({ ...parts, connectors: { model: undefined } })).not.toThrow();
  expect(() => createApp({ ...parts, connectors: { mail } })).toThrow(
    'parrot.consult wants the connector model, which this process was not given',
  );
});

test('a worker without a connector that one of its jobs wants does not start', async () => {
  const { db } = office();
  const registry = createRegistry([parrots], []);
  const start = (connectors: { mail?: typeof mail }) => {
    const never = () => Promise.reject(new Error('not needed'));
    const executeEvent = never;
    const tools = {
      read: never,
      execute: never,
      executeEvent,
      linkAddress: () => '',
      connectors,
      base_url: '',
    };
    return startWorker({ db, registry, tools, onProblem: () => undefined });
  };
  await start({ mail }).stop();
  expect(() => start({})).toThrow(
    'the job parrot wants the connector mail, which this process was not given',
  );
});
