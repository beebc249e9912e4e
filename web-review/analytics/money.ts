/** `+12 %`, `−3 %`, `–` where there is nothing to compare with. */
export function changeSaid(percent: number | null): string {
  if (percent === null) return '–';
  const much = Math.abs(percent);
  const digits = much >= 10 ? 0 : 1;
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${much.toFixed(digits)} %`;
}
