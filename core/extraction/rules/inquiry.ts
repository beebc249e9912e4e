import type { LeadFields } from '../record.ts';
import { matchesOf, words } from './rule.ts';

/** How soon it is wanted. The first that fits counts: "no rush" stands before "this week". */
const urgencies: readonly [NonNullable<LeadFields['urgency']>, RegExp][] = [
  [
    'low',
    words(
      '\\b(?:no (?:rush|hurry)|not (?:urgent|in a (?:rush|hurry))|whenever|just (?:curious|looking|browsing|pricing)|shopping around|some ?time|some day|next year|down the road|flexible|no particular date)\\b',
    ),
  ],
  [
    'high',
    words(
      '\\b(?:asap|a\\.s\\.a\\.p|urgent(?:ly)?|emergency|right away|as soon as possible|immediately|today|tonight|tomorrow|this week|by (?:this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|before (?:the )?(?:weekend|wedding|party|closing|open house|guests)|in a (?:rush|hurry)|soonest|first available|last minute)\\b',
    ),
  ],
  [
    'normal',
    words(
      '\\b(?:next week|next month|in (?:a|two|three|couple of|few|2|3) weeks?|this month|within the month)\\b',
    ),
  ],
];

/** How it came in. */
const sources: readonly [NonNullable<LeadFields['source']>, RegExp][] = [
  [
    'referral',
    words(
      '\\b(?:referred|referral|recommended|recommendation|heard about (?:us|you) from|(?:neighbou?r|friend|sister|brother|mother|coworker|realtor)(?: \\p{L}+)? (?:told|said|uses|used|gave|recommends|suggested)|word of mouth)\\b',
    ),
  ],
  [
    'ad',
    words(
      '\\b(?:(?:saw|found|from|through|via) (?:\\p{L}+ ){0,3}(?:ads?|advert(?:isement)?|flyer|postcard|billboard|yard sign|coupon|google|facebook|instagram|yelp|nextdoor)|google ads?|facebook ads?|radio spot|truck wrap|saw (?:your|our|the) (?:truck|van|sign))\\b',
    ),
  ],
  [
    'web_form',
    words(
      '\\b(?:web ?form|web ?site|online form|contact form|filled (?:out|in)|submitted (?:the |a |our )?form|online request)\\b',
    ),
  ],
  [
    'email',
    words(
      '\\b(?:e-?mailed|by e-?mail|via e-?mail|sent (?:us )?an e-?mail|e-?mail (?:from|inquiry)|wrote (?:us )?(?:an )?e-?mail)\\b',
    ),
  ],
  [
    'phone_call',
    words(
      '\\b(?:called|phoned|rang|voice ?mail|left a message|on the phone|by phone|(?:phone )?call from|phone call|caller|missed call)\\b',
    ),
  ],
];

