import { pick, type Random, randomFrom } from '../support/random.ts';

/** One invented customer, the same for the same number: its e-mail and telephone number are nobody else's. */
export interface Person {
  first: string;
  last: string;
  email: string;
  phone: string;
  street: string;
  city: string;
  state: string;
  zip: string;
  memo: string;
}

const header =
  'Reference ID,First Name,Last Name,Email Address,Phone Number,Nickname,Company Name,Street Address 1,' +
  'Street Address 2,City,State,Postal Code,Birthday,Memo,Square Customer ID,Creation Source,First Visit,' +
  'Last Visit,Transaction Count,Lifetime Spend,Email Subscription Status,Instant Profile,' +
  'Blocked from online booking';

/**
 * A Square customer export of `count` rows that begins with person number `from`, each cell as often filled as in a real
 * one. Nobody in it occurs twice.
 */
export function squareFile(from: number, count: number): string {
  const lines = [header];
  for (let number = from; number < from + count; number++) lines.push(row(number));
  return `${lines.join('\n')}\n`;
}

function row(number: number): string {
  const one = person(number);
  const random = randomFor(number + 500_000_000);
  const visits = 1 + Math.floor(random() * 20);
  return [
    random() < 0.5 ? '' : `R${number}`,
    one.first,
    one.last,
    random() < 0.8 ? one.email : '',
    random() < 0.89 ? one.phone : '',
    '',
    random() < 0.24 ? pick(random, companies) : '',
    one.street,
    random() < 0.08 ? `Unit ${1 + Math.floor(random() * 40)}` : '',
    one.city,
    one.state,
    one.zip,
    '',
    random() < 0.8 ? one.memo : '',
    `SQ${number.toString(16).toUpperCase().padStart(8, '0')}`,
    'APPOINTMENTS',
    '2022-11-21',
    '2026-10-22',
    visits,
    `$${visits * 149}.00`,
    random() < 0.5 ? 'Subscribed' : '',
    'No',
    'No',
  ].join(',');
}

/** Person number `number`. Names, streets and towns are as unevenly spread as real ones: few are common. */
export function person(number: number): Person {
  const random = randomFor(number);
  const first = pick(random, firstNames, 1.5);
  const last = random() < 0.7 ? pick(random, surnames, 1.7) : rare(random, nameStarts, nameEnds);
  const town = pick(random, towns, 1.6);
  const [city = '', state = '', zip = ''] = town.split('|');
  const line = Math.floor(number / areaCodes.length);
  const exchange = 555 + (Math.floor(line / 10_000) % 400);
  return {
    first,
    last,
    email: `${first}.${last}${number}@example.${pick(random, ['com', 'org', 'net'])}`.toLowerCase(),
    phone: `(${areaCodes[number % areaCodes.length]}) ${exchange}-${String(line % 10_000).padStart(4, '0')}`,
    street: `${1 + Math.floor(random() ** 2 * 9000)} ${street(random)}`,
    city,
    state,
    zip,
    memo: remark(random),
  };
}

const street = (random: Random) =>
  random() < 0.8
    ? pick(random, streets, 1.2)
    : `${rare(random, nameStarts, nameEnds)} ${pick(random, kindsOfStreet)}`;

/** One of some twenty thousand names: most names of a town are borne by a few. */
function rare(random: Random, starts: readonly string[], ends: readonly string[]): string {
  return pick(random, starts) + pick(random, middles) + pick(random, ends);
}

function remark(random: Random): string {
  return `${pick(random, openings)} ${pick(random, things)} ${1 + Math.floor(random() * 30)}. ${pick(random, habits)}`;
}

/** Every customer of the file is made of numbers of their own. */
export const randomFor = (number: number): Random => randomFrom(number * 2_654_435_761);

const words = (text: string) => text.trim().split(/\s+/);
const each = (starts: readonly string[], ends: readonly string[]) =>
  starts.flatMap(start => ends.map(end => start + end));

