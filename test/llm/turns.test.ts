import { expect, test } from 'vitest';
import { openTurns } from '../../core/connectors/llm/turns.ts';

/** A piece of work that ends when told to. */
function work() {
  let end = () => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  return { run: () => ended, end: () => end() };
}

const forever = new AbortController().signal;

test('whoever comes first is served first, and who fails makes room as well', async () => {
  const turns = openTurns(1);
  const order: string[] = [];
  const first = work();
  const taken = turns(forever, first.run);
  const others = ['second', 'third', 'fourth'].map(name =>
    turns(forever, async () => {
      order.push(name);
      if (name === 'second') throw new Error('no luck');
    }),
  );
  expect(order).toEqual([]);
  first.end();
  await taken;
  expect((await Promise.allSettled(others)).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(order).toEqual(['second', 'third', 'fourth']);
});

test('whoever gives up waiting leaves the queue, and takes nobody’s turn', async () => {
  const turns = openTurns(1);
  const first = work();
  const taken = turns(forever, first.run);
  const patience = new AbortController();
  const served: string[] = [];
  const impatient = turns(patience.signal, async () => served.push('impatient'));
  const patient = turns(forever, async () => served.push('patient'));
  patience.abort(new Error('too long'));
  await expect(impatient).rejects.toThrow('too long');
  first.end();
  await Promise.all([taken, patient]);
  await turns(forever, async () => served.push('later'));
  expect(served).toEqual(['patient', 'later']);
  await expect(turns(AbortSignal.abort(new Error('over')), async () => 'never')).rejects.toThrow('over');
});
