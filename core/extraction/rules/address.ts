export interface FoundAddress {
  line1?: string;
  line2?: string;
  city?: string;
  state?: string;
  postal_code?: string;
}

const plainSuffix =
  'Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Circle|Cir|Boulevard|Blvd|Parkway|Pkwy|Highway|Hwy|Terrace|Ter|Trail|Trl';
/** Words that are streets only when they are written like names. */
const properSuffix =
  'Way|Place|Pl|Cove|Cv|Loop|Run|Pike|Square|Sq(?!\\.? ?(?:[Ff][Tt]|[Ff]eet|[Ff]oot)\\b)|Crossing|Xing|Pass|Ridge|Bend|Path|Row|Point|Pt|Hollow|Holw|Landing|Walk|Alley|Plaza|Crescent|Close|Mews|Broadway';
const compass = '(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\\.?';
const behindSuffix = 'NE|NW|SE|SW|Northeast|Northwest|Southeast|Southwest';
const unit = '(?:,? (?<unit>(?:Apt|Apartment|Unit|Suite|Ste|Lot|Bldg|#)\\.? ?#?[\\w-]{1,8}))?';

const numbered =
  '(?:County (?:Road|Rd|Highway|Hwy)|Co\\.? Rd\\.?|CR|(?:US |State |AL )?(?:Highway|Hwy)|State (?:Route|Road|Rd)|Route|Rte|SR|FM)';

const streets: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}\\d$#.,-])(?<line>\\d{1,6}[A-Za-z]? (?:Old )?${numbered} \\d{1,4}[A-Za-z]?\\b(?! (?:windows|screens|panes|stor))(?: (?:${behindSuffix}|[NSEW])\\b)?)${unit}`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}\\d$#.,-])(?<line>\\d{1,6}[A-Za-z]? (?:${compass} )?(?:[\\p{Lu}\\d][\\p{L}\\d'’.-]* ){0,4}(?:${plainSuffix}|${properSuffix})\\b(?: (?:${behindSuffix}|N|S|E|W)\\b)?)\\.?${unit}`,
    'gu',
  ),
  new RegExp(
    `(?<![\\p{L}\\d$#.,-])(?<line>\\d{1,6}[a-z]? (?:${compass} )?(?:[\\p{L}\\d][\\p{L}\\d'’.-]* ){1,4}(?:${plainSuffix})\\b(?: (?:${behindSuffix})\\b)?)\\.?${unit}`,
    'giu',
  ),
];

const notInStreets =
  /\b(?:minutes?|mins?|hours?|hrs?|miles?|days?|weeks?|months?|screens?|windows?|panes?|skylights?|storm|in|on|the|at|and|or|with|from|for|dogs?|cats?|a|an|of|to|is|am|pm|ft|feet|dollars?)\b/i;

const states: Readonly<Record<string, string>> = {
  alabama: 'AL',
  alaska: 'AK',
  arizona: 'AZ',
  arkansas: 'AR',
  california: 'CA',
  colorado: 'CO',
  connecticut: 'CT',
  delaware: 'DE',
  florida: 'FL',
  georgia: 'GA',
  hawaii: 'HI',
  idaho: 'ID',
  illinois: 'IL',
  indiana: 'IN',
  iowa: 'IA',
  kansas: 'KS',
  kentucky: 'KY',
  louisiana: 'LA',
  maine: 'ME',
  maryland: 'MD',
  massachusetts: 'MA',
  michigan: 'MI',
  minnesota: 'MN',
  mississippi: 'MS',
  missouri: 'MO',
  montana: 'MT',
  nebraska: 'NE',
  nevada: 'NV',
  'new hampshire': 'NH',
  'new jersey': 'NJ',
  'new mexico': 'NM',
  'new york': 'NY',
  'north carolina': 'NC',
  'north dakota': 'ND',
  ohio: 'OH',
  oklahoma: 'OK',
  oregon: 'OR',
  pennsylvania: 'PA',
  'rhode island': 'RI',
  'south carolina': 'SC',
  'south dakota': 'SD',
  tennessee: 'TN',
  texas: 'TX',
  utah: 'UT',
  vermont: 'VT',
  virginia: 'VA',
  washington: 'WA',
  'west virginia': 'WV',
  wisconsin: 'WI',
  wyoming: 'WY',
  'district of columbia': 'DC',
};
const stateNames = Object.keys(states).map(name =>
  name.replace(/\b\w/g, letter => `[${letter.toUpperCase()}${letter}]`),
);
const state = `(?<state>${[...new Set(Object.values(states))].join('|')}|${stateNames.join('|')})`;
const zip = '(?<zip>\\d{5}(?:-\\d{4})?)(?![\\d-])';
const cityWord = "(?:(?:St|Mt|Ft)\\.|\\p{Lu}[\\p{L}'’]*)";
const city = `(?<city>${cityWord}(?:[ -]${cityWord}){0,3}?)`;

