import { oddDecimals } from '../words/money.ts';
import { type Sql, sql } from './sql.ts';

/** An amount in minor units as words of SQL: `662.00`, `662`, `0.662`, by the decimals of its currency (CFL-22). */
export function moneyText(amount: Sql, currency: Sql): Sql {
  const [whole = [], thousandths = []] = [oddDecimals[0], oddDecimals[3]];
  return sql`case
    when ${currency} = any (${[...whole]}::text[]) then to_char(${amount}, 'FM9G999G999G999G990')
    when ${currency} = any (${[...thousandths]}::text[])
      then to_char(${amount} / 1000.0, 'FM9G999G999G999G990D000')
    else to_char(${amount} / 100.0, 'FM9G999G999G999G990D00')
  end`;
}
