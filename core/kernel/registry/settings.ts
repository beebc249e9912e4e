import { z } from 'zod';
import type { Actor, Organization, Role } from '../pipeline/context.ts';
import { DeskhandError } from '../words/errors.ts';

/** Something a business decides for itself, declared by the domain whose rule reads it. */
export interface SettingSpec<T extends z.ZodType = z.ZodType> {
  /** `days_until_due`; unique in the whole house. */
  name: string;
  /** A few words, as the settings page shows them. */
  label: string;
  /** One sentence: what it decides, with its unit. */
  summary: string;
  /** What it may be, without null, which stands for "as usual". */
  value: T;
  /** What holds as long as nobody has decided anything. */
  usual: z.output<T>;
  /** Who of the people that change settings may change this one; all of them when left out. */
  roles?: readonly Role[];
  /**
   * Who may ask for a change. `people`: refused for agents, even when the owner would allow it, for everything that bounds
   * an agent or guards the business: what it may spend, how long it may wait, what confirms a decision. `agents`: they may
   * ask, and it waits for the owner each time.
   */
  open_to: 'people' | 'agents';
  /** Changing it takes a passkey: who took over a session must not weaken what guards it. */
  takes_passkey?: boolean;
}

/** A setting with the domain that declared it. */
export interface RegisteredSetting extends SettingSpec {
  domain: string;
}

export type Settings = ReadonlyMap<string, RegisteredSetting>;

/** Carries the type of the value to whoever reads it; the domain lists it under `settings`. */
export const defineSetting = <T extends z.ZodType>(spec: SettingSpec<T>): SettingSpec<T> => spec;

/** Whatever belongs to a business: contexts, identities. */
interface OfBusiness {
  readonly organization: Pick<Organization, 'settings'>;
}

/** What a setting is for this business. What is stored and cannot be used counts as not decided. */
export function settingOf<T extends z.ZodType>(
  { organization }: OfBusiness,
  { name, value, usual }: SettingSpec<T>,
): z.output<T> {
  const decided = value.safeParse(organization.settings[name]);
  return decided.success ? decided.data : usual;
}

/** The input that changes settings: any of them, by name; null takes one back to what is usual. */
export function settingsInput(settings: Settings) {
  const members = [...settings.values()].map(setting => [setting.name, memberOf(setting)] as const);
  return z.strictObject(Object.fromEntries(members));
}

const memberOf = ({ value, summary, usual }: SettingSpec) =>
  value
    .nullable()
    .optional()
    .meta({ description: `${summary} ${JSON.stringify(usual)} when not decided, or null.` });

/** The stored settings after a change; those that are not given stay, null takes one out. */
export function mergeSettings(
  stored: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = { ...stored, ...given };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** Whether this role may change a setting, as it is declared. */
export const mayChange = ({ roles }: SettingSpec, role: Role | undefined): boolean =>
  roles === undefined || (role !== undefined && roles.includes(role));

/** Throws FORBIDDEN for a setting that is not this actor's to change. */
export function requireMayChange(actor: Actor, setting: SettingSpec): void {
  const field = `settings.${setting.name}`;
  if (actor.kind === 'agent' && setting.open_to === 'people') {
    throw new DeskhandError('FORBIDDEN', `${setting.name} is changed by people only.`, {
      field,
      hint: `Tell the owner what you would change; ${setting.roles?.join(' or ') ?? 'an owner or admin'} does it on the page /settings.`,
      people_only: true,
    });
  }
  if (actor.kind !== 'user' || mayChange(setting, actor.role)) return;
  throw new DeskhandError('FORBIDDEN', `${setting.name} is not yours to change.`, {
    field,
    hint: `Ask one of these: ${setting.roles?.join(', ')}.`,
  });
}
