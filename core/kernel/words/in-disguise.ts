/**
 * Whether numbers are looked for that somebody has disguised, in words or in odd digits, and keys and links. The script of
 * the close-out is built without that: it has six kilobytes, and what it leaves the server takes out.
 */
export const IN_DISGUISE = true;
