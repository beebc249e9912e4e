import type { Sizes } from '../../core/jobs/size-queries.ts';

/** A job that is due is taken within seconds; after so many seconds nobody is there to take it. */
const longWait_seconds = 600;

/** The line of `deskhand doctor` about what the installation carries. */
export function sizesAsText({ bytes, tables, search_words, months }: Sizes): string {
  const largest = tables.map(({ name, rows, bytes }) => `${name} ${sizeOf(bytes)} (${about(rows)} rows)`);
  return [
    `${sizeOf(bytes)} in all; largest ${largest.join(', ')}`,
    `${about(search_words)} different words of names`,
    `${months} parts of the history`,
  ].join('; ');
}

/** The line about what is to be done by a worker. Throws what to do when nobody seems to do it. */
export function describeWork({ waiting: { jobs, oldest_seconds }, months_missing }: Sizes): string {
  const many =
    oldest_seconds === null
      ? 'no job waits'
      : `${about(jobs)} job${jobs === 1 ? '' : 's'} due, the first for ${lengthOf(oldest_seconds)}`;
  if ((oldest_seconds ?? 0) >= longWait_seconds)
    throw new Error(
      `${many}: nobody takes them, or too few do; start a worker (deskhand serve, or deskhand worker beside it).`,
    );
  if (months_missing)
    throw new Error(
      'the next months of the history are not made; start a worker (deskhand serve, or deskhand worker).',
    );
  return many;
}

const about = (count: number): string => count.toLocaleString('en-US');

function lengthOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

function sizeOf(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 10 ? Math.round(size) : Math.round(size * 10) / 10} ${units[unit]}`;
}
