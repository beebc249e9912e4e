/**
 * Whether a name is one: a few words of letters, as people are called. No number, address or link is, nor a dot with more
 * behind it than a space, nor a text that is longer than names are.
 */
export const isPlainName = (name: string): boolean =>
  name.length <= 60 && /^[\p{L}\p{M}’'-]+\.?(?: [\p{L}\p{M}’'&-]+\.?){0,4}$/u.test(name);
