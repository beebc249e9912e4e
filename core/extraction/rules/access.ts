import { type Groups, type Rule, words } from './rule.ts';

const code = '(?:code|pin|combo|combination|passcode)';
// A # or * at its end is pressed like the rest: without it the gate stays shut.
const digits = '#?(?<code>(?=[\\dA-Z#*]*\\d)[\\dA-Z#*]{3,8})(?![\\dA-Z])';

/** "gate code is 4711", "code for the gate: 4711"; `bare`: also "gate 4711". */
function codeRules(key: string, thing: string, bare = false): Rule[] {
  const said = bare ? `(?: ${code})?` : ` ${code}`;
  return [
    {
      key,
      pattern: words(`\\b(?:${thing})${said} ?(?:is now|is|was|:|=|-|changed to)? ?${digits}`),
      value: codeOf,
    },
    {
      key,
      pattern: words(
        `\\b${code} (?:for|to|on) (?:the |her |his |their )?(?:${thing}) ?(?:is|:|=)? ?${digits}`,
      ),
      value: codeOf,
    },
  ];
}

const codeOf = (group: Groups) => group('code').toUpperCase();

const which = '(?:back|side|front|pool|yard|rear)';
const someGate = `(?:the |her |his |their |both |all )*(?<which>${which} )?gates?`;
const shut = '(?:closed|shut|locked|latched)';

/** Every way to say it is one fact. */
const gateClosed: readonly string[] = [
  `\\b(?:keep|leave) ${someGate} ${shut}\\b`,
  `\\b(?<which>${which} )?gates? (?:must|has to|needs to|should) (?:stay|be|remain|be kept) ${shut}\\b`,
  `\\b(?:close|shut|latch) ${someGate}\\b`,
];

/** What visitors are told to do. */
const orders = [
  'keep',
  'close',
  'lock',
  'latch',
  'shut',
  'avoid',
  'beware(?: of)?',
  'mind',
  'be careful (?:with|of|around)',
  'watch (?:out )?(?:for|the)',
  'make sure',
  'enter (?:through|by|from)',
  'park',
  'knock',
  'ring',
  'remove (?:your )?shoes',
  'take (?:your )?shoes off',
  'no shoes',
  'wear (?:shoe covers|booties)',
  '(?:come|go) (?:in|around|through|to) (?:the )?(?:back|side|rear)',
  'use (?:the )?(?:back|side|front|garage|rear|basement) (?:door|gate|entrance|driveway)',
  "(?:do not|don't|dont|never) (?:ring|knock|step|let|use|touch|move|park|open|block|spray|lean|walk|enter|disturb|go|clean|leave|feed|stand)",
].join('|');

const lead =
  '(?:^|[,:(–—-] ?|\\b(?:and|please|plz|must|always|wants us to|asks? (?:us )?to|asked (?:us )?to|says|said) )';
const isGate = `(?:keep|close|shut|latch|leave) (?:the |her |his |their |both |all )*(?:${which} )?gates?\\b`;
const ending = '(?=[,;:()]|$| [-–] | and (?:has|have|the|she|he|they|dog|cat)\\b)';

/** How one gets in, and what to mind there. */
export const accessRules: readonly Rule[] = [
  ...codeRules('gate_code', 'gate', true),
  ...codeRules('garage_code', 'garage(?: door)?'),
  ...codeRules('door_code', '(?:front |side |back )?door'),
  ...codeRules('lockbox_code', 'lock ?box', true),
  ...codeRules('alarm_code', 'alarm'),
  {
    key: 'key_location',
    pattern: words(
      `\\b(?:spare |house )?key (?:is )?(?:hidden |kept )?(?<where>(?:under|in|behind|at|above|inside|with|on) (?:the |a |her |his |their )?[\\p{L}' -]{3,40}?)(?=[,)]|$| and | so | if )`,
    ),
    value: group => group('where').toLowerCase().trim(),
  },
  ...gateClosed.map(source => ({
    key: 'property_note',
    pattern: words(source),
    value: (group: Groups) => `keep ${group('which').toLowerCase()}gate closed`,
  })),
  {
    key: 'property_note',
    pattern: words(`${lead}(?<what>(?!${isGate})(?:${orders})\\b[^,;:()]{0,90}?)${ending}`),
    value: group => instruction(group('what')),
    says_no: true,
  },
  {
    key: 'property_note',
    pattern: words(
      `\\b(?:has (?:an )?alarm|alarm system|security system|(?:turn|switch) off (?:the )?alarm)\\b`,
    ),
    value: 'alarm system',
  },
  {
    key: 'property_note',
    pattern: words(
      `\\b(?<what>spigot|outside faucet|hose bib|water hookup) (?:is )?(?<where>(?:on|at|in|behind|by) (?:the )?[\\p{L} ]{3,30}?)(?=,|$| and )`,
    ),
    value: group => `${group('what')} ${group('where')}`.toLowerCase().replace(/ the /, ' '),
  },
];

/** Without articles and courtesy, so that the same wish is the same fact; "don't block it" tells nobody anything. */
function instruction(text: string): string | undefined {
  const plain = text
    .toLowerCase()
    .replace(/\b(?:the|please|your)\s/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /\s/.test(plain) && !/\b(?:it|that|this)$/.test(plain) ? plain : undefined;
}
