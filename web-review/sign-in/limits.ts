import { addressKey, type Span, Spans } from '../../core/kernel/outside/spans.ts';

/** How often links may be asked for and used in a quarter of an hour before it costs more than pressing a button. */
export interface LinkLimits {
  per_ip: number;
  per_address: number;
}

export const windowMinutes = 15;
const longestDelay_ms = 5_000;

/** What asking for one more link costs. */
export interface Asked {
  /** How many times too often this came from here; 0 when it did not. */
  excess: number;
  /** When that ends. */
  until_ms: number;
  /** How long it takes, because links to this e-mail address are asked for from everywhere. */
  delay_ms: number;
}

/**
 * Counts who asks for links. A network address, and an e-mail address as far as it is asked for from there, that come too
 * often are asked a puzzle; an e-mail address that is asked for from everywhere only becomes slower. So nobody is shut out
 * of their own business by a stranger, also not one behind the same proxy. Known and unknown addresses count alike.
 */
export function limitLinks(limits: LinkLimits) {
  const windows = () => new Spans(windowMinutes * 60_000);
  const [byIp, byPair, byAccount, dead] = [windows(), windows(), windows(), windows()];
  const times = ({ count }: Span, most: number) => (count > most ? count / most : 0);
  return {
    ask(ip: string, email: string): Asked {
      const key = addressKey(ip);
      const ofIp = byIp.count(key);
      const ofPair = byPair.count(`${key} ${email}`);
      const beyond = byAccount.count(email).count - 2 * limits.per_address;
      return {
        excess: Math.max(times(ofIp, limits.per_ip), times(ofPair, limits.per_address)),
        until_ms: Math.max(ofIp.until_ms, ofPair.until_ms),
        delay_ms: beyond > 0 ? Math.min(longestDelay_ms, beyond * 250) : 0,
      };
    },
    /** Counts a link that does not work; answers whether there were too many. A good one is never counted. */
    isGuessing: (ip: string): boolean => dead.count(addressKey(ip)).count > limits.per_ip,
  };
}
