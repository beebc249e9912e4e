import { type ActionCall, type Credential, callAction } from '../support/call-action.ts';

interface Sent {
  call: ActionCall & { idempotency_key: string };
  /** The id in the answer; undefined while nobody knows whether it was done. */
  id?: string;
}

/**
 * Somebody who keeps writing to a server that dies: adds customers and books a visit for each, which sends a mail. What
 * was not answered is sent again to the next server, with the same idempotency key.
 */
export class WriteLoop {
  readonly #who: Credential;
  readonly #sent: Sent[] = [];
  /** Customers who have no visit yet. */
  readonly #unbooked: string[] = [];

  constructor(who: Credential) {
    this.#who = who;
  }

  /** The ids of everything that was answered as done. */
  acknowledged(action: string): string[] {
    return this.#sent.flatMap(({ call, id }) => (call.action === action && id !== undefined ? [id] : []));
  }

  count(action: string): number {
    return this.#sent.filter(({ call }) => call.action === action).length;
  }

  /** Writes with four calls in flight; tells when so many were answered, and goes on until the server is gone. */
  async writeUntilGone(baseUrl: string, answers: number, told: () => void): Promise<void> {
    let left = answers;
    const waiting = this.#unanswered();
    const lane = async () => {
      while (await this.#send(baseUrl, waiting.shift() ?? this.#next())) {
        left -= 1;
        if (left === 0) told();
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    if (left > 0) throw new Error(`the server took only ${answers - left} of ${answers} calls`);
  }

  /** Sends again what was not answered; answers how much that was. Throws when the server does not take it. */
  async finish(baseUrl: string): Promise<number> {
    const waiting = this.#unanswered();
    for (const sent of waiting) {
      if (!(await this.#send(baseUrl, sent))) throw new Error(`not taken: ${JSON.stringify(sent.call)}`);
    }
    return waiting.length;
  }

  #unanswered(): Sent[] {
    return this.#sent.filter(({ id }) => id === undefined);
  }

  #next(): Sent {
    const n = this.#sent.length;
    const sent: Sent = { call: { ...this.#plan(n), idempotency_key: `call ${n}` } };
    this.#sent.push(sent);
    return sent;
  }

  #plan(n: number): ActionCall {
    const contact_id = this.#unbooked.shift();
    if (contact_id === undefined) {
      const data = { full_name: `Customer ${n}`, email: `customer-${n}@example.com` };
      return { action: 'contact.create', data };
    }
    const scheduled_at = new Date(Date.now() + (30 + (n % 100)) * 86_400_000).toISOString();
    return { action: 'ticket.create', data: { contact_id, scheduled_at, notify_customer: true } };
  }

  /** False when no answer came or the server could not do it now. */
  async #send(baseUrl: string, sent: Sent): Promise<boolean> {
    const answer = await callAction(baseUrl, this.#who, sent.call).catch(() => undefined);
    if (answer === undefined || answer.error?.code === 'UNAVAILABLE') return false;
    if (answer.status !== 200) throw new Error(`an answer nobody expects: ${JSON.stringify(answer)}`);
    sent.id = String(answer.data?.id);
    if (sent.call.action === 'contact.create') this.#unbooked.push(sent.id);
    return true;
  }
}
