import { sql } from '../database/sql.ts';
import type { WorkflowContext } from '../pipeline/context.ts';
import { type Action, type Also, defineWorkflow, type Workflow } from './define.ts';
import type { Registered } from './registered.ts';

type Members = Record<string, unknown>;

/**
 * What `also` of an action makes of it: a workflow of the action and what is done along with it, under the action's own name
 * and with its own input. So each step is permitted, counted and taken back as if it had been called by itself, the owner is
 * asked once, and all of it happens or nothing (architecture, rule 9).
 */
export function composedForm(
  { spec: action, id }: Registered<Action>,
  also: Readonly<Record<string, Also>>,
): Workflow {
  if (action.human_only) throw new Error(`${id} is for people, who do one thing after the other`);
  if (action.prepare) throw new Error(`${id} prepares each call and cannot be done along with others`);
  const unknown = Object.keys(also).find(name => !(name in action.input.shape));
  if (unknown !== undefined) throw new Error(`${id} takes no ${unknown}, and does nothing for it`);
  return defineWorkflow({
    name: id,
    title: action.summary,
    summary: action.summary,
    input: action.input,
    output: action.output,
    uses: [...new Set([id, ...Object.values(also).flatMap(({ uses }) => uses)])],
    ...(action.roles ? { roles: action.roles } : {}),
    ...(action.reasoning_in === undefined ? {} : { reasoning_in: action.reasoning_in }),
    async run(context, input: Members) {
      const asked = Object.entries(also).filter(([name, each]) => asks(each, input[name]));
      // The time of a mail is the mail’s own; `send` of a bill is not.
      const plain = Object.entries(input).filter(([name]) => !also[name] || also[name].when_left_out);
      let answer = await context.call(id, Object.fromEntries(plain));
      const along = { ...context, call: underItsName(context, id) };
      for (const [, { run }] of asked) answer = { ...answer, ...(await run(along, { input, answer })) };
      return answer;
    },
  });
}

/** Whether data asks for something that is done along with an action. */
export function asksMore(also: Readonly<Record<string, Also>>, given: Readonly<Members>): boolean {
  return Object.entries(also).some(([name, each]) => asks(each, given[name]));
}

/** Whether a member asks for what it stands for: `send: false` does not, and null is left out, as everywhere. */
function asks({ when_left_out }: Also, value: unknown): boolean {
  const isLeftOut = value === undefined || value === null;
  return when_left_out ? isLeftOut : !isLeftOut && value !== false;
}

/**
 * What is done along with an action stands in the trail under its own name, so that the history, the feed and whoever takes
 * the call back see all that ran. A refusal ends the call, and nothing is left to be named.
 */
const underItsName =
  (context: WorkflowContext, id: string): WorkflowContext['call'] =>
  async (action, data, prepared) => {
    await nameInTrail(context, action);
    const answer = await context.call(action, data, prepared);
    await nameInTrail(context, id);
    return answer;
  };

const nameInTrail = ({ tx }: WorkflowContext, action: string): Promise<unknown> =>
  tx.run(sql`
    select set_config(
      'app.actor',
      jsonb_set(current_setting('app.actor')::jsonb, '{action}', to_jsonb(${action}::text))::text,
      true
    )`);