const behindStreet: readonly RegExp[] = [
  new RegExp(`^(?:,|\\s+in)?\\s*${city},?\\s+${state}\\b(?:,?\\s+${zip})?`, 'u'),
  new RegExp(`^(?:,|\\s+in)?\\s*${city},?\\s+${zip}`, 'u'),
  new RegExp(
    `^(?:,\\s*|\\s+in\\s+|\\s*\\n\\s*)(?<city>${cityWord}(?:[ -]${cityWord}){0,3})(?=[.,;:!?)\\n]|$| and | - )`,
    'u',
  ),
];
const anywhere: readonly RegExp[] = [
  new RegExp(`\\b(?:in|near|from|at|of|around) ${city},? ${state}\\b(?:,? ${zip})?`, 'u'),
  new RegExp(`\\b${city}, ${state}\\b(?:,? ${zip})?`, 'u'),
  new RegExp(
    `\\b(?:in|near|outside of|outside) (?<city>${cityWord}(?: ${cityWord}){0,3})(?=[.,;:!?)\\n]|$| \\p{Ll}| - )`,
    'u',
  ),
];

const notCities = new Set(
  'January February March April May June July August September October November December Spring Summer Fall Autumn Winter Monday Tuesday Wednesday Thursday Friday Saturday Sunday Please Call Thanks Thank She He They We I The My Her His Our It Has Have Dog Dogs Cat Needs Wants Two House Gate Phone Email Google Facebook Nextdoor English Spanish General Urgent Asap Best Regards'.split(
    ' ',
  ),
);

/** The first address of a text in the shapes of the United States: with or without town, state and ZIP code. */
export function findAddress(text: string): FoundAddress {
  const street = findStreet(text);
  if (!street) return placeIn(text, anywhere);
  return { ...street.found, ...placeIn(text.slice(street.end), behindStreet, placeIn(text, anywhere)) };
}

function findStreet(text: string): { found: FoundAddress; end: number } | undefined {
  for (const pattern of streets) {
    const [match] = streetsBy(pattern, text);
    if (!match) continue;
    const line1 = lineOf(match);
    const line2 = match.groups?.unit?.trim();
    const found = line2 === undefined ? { line1 } : { line1, line2 };
    return { found, end: match.index + match[0].length };
  }
  return undefined;
}

/** What a pattern takes for streets; where it took too much ("3 of them. 2919 Oak Dr"), it begins anew one word on. */
function streetsBy(pattern: RegExp, text: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (notInStreets.test(lineOf(match))) pattern.lastIndex = match.index + (match[0].indexOf(' ') + 1);
    else found.push(match);
  }
  return found;
}

const lineOf = (match: RegExpExecArray) => (match.groups?.line ?? '').replace(/\s+/g, ' ').trim();

/** A text with every street as a run of one character, as long as it was. */
export const coverStreets = (text: string, mark: string): string =>
  streets.reduce((covered, pattern) => {
    const pieces: string[] = [];
    let at = 0;
    for (const { index, groups } of streetsBy(pattern, covered)) {
      const length = groups?.line?.length ?? 0;
      pieces.push(covered.slice(at, index), mark.repeat(length));
      at = index + length;
    }
    return `${pieces.join('')}${covered.slice(at)}`;
  }, text);

function placeIn(text: string, patterns: readonly RegExp[], otherwise: FoundAddress = {}): FoundAddress {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    const town = groups?.city?.trim();
    if (town === undefined || notCities.has(town.split(' ')[0] ?? '')) continue;
    return {
      city: town,
      ...(groups?.state === undefined ? {} : { state: stateCode(groups.state) }),
      ...(groups?.zip === undefined ? {} : { postal_code: groups.zip }),
    };
  }
  return otherwise;
}

const stateCode = (text: string) => states[text.toLowerCase()] ?? text.toUpperCase();
