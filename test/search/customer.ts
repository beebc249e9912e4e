/** One thing known of a customer: `pet: dog` with details `{name: "Biscuit"}`. */
export interface Fact {
  key: string;
  value: string | number;
  details?: Readonly<Record<string, string | number>>;
}

/** A visit on a local day, at a full hour. */
export interface Visit {
  /** `2026-04-14` */
  on: string;
  hour: number;
  services: readonly Service[];
}

/** A customer of the business the questions are asked about. */
export interface Customer {
  /** By what questions name a known customer; a number for everybody else. */
  key: string;
  kind: 'person' | 'organization';
  first_name?: string;
  last_name?: string;
  full_name: string;
  nickname?: string;
  /** The firm a person works for. */
  company?: string;
  /** Ten digits. */
  phone: string;
  email?: string;
  tags: readonly string[];
  line1: string;
  city: string;
  postal_code: string;
  notes: readonly string[];
  facts: readonly Fact[];
  visits: readonly Visit[];
}

/** The price list: how visits spell a service below, and its name. */
export const services = {
  windows: 'Interior and Exterior Window Cleaning',
  screens: 'Screen Cleaning',
  gutters: 'Gutter Cleaning',
  pressure: 'Pressure Washing',
  solar: 'Solar Panel Cleaning',
  skylights: 'Skylight Cleaning',
  tracks: 'Track Detailing',
  hard_water: 'Hard Water Stain Removal',
} as const;
export type Service = keyof typeof services;

/** The day on which the questions are asked, a Wednesday. */
export const today = '2026-11-18';

/** Where the business is, and its days. */
export const timeZone = 'America/Chicago';
