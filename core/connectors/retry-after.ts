/** `Retry-After` in its two forms, a number of seconds or a date, as seconds from now; 0 when there is none. */
export function secondsOf(retryAfter: string | null | undefined): number {
  if (!retryAfter) return 0;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const until = Date.parse(retryAfter);
  return Number.isNaN(until) ? 0 : Math.max(0, (until - Date.now()) / 1000);
}
