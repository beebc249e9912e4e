import { count, readCount } from './numbers.ts';
import { type Rule, words } from './rule.ts';

const bad = 'torn|ripped|missing|broken|damaged|bent|cracked|fog(?:gy|ged)|stuck|loose|new|extra';

/** "20+ dirty screens", and not "2 torn screens" or "1 screen is missing". */
const counted = (noun: string, notBefore = 'storm|french|solar') =>
  words(
    `(?<![\\p{L}\\d$.,#-])(?<n>${count})(?: (?!(?:${bad}|${notBefore}|and|or|of|the|in|on|for|feet|foot|ft|story|stories|windows?|screens?|sq)\\b)\\p{L}[\\p{L}-]*){0,2} (?:window )?(?:${noun})\\b(?! (?:(?:is|are|was|were|has|have) )?(?:${bad}|repair))`,
  );

const countRule = (key: string, pattern: RegExp): Rule => ({
  key,
  pattern,
  value: group => readCount(group('n')),
});

/** How many there are of what is cleaned. */
export const propertyCounts: readonly Rule[] = [
  countRule('property_screen_count', counted('screens?(?! ?doors?)')),
  countRule('property_window_count', counted('windows?(?! (?:screens?|panes?|wells?|sills?|tracks?))')),
  countRule('property_storm_window_count', counted('storm windows?|storms', 'french')),
  countRule(
    'property_french_pane_count',
    counted('french panes?(?: windows?)?|french(?: pane)? windows?|french lites?', 'storm'),
  ),
  countRule('property_french_door_count', counted('french doors?', 'storm')),
  countRule('property_skylight_count', counted('sky ?lights?')),
  {
    key: 'property_story_count',
    pattern: words(
      `\\b(?<n>single|one|two|three|four|[1-4])(?: and a half)?[- ](?:stor(?:y|ey|ies|eys)|levels?|floors?)\\b(?! (?:window|sill|ladder|screen))`,
    ),
    value: group => readCount(group('n').replace(/single/i, 'one')),
  },
  {
    key: 'property_square_feet',
    pattern: words('(?<![\\d.,])(?<n>\\d{1,2},?\\d{3}) ?(?:sq\\.? ?ft|sqft|square f(?:ee|oo)t)\\b'),
    value: group => readCount(group('n')),
  },
];

const features: readonly [string, string][] = [
  ['(?<!\\d ?\\+? ?)sky ?lights?', 'skylights'],
  ['storm windows?', 'storm windows'],
  ['french panes?', 'french panes'],
  ['french doors?', 'french doors'],
  ['stained glass', 'stained glass'],
  ['solar screens?', 'solar screens'],
  ['solar panels?', 'solar panels'],
  ['plantation shutters?', 'plantation shutters'],
  ['sun ?room', 'sunroom'],
  ['screened(?:[- ]in)? porch', 'screened porch'],
];

const conditions: readonly [string, string][] = [
  [
    'hard[- ]water(?: (?:stains?|spots?|deposits?|buildup))?|mineral (?:deposits?|stains?)',
    'hard water stains',
  ],
  ['oxidi[sz](?:ed|ation)(?: frames?)?', 'oxidation'],
  [
    '(?:failed|broken|blown|bad|leaking) (?:window )?seals?|seals? (?:is |are |has |have )?(?:failed|broken|blown)|fogg(?:y|ed)(?: up)?(?: between)?(?: the)? (?:panes?|windows?|glass)',
    'failed seal',
  ],
  ['paint (?:over ?spray|splatter|specks?)|paint on (?:the )?(?:glass|windows?)', 'paint on glass'],
  ['construction (?:debris|dust|residue)|stucco (?:residue|splatter)', 'construction debris'],
  ['scratched (?:glass|panes?|windows?)|scratches (?:on|in) (?:the )?(?:glass|windows?)', 'scratched glass'],
  ['(?:tree )?sap on|tree sap', 'tree sap'],
];

const types: readonly [string, string][] = [
  ['condo(?:minium)?', 'condo'],
  ['town ?(?:house|home)', 'townhouse'],
  ['duplex', 'duplex'],
  ['apartment', 'apartment'],
  ['mobile home', 'mobile home'],
  ['lake ?house', 'lake house'],
  ['farm ?house', 'farmhouse'],
  ['log (?:cabin|home)', 'log cabin'],
  ['store ?front', 'storefront'],
  ['office building', 'office'],
];

const table = (key: string, rows: readonly [string, string][]): Rule[] =>
  rows.map(([source, value]) => ({ key, pattern: words(`\\b(?:${source})\\b`), value }));

/** What sort of place it is. */
export const propertyFacts: readonly Rule[] = [
  ...table('property_type', types),
  ...table('property_feature', features),
  ...table('property_condition', conditions),
];
