import type { SearchDocument } from '../kernel/search/document.ts';
import { phoneTerms } from '../kernel/words/phone.ts';

/** The words a person of the business is found by. */
export const memberDocument = (member: {
  id: string;
  name: string;
  email: string;
  role: string;
  phone: string | null;
}): SearchDocument => ({
  id: member.id,
  title: member.name,
  detail: [member.role, member.phone].filter(Boolean).join(', '),
  names: `${member.name} ${member.email}`,
  terms: [
    ...(member.phone ? phoneTerms(member.phone) : []),
    ...member.email.split(/[^\p{L}\p{N}]+/u),
    member.role,
  ].join(' '),
  body: '',
});
