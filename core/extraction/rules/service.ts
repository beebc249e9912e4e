import { count, numberWord } from './numbers.ts';
import { type Groups, type Rule, rulesFor, said } from './rule.ts';

const usual = '(?:usual|normal|expected|planned|average|scheduled)';
const somewhat = '(?:a (?:little|little bit|bit|lot|good bit) |much |way |quite a bit |slightly |for )?';

const longer = [
  `\\b(?:takes?|took|taking|runs?|ran|needs?|needed|plan|allow|book|schedule) ${somewhat}(?:longer|more time|extra time)(?: than ${usual})?\\b`,
];
const shorter = [
  `\\b(?:takes?|took|goes|went|is) ${somewhat}(?:quicker|faster|shorter|less time) than ${usual}\\b`,
];
const duration = [
  `\\b(?:takes?|took|allow|plan) (?:us )?(?:for )?(?<said>(?:${count}|\\d[.,]5)(?: and a half)? ?(?:hours?|hrs?|h|minutes?|mins?))\\b`,
];

const likes =
  '\\b(?:prefers?|likes?|best|only(?: available| home)?)(?: (?:in|the|on|early|late|for|is|to be|appointments))*';
const suits = '(?:only|preferred|are best|is best|work best|are better|please)\\b';
const halves = '(?<said>mornings?|afternoons?|evenings?|weekends?|weekdays?)';
const days = '(?<said>mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)';
const clock = "(?<time>\\d{1,2}(?::\\d\\d)? ?(?:am|pm|o'clock)?)";

const afterTime = [
  `\\b(?:not before|no earlier than|only after|any ?time after|available after|home after|come after) ${clock}\\b`,
];
const beforeTime = [`\\b(?:never after|not after|no later than) ${clock}\\b`];

const frequency = [
  `\\bevery (?:\\d{1,2}|${numberWord}|other) (?:weeks?|months?|years?)\\b`,
  '\\bevery (?:spring|summer|fall|autumn|winter|month|year|quarter)\\b',
  '\\b(?:once|twice|three times|four times) (?:a|per) (?:month|year)\\b',
  '\\b(?:quarterly|bi-?monthly|monthly|bi-?weekly|semi-?annual(?:ly)?|annually)\\b',
].map(source => `(?<said>${source})`);

const way =
  '(?<said>checks?|cheques?|cash|credit card|debit card|card|venmo|zelle|paypal|ach|bank transfer|invoice)';
const payment = [
  `\\b(?:pays?|paid|paying|payment)(?: (?:us|only|always|usually|is))* (?:(?:by|with|in|via|using|through) )?(?:a |an )?${way}\\b`,
  `\\b(?:prefers|likes|wants) to pay (?:by|with|in) ${way}\\b`,
  `\\b${way} only\\b`,
  '\\b(?:leaves?|left) (?:a |the )?(?<said>check|cash)\\b',
];

const getInTouch = [
  '\\b(?<said>(?:call|text|phone|ring|e-?mail) (?:(?:her |him |them )(?!back\\b)|ahead|before|when|first|30 minutes|an hour)[^,;.]{0,40}?)(?=[,)]|$| and (?:keep|close|use)\\b)',
];
const channels = [
  '\\b(?:prefers|likes|wants)(?: to be)?(?: (?:contacted|reached))?(?: (?:by|via|a))? (?<said>texts?|text messages?|texted|e-?mails?|calls?|phone calls?|called)\\b',
];

const singular = (group: Groups) => said(group).replace(/s$/, '');

/** How the work goes, when it suits, and how it is paid. */
export const serviceRules: readonly Rule[] = [
  ...rulesFor('service_duration_note', longer, 'longer_than_usual'),
  ...rulesFor('service_duration_note', shorter, 'shorter_than_usual'),
  ...rulesFor('service_duration_note', duration, said),
  ...rulesFor('preferred_time', [`${likes} ${halves}\\b`, `\\b${halves} ${suits}`], singular),
  ...rulesFor('preferred_time', afterTime, group => `after ${group('time').toLowerCase().trim()}`, 'says no'),
  ...rulesFor(
    'preferred_time',
    beforeTime,
    group => `before ${group('time').toLowerCase().trim()}`,
    'says no',
  ),
  ...rulesFor('preferred_day', [`${likes} ${days}\\b`, `\\b${days} ${suits}`], singular),
  ...rulesFor('service_frequency', frequency, said),
  ...rulesFor('payment_method', payment, group => payBy(said(group))),
  ...rulesFor(
    'discount',
    ['\\b(?<said>senior|military|veteran|neighbou?r|first responder|teacher) discount\\b'],
    said,
  ),
  ...rulesFor('contact_note', getInTouch, said),
  ...rulesFor('contact_note', channels, group => `prefers ${channel(said(group))}`),
];

function payBy(written: string): string {
  if (written.startsWith('che')) return 'check';
  return written === 'credit card' || written === 'debit card' ? 'card' : written;
}

function channel(word: string): string {
  if (word.startsWith('text')) return 'texts';
  return word.includes('mail') ? 'e-mail' : 'calls';
}