/** What is wanted, as the catalog would call it. */
const services: readonly [string, RegExp][] = [
  [
    'window cleaning',
    words(
      '\\b(?:windows?|ventanas?|windws?|widnows?|windos|winows?|winodws?)\\b(?! (?:screens?|repair|replace))|\\b(?:front|exterior|outside|outdoor|interior|storefront|store|shop|lobby|entry|plate|showroom) glass\\b(?! doors?)|\\bglass (?:fronts?|walls?|panes?|panels?|needs?|cleaning|cleaned|washed)\\b|\\b(?:clean|wash)\\p{L}* (?:the |my |our |all )?glass\\b(?! doors?)|\\bint(?:erior)?\\.? ?(?:/|and|&) ?ext(?:erior)?\\b',
    ),
  ],
  ['screen cleaning', words('\\bscreens?\\b(?! ?(?:doors?|repair|replace|fixed|rescreen|shot|porch))')],
  [
    'screen repair',
    words(
      '\\bscreens? (?:(?:need(?:s|ing|ed)?|to) (?:be |get )?|are |is )?(?:repair|fix|replace|rescreen|torn|tore|ripped)\\p{L}*|\\b(?:torn|ripped|new) (?:window )?screens?\\b|\\bscreens?\\b[^.!?\\n]{1,30}\\b(?:tore|torn|ripped|new mesh)\\b|\\b(?:repair|fix|replace|rescreen)\\p{L}* (?:[\\p{L}\\d]+ ){0,3}screens?\\b',
    ),
  ],
  [
    'gutter cleaning',
    words(
      '\\bgut?ters?\\b(?! (?:guards?|helmets?|covers?)\\b)|\\bdown ?spouts?\\b|\\b(?:canaletas|canalones)\\b',
    ),
  ],
  ['pressure washing', words('\\b(?:pressure|power)[- ]?wash\\p{L}*|\\b(?:soft|house)[- ]?wash\\p{L}*')],
  ['solar panel cleaning', words('\\bsolar (?:panels?|arrays?)\\b')],
  ['hard water stain removal', words('\\bhard[- ]water\\b|\\bmineral (?:deposits?|stains?)\\b')],
  ['skylight cleaning', words('\\bsky ?li(?:ght|te)s?\\b')],
  ['chandelier cleaning', words('\\bchand[ei]?l[ei]{1,2}rs?\\b')],
  ['mirror cleaning', words('\\bmirrors?\\b')],
  [
    'post-construction cleaning',
    words(
      '\\bpost[- ]construction|\\bconstruction clean\\p{L}*|\\bafter (?:the )?(?:remodel|construction|renovation)\\b',
    ),
  ],
  ['roof cleaning', words('\\b(?:roof (?:clean|wash)\\p{L}*|clean\\p{L}* (?:the |my |our )?roof)\\b')],
  ['dryer vent cleaning', words('\\bdryer vents?\\b')],
  ['holiday lights', words('\\b(?:christmas|holiday) lights?\\b')],
];

const refused = words("\\b(?:not|no|don't|doesn't|without|except|skip)\\b[^,.;:]{0,20}$");

const day = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?';
const half = '(?:mornings?|afternoons?|evenings?|noon|midday)';
const month = '(?:january|february|march|april|may|june|july|august|september|october|november|december)';
const clock = '\\d{1,2}(?::\\d\\d)? ?(?:am|pm)';
const preferredTimes = words(
  `\\b(?:(?:any |early |late )?(?:next|this|on|by|before|after|around) )?(?:${day}(?: week)?(?: or ${day}| and ${day})?(?: (?:early |late )?${half})?(?: (?:after|before|at|around) ${clock})?|(?:next|this) (?:week(?:end)?|month)|(?:early |mid[- ]?|late |end of |first week of |beginning of )?(?<!\\p{L})${month}(?: \\d{1,2}(?:st|nd|rd|th)?)?(?!\\p{L})|tomorrow(?: ${half})?|today|${half}|weekends?|weekdays?|(?:after|before|by) (?:the )?(?:thanksgiving|christmas|easter|holidays?|wedding|party)|(?:after|before|at|around) ${clock})\\b`,
);

const amount = '\\$ ?\\d{1,3}(?:,\\d{3})*(?:\\.\\d\\d)?|\\d{2,6} ?(?:dollars|bucks|usd)';
const budgets: readonly RegExp[] = [
  words(
    `(?<range>(?:\\$ ?)?\\d{2,6} ?(?:-|–|to|and) ?\\$ ?\\d{2,6}|\\$ ?\\d{2,6} ?(?:-|–|to|and) ?\\d{2,6}|\\d{2,6} ?(?:-|–|to|and) ?\\d{2,6} ?(?:dollars|bucks|usd))`,
  ),
  words(
    `(?<range>(?:under|up to|less than|at most|max(?:imum)?(?: of)?|(?:no|not) more than|not (?:over|above)|around|about|below) (?:${amount}))`,
  ),
  words(`\\bbudget(?: (?:is|of|around|about|for|this|was))*:? (?<range>${amount}|\\d{2,6})`),
];

