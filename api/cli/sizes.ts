import { readSizes, type Sizes } from '../../core/jobs/size-queries.ts';
import type { Database } from '../../core/kernel/database/db.ts';

/** A job that is due is taken within seconds; after so many seconds nobody is there to take it. */
const longWait_seconds = 600;

/** The lines of `deskhand doctor` about what the installation carries, and what to do where it is too much. */
export async function describeSizes(db: Database): Promise<string> {
  return sizesAsText(await readSizes(db));
}

/** The same of figures that were read. */
export function sizesAsText({ bytes, tables, waiting, search_words, months, months_missing }: Sizes): string {
  const largest = tables.map(({ name, rows, bytes }) => `${name} ${sizeOf(bytes)} (${about(rows)} rows)`);
  const parts = [
    `${sizeOf(bytes)} in all; largest ${largest.join(', ')}`,
    describeWaiting(waiting),
    `${about(search_words)} different words of names`,
    months_missing
      ? `${months} parts of the history, and the next months are not made: start a worker (deskhand serve, or deskhand worker)`
      : `${months} parts of the history`,
  ];
  return parts.join('; ');
}

function describeWaiting({ jobs, oldest_seconds }: Sizes['waiting']): string {
  if (oldest_seconds === null) return 'no job waits';
  const many = `${about(jobs)} job${jobs === 1 ? '' : 's'} due, the first for ${lengthOf(oldest_seconds)}`;
  return oldest_seconds < longWait_seconds
    ? many
    : `${many}: nobody takes them, or too few do; start a worker (deskhand serve, or deskhand worker beside it)`;
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
