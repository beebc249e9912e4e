// What stands around a name, and how much it says that this is who writes, calls or wants something. A name needs five
// points. The texts are read with telephone numbers and mail addresses as runs of `reach`, streets as runs of `place`.

export const reach = '\uE000';
export const place = '\uE001';

type Evidence = readonly (readonly [number, RegExp])[];

const relation =
  'neighbou?r|friend|wife|husband|son|daughter|mother|father|mom|dad|sister|brother|aunt|uncle|boss|landlord|seller|buyer|late husband|late wife';
const role =
  'owners?|manager|tenant|renter|client|customer|caller|realtor|agent|contact|principal|pastor|reverend|rev|supervisor|director|guy|lady|woman|man|gentleman|person|lead|poc|attn';
const animal =
  'dogs?|cats?|pupp(?:y|ies)|pup|pets?|pug|lab|labrador|poodle|terrier|beagle|shepherd|retriever|doodle|kitten|kitty|horse|parrot|bird|bunny|rabbit|chickens?';
const signOff =
  'thanks|thank you|thank u|thx|thanx|ty|tks|regards|rgds|best|sincerely|cheers|yours|yours truly|truly|respectfully|cordially|wishes|gracias|saludos|atentamente|take care|blessings';

/** What stands before a name. */
const before: Evidence = [
  [5, /\b(?:name['’]s|names? is|name was|mi nombre es|me llamo|soy|llamó|goes by|named)\s+$/iu],
  [5, /\bname\s*[:=-]?\s*["“]?$/iu],
  [5, /\b(?:from|de|customer|caller|contact|client|who|person|sender|attn)\s?[:=]\s*["“]?$/iu],
  [4, /\b(?:this is|it['’]?s|i am|i['’]?m|here is)\s+$/iu],
  [
    4,
    /\b(?:calls?|messages?|msg|voice ?mail|vm|inquiry|e-?mail|text|txt|sms|spoke|speak|spoken|talked|talk|chatted|request|visit|word|meeting|mtg|appointment|appt)(?:ed)?\s+(?:from|with|w\/|to|by)\s*(?:an? )?$/iu,
  ],
  [
    4,
    /\b(?:call back|callback|call|ring|ring back|phone|ret(?:urn)?\.? call to|met|ask for|asking for|contact|contact is|spoke to|quote for|estimate for)\s*:?\s+$/iu,
  ],
  [4, /\b(?:called|phoned|rang|called in)\s?[:–—-]\s*$/iu],
  [3, new RegExp(`\\b(?:${role})(?: is|,|:| was| named| called)?\\s+(?:an? )?$`, 'iu')],
  [
    4,
    new RegExp(
      `\\b(?:${signOff})(?: so much| very much| again| a lot| a bunch| in advance)?[^\\p{L}\\d]{1,6}$`,
      'iu',
    ),
  ],
  [3, /(?:^|[\n.!?)][ \t]?)[ \t]*[-–—~][ \t]?$/u],
  [3, new RegExp(`${reach}[^\\p{L}\\d\\n]{0,4}$`, 'u')],
  [1, /(?:^|[\n,.;:!?|/()•*>"“]|\s-+|[–—]|\d:\d\d ?(?:[ap]\.?m?\.?)?)\s*$/iu],
  [1, /^\s*$/u],
  // Not who it is about: somebody addressed, spoken of, an animal, a town, a place.
  [
    -6,
    /(?:^|[\n.!?,])\s*(?:hi|hello|hey|dear|hola|good (?:morning|afternoon|evening|day))(?: there)?,?\s+$/iu,
  ],
  [-9, new RegExp(`\\b(?:${animal})(?: is| are)?(?: named| called|'s name is|,|:| \\()?\\s*$`, 'iu')],
  [-4, new RegExp(`\\b(?:${relation})(?:['’]s)?(?: of| is| named| name is)?,?\\s+$`, 'iu')],
  [8, new RegExp(`\\b(?:this is|it['’]?s|i['’]?m) your (?:${relation})\\s+$`, 'iu')],
  [
    -6,
    /\b(?:ref(?:erred|erral|d)?\.? by|recommended by|heard (?:about (?:us|you) )?from|through|thanks to|cc|said)\s*:?\s+$/iu,
  ],
  [-6, /\b(?:in|at|on|near|around|outside(?: of)?|off|behind|of|city|town)\s*:?\s+(?:the )?$/iu],
  [
    -4,
    /(?<!\b(?:call|calls|message|msg|mail|voicemail|text|inquiry|request|word|vm|txt|sms|heard|ask|asking|quote|estimate))\s(?:from|for)\s+$/iu,
  ],
  [-5, new RegExp(`${place},?[ \\t]*$`, 'u')],
  [-2, new RegExp(`${place},?\\s*\\n\\s*$`, 'u')],
  [-4, /\b(?:subject|re|fw|fwd|street|address|company|business|service|notes?|message|wants)\s?:\s*$/iu],
];

const says =
  'called|calls|calling|phoned|rang|rung|e-?mailed|texted|texting|wrote|writes|writing|wants?|wanted|wanting|needs?|needed|needing|would like|would love|asked|asks|asking|inquired|inquiring|left|here|says|lives|requests?|requested|requesting|stopped by|came by|is (?:asking|looking|interested|calling|wanting)|looking|interested|again';
const state =
  'AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC';

/** What stands behind a name. */
const behind: Evidence = [
  [4, new RegExp(`^,?\\s+(?:(?:just|also|has|have)\\s+)?(?:${says})\\b`, 'iu')],
  [4, new RegExp(`^,? (?:from|at|in|of|with) [^,.\\n]{2,40},? (?:${says})\\b`, 'iu')],
  [
    3,
    new RegExp(
      `^[^\\p{L}\\d\\n]{0,5}(?:(?:home|cell|ph|phone|tel|mobile|number|no|m|o|c|h|t|p|e|at|on)\\b[^\\p{L}\\d\\n]{0,3}(?:is )?)?${reach}`,
      'iu',
    ),
  ],
  [2, new RegExp(`^(?:[ \\t]*|,[^\\n]{0,60})\\n(?:[^\\n]{0,80}\\n){0,2}[^\\n${reach}]{0,40}${reach}`, 'u')],
  [1, new RegExp(`^\\s*(?:[\\n,.;:!?|/()•<"”${reach}${place}]|-|[–—]|$)`, 'u')],
  [1, /^[\s.!"”]*$/u],
  [2, /^\s(?:w\/|with|from|@)\s/iu],
  [-9, /^['’]s\b/u],
  [-5, /^,?\s+(?:told|recommended|recommends|referred|suggested|uses|used|gave|said (?:you|to))\b/iu],
  [-6, new RegExp(`^,?\\s+(?:${state})\\b`, 'u')],
  [-6, /^,?\s+(?:alabama|tennessee|georgia|florida|texas|\d{5})\b/iu],
];

/** The points of what stands around a name: the sixty characters before it, the hundred and twenty behind. */
export const surroundings = (text: string, start: number, end: number): number =>
  points(before, text.slice(Math.max(0, start - 60), start)) + points(behind, text.slice(end, end + 120));

const points = (evidence: Evidence, piece: string) =>
  evidence.reduce((sum, [value, pattern]) => sum + (pattern.test(piece) ? value : 0), 0);
