import type { Settings } from '../../core/kernel/registry/settings.ts';
import { type JsonSchema, jsonSchemaOf } from '../../core/kernel/words/parse-input.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { plain } from '../words.ts';

/** A form of the page that was refused: what was wrong at which field, and what was typed, so that nothing is lost. */
export interface Draft {
  /** The domain whose form it was; '' for the one of the business itself. */
  form: string;
  status: number;
  typed: Readonly<Record<string, string>>;
  /** What is wrong by the name of the field; under '' what belongs to none of them. */
  problems: ReadonlyMap<string, string>;
}

/** A labelled field with what is wrong beside it. `control` is told which attributes every control has. */
export function field(
  { name, label, hint, problem }: { name: string; label: string; hint: string; problem: string | undefined },
  control: (attributes: Markup) => Markup,
): Markup {
  const described = [hint !== '' && `${name}_hint`, problem !== undefined && `${name}_problem`].filter(
    Boolean,
  );
  const attributes = html` id="${name}" name="${name}"${described.length > 0 && html` aria-describedby="${described.join(' ')}"`}${problem !== undefined && html` aria-invalid="true"`}`;
  return html`<label for="${name}">${label}</label>
${control(attributes)}
${hint !== '' && html`<p class="hint" id="${name}_hint">${hint}</p>`}
${problem !== undefined && html`<p class="problem" id="${name}_problem" role="alert">${problem}</p>`}\n`;
}

export const textControl =
  (typed: string, more: Markup = html``) =>
  (attributes: Markup): Markup =>
    html`<input${attributes} maxlength="200" autocomplete="off" value="${asTyped(typed)}"${more}>`;

/** A setting with who may change it, where that is not everybody who changes settings. */
export function explained<T extends { name: string; summary: string }>(settings: Settings, setting: T): T {
  const { roles, open_to } = settings.get(setting.name) ?? {};
  const only = roles && `Changed by: ${roles.join(', ')}.`;
  const people = open_to === 'people' && 'No assistant can change it or ask for it.';
  return { ...setting, summary: [plain(setting.summary), only, people].filter(Boolean).join(' ') };
}

interface Shown {
  name: string;
  label: string;
  summary: string;
  value: unknown;
  usual: unknown;
  is_decided: boolean;
}

/** The field of a setting: empty means as usual. What it was when the page was made goes along. */
export function settingField(schema: JsonSchema, setting: Shown, draft: Draft | undefined): Markup {
  const was = setting.is_decided ? wordOf(setting.value) : '';
  const typed = draft?.typed[setting.name] ?? was;
  const hint = `${setting.summary} Usual: ${shown(setting.usual)}.`;
  const problem = draft?.problems.get(setting.name);
  const options = optionsOf(schema);
  const control = options
    ? (attributes: Markup) => html`<select${attributes}>
${['', ...options].map(option => html`<option value="${option}"${option === typed && html` selected`}>${option === '' ? `as usual (${shown(setting.usual)})` : shown(option)}</option>\n`)}</select>`
    : isLong(schema)
      ? (attributes: Markup) =>
          html`<textarea${attributes} rows="3" maxlength="${String(schema.maxLength)}" autocomplete="off">${asTyped(typed)}</textarea>`
      : textControl(
          typed,
          html` placeholder="${shown(setting.usual)}"${isNumber(schema) && html` inputmode="numeric"`}`,
        );
  return html`${field({ name: setting.name, label: setting.label, hint, problem }, control)}<input type="hidden" name="${wasField(setting.name)}" value="${was}">`;
}

/** Carries what a setting was when the page was made: what somebody else has changed since stays as it is. */
export const wasField = (name: string): string => `was_${name}`;

/** What a number has to be, for whoever typed something else; undefined for what is no number. */
export function wanted(settings: Settings, name: string): string | undefined {
  const setting = settings.get(name);
  const schema = schemaOf(settings, name);
  if (!setting || !isNumber(schema)) return undefined;
  const kind = schema.type === 'integer' ? 'a whole number' : 'a number';
  const range = `from ${String(schema.minimum)} to ${String(schema.maximum)}`;
  return `Give ${kind} ${range}, or nothing for ${shown(setting.usual)}.`;
}

/** How a setting looks to whoever gives it. */
export function schemaOf(settings: Settings, name: string): JsonSchema {
  const setting = settings.get(name);
  return setting ? jsonSchemaOf(setting.value, 'input') : {};
}

const isNumber = ({ type }: JsonSchema): boolean => type === 'integer' || type === 'number';

/** A text with room for more than a line. */
const isLong = ({ type, maxLength }: JsonSchema): boolean =>
  type === 'string' && typeof maxLength === 'number' && maxLength > 200;

function optionsOf({ type, enum: listed }: JsonSchema): string[] | undefined {
  if (type === 'boolean') return ['true', 'false'];
  return Array.isArray(listed) ? listed.map(String) : undefined;
}

/** A value as it stands in a field; '' for what nobody has decided. */
const wordOf = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** A value as people read it. */
export function shown(value: unknown): string {
  const word = wordOf(value);
  if (word === 'true') return 'yes';
  if (word === 'false') return 'no';
  return word === '' ? 'nothing' : word.replaceAll('_', ' ');
}