const callBacks = words(
  '\\b(?:call|phone|ring|text|e-?mail|get|write) (?:(?:her|him|them|me|us|back) ){1,2}[^.!?;\\n]{0,60}',
);
const isBack = words('\\bback\\b');

/** What was said of calling back: "call her back tomorrow after three"; undefined when nothing was. */
export const callBackIn = (text: string): string | undefined =>
  matchesOf(callBacks, text)
    .map(match => match[0].trim())
    .find(said => matchesOf(isBack, said).length > 0);

/** When somebody is called back says nothing of when the work is wanted, or how soon. */
function withoutCallBack(text: string): string {
  const said = callBackIn(text);
  return said === undefined ? text : text.replace(said, '');
}

/** Service, urgency, source, wished time and budget of an inquiry (LED-03, LED-21). */
export function readInquiry(text: string): LeadFields {
  const work = withoutCallBack(text);
  const wanted = withoutTorn(
    text,
    services.flatMap(([name, pattern]) => (isWanted(text, pattern) ? [name] : [])),
  );
  return {
    ...(wanted.length > 0 ? { service_interest: withSides(text, wanted).join(', ').slice(0, 200) } : {}),
    ...one('source', firstFitting(text, sources)),
    ...one('urgency', firstFitting(work, urgencies)),
    ...one('preferred_time', preferredTime(work)),
    ...one('budget_range', budgetOf(text)),
  };
}

/** Screens that are torn are repaired; cleaned as well only when somebody says so. */
function withoutTorn(text: string, wanted: readonly string[]): readonly string[] {
  const isBoth = matchesOf(screensCleaned, text).length > 0;
  return wanted.includes('screen repair') && !isBoth
    ? wanted.filter(name => name !== 'screen cleaning')
    : wanted;
}

const screensCleaned = words(
  '\\bscreens?\\b[^.!?\\n]{0,30}\\b(?:clean|wash|dirty|filthy|dusty|scrub)|\\b(?:clean|wash|scrub)\\p{L}*\\b[^.!?\\n]{0,30}\\bscreens?\\b',
);

const one = <K extends string, V>(key: K, value: V | undefined) =>
  value === undefined ? {} : { [key]: value };

function firstFitting<T>(text: string, rows: readonly (readonly [T, RegExp])[]): T | undefined {
  return rows.find(([, pattern]) => matchesOf(pattern, text).length > 0)?.[0];
}

const isWanted = (text: string, pattern: RegExp) =>
  matchesOf(pattern, text).some(
    match => matchesOf(refused, text.slice(Math.max(0, match.index - 60), match.index)).length === 0,
  );

/** "window cleaning (inside and outside)". */
function withSides(text: string, wanted: readonly string[]): string[] {
  const inside =
    matchesOf(words('\\b(?:insides?|in(?: and | & |/|\\+)out|int(?:erior)?)\\b'), text).length > 0;
  const outside =
    matchesOf(words('\\b(?:outsides?|in(?:side)?(?: and | & | ?/ ?|\\+)out|ext(?:erior)?)\\b'), text).length >
    0;
  if (!inside && !outside) return [...wanted];
  const sides = inside && outside ? 'inside and outside' : inside ? 'inside' : 'outside';
  return wanted.map(name => (name === 'window cleaning' ? `${name} (${sides})` : name));
}

function preferredTime(text: string): string | undefined {
  const times = matchesOf(preferredTimes, text).map(match => match[0].trim().replace(/^on /i, ''));
  // "may" is a month only where it is written like one.
  const telling = times.filter(time => !/^may$/.test(time));
  return telling.length === 0 ? undefined : [...new Set(telling)].slice(0, 2).join(', ');
}

function budgetOf(text: string): string | undefined {
  for (const pattern of budgets) {
    const range = matchesOf(pattern, text)[0]?.groups?.range;
    if (range !== undefined) return range.replace(/\s+/g, ' ').trim();
  }
  return undefined;
}