const firstNames = words(`
  James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica
  Thomas Karen Christopher Sarah Charles Lisa Daniel Nancy Matthew Sandra Anthony Betty Mark Ashley Donald Emily Steven
  Kimberly Andrew Margaret Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa Timothy Deborah Ronald
  Stephanie George Rebecca Jason Sharon Edward Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy Nicholas Kathleen Gary Angela
  Eric Shirley Jonathan Emma Stephen Brenda Larry Pamela Justin Nicole Scott Anna Brandon Samantha Benjamin Katherine
  Samuel Christine Gregory Debra Alexander Rachel Patrick Carolyn Frank Janet Raymond Maria Jack Olivia Dennis Heather
  Jerry Helen Tyler Catherine Aaron Diane Jose Julie Adam Victoria Nathan Joyce Henry Lauren Zachary Kelly Douglas
  Christina Peter Ruth Kyle Joan Noah Virginia Ethan Judith Jeremy Evelyn Walter Hannah Keith Andrea Hector Pilar Vernon`);

const nameStarts = words(`
  Hol Brack Whit Har Wins Ash Thorn Fair Kings Mer Lang West East North South Ald Bar Ches Dun Elling Farn Gran Hart
  Ing Kel Lind Marsh Nor Os Pem Quin Rams Stan Till Under Vand Wal Yar Zimm Black Cald Drum Field Glen Hunts Lock Mac
  Old Park Red Sel Temple Wood`);
const middles = words('e en er a an i o el ing ar om ur is le');
const nameEnds = words(`
  ton son worth ley field man berg ford wood ings ham more well stead brook dale ery quist ett ison bury comb shaw`);

const surnames = [
  ...words(`
  Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
  Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young
  Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter
  Roberts`),
  ...each(nameStarts, nameEnds),
];

const kindsOfStreet = words('Ln Street Rd Ave Dr Ct Way Blvd');
const streets = each(
  words(`
  Gooch Main Brownsferry Maple Oak Cedar Elm Walnut Pine Chestnut Hickory Magnolia Dogwood Willow Sycamore Poplar Church
  School Mill Creek River Lake Hill Ridge Valley Meadow Forest Garden Park Spring Sunset Highland Franklin Jefferson
  Madison Monroe Jackson Lincoln Washington Adams Clinton Holmes Whitesburg Jordan Cecil Slaughter Capshaw Wall Zierdt
  Hughes Browns Balch Nance Plummer Pulaski Memorial Winchester Bankhead Governors Drake Triana Hobbs Weatherly
  Esslinger Chaney Bailey Byrd Vaughn Rideout Oakwood Sparkman`),
  kindsOfStreet.map(kind => ` ${kind}`),
);

const towns = `
  Huntsville|AL|35801,Madison|AL|35758,Athens|AL|35613,Decatur|AL|35601,Hampton Cove|AL|35763,Owens Cross Roads|AL|35763,
  Harvest|AL|35749,Meridianville|AL|35759,Hazel Green|AL|35750,New Market|AL|35761,Toney|AL|35773,Gurley|AL|35748,
  Scottsboro|AL|35768,Guntersville|AL|35976,Arab|AL|35016,Hartselle|AL|35640,Cullman|AL|35055,Florence|AL|35630,
  Muscle Shoals|AL|35661,Fayetteville|TN|37334,Pulaski|TN|38478,Ardmore|TN|38449,Winchester|TN|37398,Tullahoma|TN|37388,
  Lawrenceburg|TN|38464,Fort Payne|AL|35967,Albertville|AL|35950,Boaz|AL|35957,Moulton|AL|35650,Elkmont|AL|35620`
  .trim()
  .split(/,\s*/);

const companies = each(words('Hart Balmoral Tillery Redstone Monte Rocket Cotton Lakeside Summit Heritage'), [
  ' Realty',
  ' Dental',
  ' Rentals',
  ' & Sons',
]);
const openings = words('front back upstairs downstairs garage kitchen sunroom basement attic porch');
const things = words(`
  screens windows skylights gutters panes storms shutters mirrors chandeliers transoms sills doors ladders hoses stains
  tracks awnings solar trellis fountain dog gate alarm keypad neighbor parking cash check invoice morning`);
const habits = `
  Pays by check,Do not ring the bell,Tuesday or Thursday only,Call the day before,Gate code is on file,Dog in the yard,
  Leave the invoice under the mat,Mother of the owner,Prefers mornings,Ladder needed,Park on the street,No chemicals`
  .trim()
  .split(/,\s*/);

// Area codes of Alabama and around it; the exchange 555, of the first 260,000 customers, belongs to nobody.
const areaCodes = words(`
  205 251 256 334 659 938 423 615 629 731 865 901 931 404 470 478 678 706 762 770 912 228 601 662 769 229`);
