import { z } from 'zod';
import { catalog, moreServices, timeZone } from './demo.ts';
import type { Known } from './known.ts';
import { newCustomer, type Person } from './person.ts';
import { act, list, type Scene } from './scene.ts';
import type { Happening, Week } from './year.ts';

const made = z.object({ id: z.string() });

const services = {
  windows: catalog[1].name,
  outside: moreServices[0].name,
  screens: catalog[2].name,
  gutters: catalog[0].name,
} as const;

/** Does what happened in a week by the ordinary actions, each at its time. */
export async function carryOut(scene: Scene, known: Known, { happened }: Week): Promise<void> {
  for (const one of happened) {
    scene.setClock(endOf(one).toZonedDateTime(timeZone).toInstant());
    await happen(scene, known, one);
  }
}

/** A visit is written down when it is over. */
const endOf = (one: Happening) => (one.what === 'visit' ? one.at.add({ minutes: one.minutes }) : one.at);

async function happen(scene: Scene, known: Known, one: Happening): Promise<void> {
  const { olivia, dana } = scene;
  switch (one.what) {
    case 'customer': {
      if (!known.people.has(one.person.number)) await addCustomer(scene, known, one.person);
      return;
    }
    case 'visit': {
      const contact_id = known.people.get(one.person);
      if (contact_id === undefined) return;
      const { id } = made.parse(
        await act(scene, dana, 'ticket.record_visit', {
          contact_id,
          scheduled_at: one.at.toString(),
          duration_minutes: one.minutes,
          technician_ids: [scene.technicians[one.technician]],
          lines: one.lines.map(({ service, ...line }) => ({ service_id: services[service], ...line })),
          close: {},
        }),
      );
      known.visits.set(one.visit, id);
      return;
    }
    case 'bill': {
      const ticket_id = known.visits.get(one.visit);
      if (ticket_id === undefined) return;
      const { id } = made.parse(await act(scene, dana, 'invoice.create_from_ticket', { ticket_id }));
      await act(scene, dana, 'invoice.finalize', { invoice_id: id });
      known.bills.set(ticket_id, id);
      return;
    }
    case 'payment': {
      const invoice_id = billOf(known, one.visit);
      if (invoice_id === undefined) return;
      const [bill] = await list(scene, 'invoices', { id: invoice_id, include: ['balance'] });
      const { balance } = z.object({ balance: z.object({ due_cents: z.number() }) }).parse(bill);
      if (balance.due_cents === 0) return;
      const { method, note } = one;
      await act(scene, dana, 'invoice.record_payment', {
        invoice_id,
        amount_cents: balance.due_cents,
        method,
        ...(note === undefined ? {} : { note }),
      });
      return;
    }
    case 'refund': {
      const invoice_id = billOf(known, one.visit);
      if (invoice_id === undefined) return;
      const [payment] = await list(scene, 'payments', { params: { invoice_id }, fields: ['id'] });
      if (!payment) return;
      const given = { payment_id: payment.id, amount_cents: one.cents, reason: 'goodwill', method: 'cash' };
      await act(scene, olivia, 'payment.refund', { ...given, note: 'A window had to be done twice' });
      return;
    }
    case 'call': {
      const contact_id = known.people.get(one.person);
      if (contact_id === undefined) return;
      const { subject, body } = one;
      const call = { type: 'phone_call', direction: 'inbound', outcome: 'spoke', subject, body };
      await act(scene, dana, 'interaction.create', { contact_id, ...call });
      return;
    }
    case 'inquiry': {
      const lead = await act(scene, dana, 'lead.create', {
        full_name: one.name,
        phone: one.phone,
        raw_notes: one.words,
        source: 'phone_call',
        extract: 'no',
        follow_up: !one.lost,
      });
      if (one.lost) await act(scene, dana, 'lead.disqualify', { lead_id: lead.id, reason: 'no_response' });
    }
  }
}

const billOf = ({ visits, bills }: Known, visit: string): string | undefined =>
  bills.get(visits.get(visit) ?? '');

/** Writes a customer of the history down, with address and what there is to know. */
export async function addCustomer(scene: Scene, known: Known, person: Person): Promise<void> {
  const { remark, number } = person;
  const { id } = made.parse(await act(scene, scene.dana, 'contact.create', newCustomer(person)));
  known.people.set(number, id);
  if (remark !== undefined) await act(scene, scene.dana, 'note.create', { contact_id: id, content: remark });
}
