import { z } from 'zod';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import { withReferences } from '../core/kernel/records/called-by.ts';
import { labelOf, sayChange, wordsOf } from '../core/kernel/records/story-words.ts';
import { wishOf } from '../core/kernel/registry/deed.ts';
import { capital } from '../core/kernel/words/capital.ts';

interface Call {
  action: string;
  input: Record<string, unknown>;
}

interface Asked extends Call {
  /** The calls of a bulk, the first one included. */
  items?: readonly Call[] | undefined;
}

const mostCalls = 5;
const mostMembers = 8;

/**
 * What each request would do if it were allowed, in one line: `Delete contact C-1434 «Agnes Tillery»`, `Record payment of
 * invoice INV-2026-001: amount $120.00, note «cash»`. Made of what was asked for, by references and names; what somebody
 * else wrote stands in marks.
 */
export async function asksFor(context: ReadContext, requests: readonly Asked[]): Promise<string[]> {
  const calls = requests.map(({ action, input, items = [] }) =>
    items.length > 0 ? items : [{ action, input }],
  );
  const inputs = calls.map(each => each.map(({ input }) => input));
  const called = await withReferences(context, inputs, 'named');
  return calls.map((each, n) => {
    const said = each
      .slice(0, mostCalls)
      .map((call, place) => sayCall(context, call, called[n]?.[place] ?? call.input));
    const rest = each.length - said.length;
    const whole = [...said, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
    return each.length > 1 ? `${each.length} calls together: ${whole}` : whole;
  });
}

/** One call: what it is about by name behind the verb, then the rest of what was given. */
function sayCall(context: ReadContext, { action, input }: Call, called: Record<string, unknown>): string {
  const { registry } = context;
  const subject = `${action.split('.')[0]}_id`;
  const about = called[subject];
  const wish = wishOf(registry, action);
  const members = membersOf(context, action);
  // As the action declares them: what was stored has lost its order.
  const names = Object.keys(input).sort((a, b) => members.indexOf(a) - members.indexOf(b));
  const others = names.flatMap(name =>
    name === subject
      ? []
      : (sayMember(context, action, name, { value: input[name], called: called[name] }) ?? []),
  );
  const shown = others.slice(0, mostMembers);
  if (others.length > shown.length) shown.push(`and ${others.length - shown.length} more`);
  const deed = [capital(wish), typeof about === 'string' ? about : ''].filter(Boolean).join(' ');
  return shown.length > 0 ? `${deed}: ${shown.join(', ')}` : deed;
}

const schema = z.looseObject({ properties: z.record(z.string(), z.unknown()) });
const choices = z.looseObject({ enum: z.array(z.unknown()) });

function propertiesOf({ registry }: ReadContext, action: string): Record<string, unknown> {
  const known = registry.actions.get(action) ?? registry.workflows.get(action);
  return schema.safeParse(known?.inputSchema).data?.properties ?? {};
}

const membersOf = (context: ReadContext, action: string) => Object.keys(propertiesOf(context, action));

function sayMember(
  context: ReadContext,
  action: string,
  name: string,
  given: { value: unknown; called: unknown },
): string | undefined {
  const { value } = given;
  const { data: choice } = choices.safeParse(propertiesOf(context, action)[name]);
  // One of our own words is no quotation.
  if (typeof value === 'string' && choice?.enum.includes(value)) return `${labelOf(name)} ${wordsOf(value)}`;
  const nothing = { value: undefined, called: undefined };
  return sayChange(context, {
    ...{ entity_type: action.split('.')[0] ?? '', subject: '', name },
    ...{ old: nothing, new: given },
  });
}
