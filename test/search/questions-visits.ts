import type { Meaning } from './meaning.ts';
import type { Written } from './questions.ts';

/** Whole months from one to another: `2026-03` to `2026-05`. */
const months = (first: string, last = first): Pick<Meaning, 'from' | 'to'> => ({
  from: `${first}-01`,
  to: `${last}-31`,
});
const lastSpring = months('2026-03', '2026-05');
const thisSummer = months('2026-06', '2026-08');
const lastWinter = months('2025-12', '2026-02');
const lastFall = months('2025-09', '2025-11');
const thisFall = months('2026-09', '2026-11');
const lastMonth = months('2026-10');
const thisMonth = months('2026-11');
const lastWeek = { from: '2026-11-08', to: '2026-11-15' };

/** What was done for somebody, and when; asked on Wednesday, 2026-11-18. A month without a year is the latest one. */
export const questionsAboutVisits: readonly Written[] = [
  [
    'screen cleaning last spring in Athens',
    'birdsong stromberg',
    { services: ['screens'], town: 'Athens', ...lastSpring },
  ],
  [
    'customers who had screen cleaning last spring on Hughes Rd',
    'lange',
    { services: ['screens'], street: 'Hughes Rd', ...lastSpring },
  ],
  [
    'who had screens cleaned in April 2025 in Athens',
    'birdsong cagle',
    { services: ['screens'], town: 'Athens', ...months('2025-04') },
  ],
  [
    'elderly woman screen cleaning last spring',
    'hart',
    { facts: ['customer_demographic elderly'], note: 'woman', services: ['screens'], ...lastSpring },
  ],
  [
    'customers who had gutters done in October 2025 on Zierdt',
    'hutchens bridges',
    { services: ['gutters'], street: 'Zierdt', ...months('2025-10') },
  ],
  ['zierdt gutters april 2025', 'penn', { services: ['gutters'], street: 'Zierdt', ...months('2025-04') }],
  ['gutters and pressure washing zierdt', 'bridges', { services: ['gutters', 'pressure'], street: 'Zierdt' }],
  ['who did we do solar panels for last month', 'nakamura gupta', { services: ['solar'], ...lastMonth }],
  ['solar panel cleaning october 2025', 'nakamura', { services: ['solar'], ...months('2025-10') }],
  [
    'solar panels this year madison',
    'gupta',
    { services: ['solar'], town: 'Madison', ...months('2026-01', '2026-12') },
  ],
  [
    'pressure washing this summer Decatur',
    'lovelace odom',
    { services: ['pressure'], town: 'Decatur', ...thisSummer },
  ],
  [
    'pressure washing summer 2025 decatur',
    'vance',
    { services: ['pressure'], town: 'Decatur', ...months('2025-06', '2025-08') },
  ],
  [
    'senior discount pressure washing decatur june',
    'odom',
    { facts: ['discount senior'], services: ['pressure'], town: 'Decatur', ...months('2026-06') },
  ],
  [
    'Johnson gutter cleaning between March and May',
    'geraldJohnson lorraineJohnson',
    { name: 'Johnson', services: ['gutters'], ...lastSpring },
  ],
  [
    'johnson gutters last november',
    'geraldJohnson',
    { name: 'Johnson', services: ['gutters'], ...months('2025-11') },
  ],
  [
    'skylight cleaning hampton cove in may',
    'tolbert',
    { services: ['skylights'], town: 'Hampton Cove', ...months('2026-05') },
  ],
  [
    'skylight cleaning in Huntsville since September',
    'ashworth',
    { services: ['skylights'], town: 'Huntsville', from: '2026-09-01', to: '2026-12-31' },
  ],
  [
    'hard water removal in July hampton cove',
    'kowalczyk',
    { services: ['hard_water'], town: 'Hampton Cove', ...months('2026-07') },
  ],
  [
    'hard water stain removal meridianville march',
    'mullins',
    { services: ['hard_water'], town: 'Meridianville', ...months('2026-03') },
  ],
  ['gutters last week madison', 'ferguson', { services: ['gutters'], town: 'Madison', ...lastWeek }],
  [
    'who got windows done last week on Adams',
    'beauchamp',
    { services: ['windows'], street: 'Adams St', ...lastWeek },
  ],
  [
    'mountain gap gutters this month',
    'ragsdale',
    { services: ['gutters'], street: 'Mountain Gap', ...thisMonth },
  ],
  ['gutter cleaning in Toney this month', 'crutcher', { services: ['gutters'], town: 'Toney', ...thisMonth }],
  ['drake gutters last month', 'abernathy', { services: ['gutters'], street: 'Drake', ...lastMonth }],
  [
    'abernathy gutters 2025',
    'abernathy',
    { name: 'Abernathy', services: ['gutters'], ...months('2025-01', '2025-12') },
  ],
  [
    'window cleaning last december wells ave',
    'zimmer',
    { services: ['windows'], street: 'Wells Ave', ...months('2025-12') },
  ],
  [
    'track detailing last winter Huntsville',
    'doyle zimmer',
    { services: ['tracks'], town: 'Huntsville', ...lastWinter },
  ],
  [
    'tracks hazel green february',
    'runnels',
    { services: ['tracks'], town: 'Hazel Green', ...months('2026-02') },
  ],
  [
    'tracks done in August in Owens Cross Roads',
    'oconnell',
    { services: ['tracks'], town: 'Owens Cross Roads', ...months('2026-08') },
  ],
  [
    'who had their gutters cleaned last fall in Owens Cross Roads',
    'hart',
    { services: ['gutters'], town: 'Owens Cross Roads', ...lastFall },
  ],
  [
    'gutter cleaning this fall Owens Cross Roads',
    'patel',
    { services: ['gutters'], town: 'Owens Cross Roads', ...thisFall },
  ],
  [
    'windows in owens cross roads this past summer',
    'hargrove oconnell',
    { services: ['windows'], town: 'Owens Cross Roads', ...thisSummer },
  ],
  [
    'pressure washing old big cove august 2025',
    'hargrove',
    { services: ['pressure'], street: 'Old Big Cove', ...months('2025-08') },
  ],
  [
    'elderly man pressure washing owens cross roads last year',
    'hargrove',
    {
      facts: ['customer_demographic elderly'],
      services: ['pressure'],
      town: 'Owens Cross Roads',
      ...months('2025-01', '2025-12'),
    },
  ],
  [
    'elderly customers windows in May Huntsville',
    'pickens',
    {
      facts: ['customer_demographic elderly'],
      services: ['windows'],
      town: 'Huntsville',
      ...months('2026-05'),
    },
  ],
  [
    'pressure washing gurley summer 2025',
    'brannon',
    { services: ['pressure'], town: 'Gurley', ...months('2025-06', '2025-08') },
  ],
  ['gurley gutters may', 'brannon', { services: ['gutters'], town: 'Gurley', ...months('2026-05') }],
  [
    'we cleaned gutters at a church last december',
    'church',
    { name: 'Church', services: ['gutters'], ...months('2025-12') },
  ],
  [
    'preschool pressure washing march',
    'preschool',
    { name: 'Preschool', services: ['pressure'], ...months('2026-03') },
  ],
  [
    'pressure washing harvest august 2025',
    'preschool',
    { services: ['pressure'], town: 'Harvest', ...months('2025-08') },
  ],
  [
    'windows on 5/12/2026 madison',
    'jane',
    { services: ['windows'], town: 'Madison', from: '2026-05-12', to: '2026-05-12' },
  ],
  [
    'who was on the schedule April 14 owens cross roads',
    'hart',
    { town: 'Owens Cross Roads', from: '2026-04-14', to: '2026-04-14' },
  ],
  [
    'customers in Brownsboro with windows and gutters in June',
    'nunez',
    { services: ['windows', 'gutters'], town: 'Brownsboro', ...months('2026-06') },
  ],
  [
    'windows brownsboro february',
    'hathcock',
    { services: ['windows'], town: 'Brownsboro', ...months('2026-02') },
  ],
  [
    'redstone property pressure washing september',
    'banks',
    { name: 'Redstone Property', services: ['pressure'], ...months('2026-09') },
  ],
  ['dental windows last month', 'dental', { name: 'Dental', services: ['windows'], ...lastMonth }],
  [
    'homeowners association pressure washing april',
    'ledges',
    { name: 'Homeowners Association', services: ['pressure'], ...months('2026-04') },
  ],
  [
    'screens and windows at the inn in march',
    'inn',
    { name: 'Inn', services: ['screens', 'windows'], ...months('2026-03') },
  ],
  [
    'spring 2025 windows caldwell',
    'whitfield',
    { services: ['windows'], street: 'Caldwell', ...months('2025-03', '2025-05') },
  ],
  [
    'hughes road windows june',
    'edwinHart',
    { services: ['windows'], street: 'Hughes Rd', ...months('2026-06') },
  ],
  [
    'whitfield gutters october 2025',
    'marthaWhitfield',
    { name: 'Whitfield', services: ['gutters'], ...months('2025-10') },
  ],
  [
    'pressure washing and gutters burgreen july',
    'castleberry',
    { services: ['pressure', 'gutters'], street: 'Burgreen', ...months('2026-07') },
  ],
  [
    'customers with gutters in Meridianville october last year',
    'sizemore',
    { services: ['gutters'], town: 'Meridianville', ...months('2025-10') },
  ],
  [
    'window cleaning athens december 2025',
    'mckissack',
    { services: ['windows'], town: 'Athens', ...months('2025-12') },
  ],
  [
    'gutters bailey cove in march',
    'steele',
    { services: ['gutters'], street: 'Bailey Cove', ...months('2026-03') },
  ],
  [
    'quarterly in decatur, windows in august',
    'xiong',
    { tag: 'quarterly', services: ['windows'], town: 'Decatur', ...months('2026-08') },
  ],
];
