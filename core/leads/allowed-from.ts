import { invalid } from '../kernel/words/errors.ts';

const host = /^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/;

/**
 * Websites as somebody writes them (`https://www.brightpanes.example/contact`, several with commas or blanks between) as the
 * hosts they stand on, in one line: `brightpanes.example`. Throws VALIDATION_ERROR at `allowed_from` for what is no website.
 */
export function readWebsites(text: string): string {
  const hosts = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(word => {
      const name = word.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
      if (host.test(name)) return withoutWww(name);
      throw invalid('allowed_from', 'This is not the name of a website.', {
        got: word.slice(0, 80),
        hint: 'Such as brightpanes.example; several with commas between.',
      });
    });
  return [...new Set(hosts)].join(', ');
}

const withoutWww = (name: string): string => name.replace(/^www\./, '');

/**
 * Whether a form may be filled in on the page that sends it. A browser that says nothing of its page is let in: whoever is not
 * a browser could say anything, and no inquiry is to be lost for a setting of privacy. Our own pages always may.
 */
export function isAllowedFrom(
  allowed: string | null,
  { page, own }: { page: string | undefined; own: string },
): boolean {
  if (!allowed || page === undefined || !URL.canParse(page)) return true;
  const url = new URL(page);
  return url.host === new URL(own).host || allowed.split(', ').includes(withoutWww(url.host));
}
