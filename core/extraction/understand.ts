import type { z } from 'zod';
import { askAbout } from '../connectors/llm/prompt.ts';
import { ModelFailure } from '../kernel/outside/language-model.ts';
import type { PrepareTools } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { redact } from '../kernel/words/redaction.ts';
import { readLeadAnswer, readNoteAnswer } from './answer.ts';
import { leadAnswer, leadInstructions } from './prompts/lead.ts';
import { noteAnswer, noteInstructions } from './prompts/note.ts';
import type { LeadFields, NoteFields, Understood } from './record.ts';
import { leadByRules } from './rules/lead.ts';
import { noteByRules } from './rules/note.ts';

/** What understanding needs of a `prepare` step's tools. */
export type UnderstandingTools = Pick<PrepareTools<'model'>, 'connectors' | 'organization'>;

/** `llm` asks the model or nobody, `rules` does not ask it; left out, rules take the place of a model that fails. */
export const methods = ['llm', 'rules'] as const;
export type Method = (typeof methods)[number];

/**
 * The facts a note states (NOT-01, NOT-05), proposed and no more. Card and social security numbers are taken out before
 * anything looks at the text. Throws INVALID_STATE without a model and UPSTREAM_ERROR when it fails, for `llm` only.
 */
export function understandNote(
  tools: UnderstandingTools,
  text: string,
  method?: Method,
): Promise<Understood<NoteFields>> {
  const { country } = tools.organization;
  return understand(tools, text, method, {
    purpose: 'note.extract',
    instructions: noteInstructions,
    asData: note => ({ note }),
    schema: noteAnswer,
    read: (answer, note) => readNoteAnswer(answer, note, country),
    byRules: noteByRules,
  });
}

/** The fields of an inquiry (LED-03), otherwise as with notes. */
export function understandLead(
  tools: UnderstandingTools,
  text: string,
  method?: Method,
): Promise<Understood<LeadFields>> {
  const { country } = tools.organization;
  return understand(tools, text, method, {
    purpose: 'lead.extract',
    instructions: leadInstructions,
    asData: inquiry => ({ inquiry }),
    schema: leadAnswer,
    read: (answer, inquiry) => readLeadAnswer(answer, inquiry, country),
    byRules: inquiry => leadByRules(inquiry, country),
  });
}

interface Reading<Answer, Fields> {
  purpose: string;
  instructions: string;
  asData(text: string): Record<string, string>;
  schema: z.ZodType<Answer>;
  read(answer: Answer, text: string): Fields;
  byRules(text: string): Fields;
}

async function understand<Answer, Fields>(
  { connectors: { model }, organization }: UnderstandingTools,
  written: string,
  method: Method | undefined,
  reading: Reading<Answer, Fields>,
): Promise<Understood<Fields>> {
  const { text } = redact(written);
  if (method === 'rules') return { by: 'rules', fields: reading.byRules(text) };
  if (!model) {
    if (method === 'llm') throw withoutModel();
    return { by: 'rules', fields: reading.byRules(text) };
  }
  try {
    const answered = await model.ask({
      organization_id: organization.id,
      purpose: reading.purpose,
      messages: askAbout(reading.instructions, reading.asData(text)),
      answer: reading.schema,
    });
    return { by: 'llm', model: answered.model, fields: reading.read(answered.answer, text) };
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    if (method === 'llm') throw refusal(error);
    return {
      by: 'rules',
      fields: reading.byRules(text),
      remark:
        error.reason === 'withheld'
          ? `${error.message} Simple rules read the text instead.`
          : 'The language model gave no usable answer; simple rules read the text instead.',
    };
  }
}

const withoutModel = () =>
  new DeskhandError('INVALID_STATE', 'No language model is set up.', {
    field: 'method',
    hint: 'Leave "method" out, or say rules.',
  });

const refusal = ({ message, reason }: ModelFailure) =>
  new DeskhandError(reason === 'withheld' ? 'INVALID_STATE' : 'UPSTREAM_ERROR', message, {
    reason,
    hint: reason === 'withheld' ? 'Say method rules.' : 'Try again later, or with method rules.',
  });
