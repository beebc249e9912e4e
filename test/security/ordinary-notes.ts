/** A generator of numbers below `below` that is the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Notes as people of a window-cleaning business write them, full of numbers none of which is a card's. */
export function ordinaryNotes(count: number, seed = 20_261_122): string[] {
  const roll = dice(seed);
  const of = <T>(items: readonly T[]): T => items[roll(items.length)] ?? of(items);
  const digits = (length: number) => Array.from({ length }, () => String(roll(10))).join('');
  const first = () => String(2 + roll(8));
  const phone = () => {
    const [area, office, line] = [first() + digits(2), first() + digits(2), digits(4)];
    return of([
      `(${area}) ${office}-${line}`,
      `${area}-${office}-${line}`,
      `${area}.${office}.${line}`,
      `${area} ${office} ${line}`,
      `+1 ${area} ${office} ${line}`,
      `1-${area}-${office}-${line} ext ${digits(4)}`,
      `+1${area}${office}${line}`,
      `${area}${office}${line}`,
      `+49 151 ${digits(8)}`,
      `+44 20 7946 0${digits(3)}`,
      `+33 6 ${digits(2)} ${digits(2)} ${digits(2)} ${digits(2)}`,
      `${office}-${line}`,
    ]);
  };
  const two = (most: number) => String(1 + roll(most)).padStart(2, '0');
  const date = () =>
    of([
      `20${two(30)}-${two(12)}-${two(28)}`,
      `${1 + roll(12)}/${1 + roll(28)}/20${two(30)}`,
      `${two(12)}-${two(28)}-20${two(30)}`,
      `${two(28)}.${two(12)}.20${two(30)}`,
      `20${two(30)}-${two(12)}-${two(28)}T${two(23)}:${two(59)}:${two(59)}Z`,
    ]);
  const price = () =>
    of([
      `$${1 + roll(9)},${digits(3)}.${digits(2)}`,
      `$${1 + roll(9_999)}`,
      `${1 + roll(999)}.${digits(2)} USD`,
    ]);
  const code = () => `${roll(10)}${digits(3)}`;
  const order = () =>
    of([
      `ORD-20${two(30)}${two(12)}${two(28)}-${digits(6)}`,
      `INV-20${two(30)}-${digits(4)}`,
      `PO ${digits(7)}`,
      `${digits(3)}-${digits(7)}-${digits(7)}`,
      `T-${2000 + roll(999)}, T-${2000 + roll(999)} and T-${2000 + roll(999)}`,
      `#${digits(5)}`,
      `ref ${digits(4)}-${digits(4)} and ${digits(4)}-${digits(4)}`,
      `17-${digits(3)}-${digits(2)}-${digits(4)}`,
    ]);
  const tracking = () =>
    of([
      `1Z${digits(16)}`,
      `9400${digits(18)}`,
      `9205 ${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(2)}`,
      `TBA${digits(12)}`,
      `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`,
    ]);
  const letter = () => of([...'ABCDEFGHJKLMNPRSTUVWXYZ']);
  const vin = () => `1${letter()}${letter()}${letter()}M${digits(5)}3${letter()}${digits(6)}`;
  const measure = () =>
    of([
      `${20 + roll(90)}x${20 + roll(90)} inches`,
      `${100 + roll(900)} × ${10 + roll(90)} × ${1000 + roll(9000)} mm`,
      `${100 + roll(900)}*${10 + roll(90)}*${1000 + roll(9000)}`,
      `${1000 + roll(4000)} sq ft, ${1 + roll(4)} floors, ${1 + roll(60)} panes`,
    ]);
  const place = () =>
    of([
      `${1 + roll(9999)} Oak Street, Madison AL 35${digits(3)}-${digits(4)}`,
      `${34 + roll(2)}.${digits(6)}, -86.${digits(6)}`,
      `${1 + roll(999)} 4th Ave #${digits(3)}, ${digits(5)}`,
      `${4000 + roll(99)} to ${4100 + roll(99)} Main`,
    ]);
  const pieces = [
    () => `Call ${phone()} or ${phone()}.`,
    () => `Mobile ${phone()} / office ${phone()}, after ${1 + roll(12)}:${two(59)}.`,
    () => `Paid ${price()} on ${date()}, rest ${price()} by check ${digits(4)}.`,
    () => `Prices: ${price()}, ${price()}, ${price()}, ${price()}.`,
    () => `Order ${order()}, was ${order()}.`,
    () => `Gate code ${code()}, lockbox ${code()}, alarm ${code()} and garage ${code()}.`,
    () => `Codes ${code()}, ${code()} and ${code()}.`,
    () => `Tracking ${tracking()}, VIN ${vin()}.`,
    () => `Windows ${measure()}, ${measure()}.`,
    () => `At ${place()}.`,
    () => `Transfer to ${iban(of(['DE', 'PL', 'GB', 'FR']), digits)}.`,
    () => `Card declined on ${date()}, call ${phone()} about ${price()}.`,
    () => `Visits ${date()}, ${date()} and ${date()}; ${roll(24)} screens, ${roll(9)} doors.`,
    () =>
      `Rooms ${Array.from({ length: 5 + roll(5) }, (_, at) => at + 1).join(' ')}; two or three screens each.`,
  ];
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + roll(4) }, () => of(pieces)()).join(of([' ', '\n', '  '])),
  );
}

/** An account number with true check digits, in groups of four or in one piece. */
function iban(country: string, digits: (length: number) => string): string {
  const account = country === 'GB' ? `NWBK${digits(14)}` : digits(country === 'PL' ? 24 : 18);
  const value = (text: string) =>
    [...text].reduce((rest, letter) => {
      const number = Number.parseInt(letter, 36);
      return (rest * (number > 9 ? 100 : 10) + number) % 97;
    }, 0);
  const check = String(98 - value(`${account}${country}00`)).padStart(2, '0');
  const whole = `${country}${check}${account}`;
  return Number(check) % 2 === 0 ? whole : (whole.match(/.{1,4}/g) ?? []).join(' ');
}
