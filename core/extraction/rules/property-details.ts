import { type Groups, type Rule, words } from './rule.ts';

const state =
  'complex|complicated|tricky|difficult|awkward|fragile|delicate|rotten|rotting|loose|stuck|cracked|broken|torn|ripped|' +
  'bent|missing|damaged|leaking|hard[- ]to[- ]reach|painted[- ]shut|oversized|large|huge|tall|high';
const part =
  'window sills?|window screens?|sills?|screens?|windows?|frames?|panes?|tracks?|glass|transoms?|latch(?:es)?|locks?|' +
  'blinds|shutters?';
const place =
  '(?:(?:1st|2nd|3rd|first|second|third|top|upper|lower|ground)[- ](?:story|storey|floor|level)|upstairs|downstairs|' +
  'basement|attic|kitchen|master (?:bedroom|bath(?:room)?)|bed ?room|bath ?room|living room|dining room|sun ?room|garage|' +
  'stair(?:well|way|case)|foyer|front|back|rear|left|right|north|south|east|west)(?: (?:side|door|window|porch|bedroom))?';

const at = `(?:on|in|at|by|over|above) (?:the )?(?<where>${place})`;

/** `complex 2nd story sill` */
const inWords = (group: Groups) => `${group('how')} ${group('where')} ${group('what')}`.toLowerCase();

/** `steep roof` */
const briefly = (group: Groups) => `${group('how').replace(/^very /i, '')} ${group('what')}`.toLowerCase();

const patterns: readonly [string, (group: Groups) => string][] = [
  [`\\b(?<how>${state}) (?<what>${part}) (?:is |are )?${at}\\b`, inWords],
  [`\\b(?<how>${state}) (?<where>${place}) (?<what>${part})\\b`, inWords],
  [
    `\\b(?<what>${part}) (?:is |are )?(?<how>painted[- ]shut|stuck|broken|cracked|torn|ripped|missing) ${at}\\b`,
    inWords,
  ],
  [`\\b(?<where>${place}) (?<what>${part}) (?:is|are) (?:very |really )?(?<how>${state})\\b`, inWords],
  [
    '\\b(?<how>very steep|steep|slippery|slick|metal|tile|slate|flat) (?<what>roof|driveway|stairs|steps|hill|slope)\\b',
    briefly,
  ],
  [
    '\\b(?<what>roof|driveway|slope) (?:is )?(?:very |really |quite |too )?(?<how>steep|slippery|slick)\\b',
    briefly,
  ],
  ['\\b(?<how>vaulted|cathedral|high|two[- ]story) (?<what>ceilings?|foyer|entry)\\b', briefly],
  ['\\b(?<how>hard[- ]to[- ]reach) (?<what>windows?|sky ?lights?|panes?)\\b(?! (?:on|in|at))', briefly],
];

/** Parts of the place that need a word: `complex 2nd story sill`, `steep roof`. */
export const propertyDetails: readonly Rule[] = patterns.map(([source, value]) => ({
  key: 'property_detail',
  pattern: words(source),
  value,
}));
