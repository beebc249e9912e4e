const link = /\bhttps?:\/\/|\bwww\.\p{L}/giu;
const markup = /<a\s|<\/a>|\[url[=\]]|\[link[=\]]/iu;

/**
 * Whether what came in by a form is what no customer writes: links where a name belongs, markup for links, or a list of
 * links. A link or two to one's own house or shop is fine.
 */
export function isLinkSpam(form: { name: string; description: string }): boolean {
  const links = form.description.match(link) ?? [];
  return links.length > 3 || markup.test(form.description) || /https?:|www\./iu.test(form.name);
}
