import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { packageRoot } from '../core/kernel/database/package-root.ts';
import { scaleStyle } from './calendar/grid.ts';
import { answerUnchanged, type Encoding, encodingOf } from './respond.ts';

/** The files pages may load, and no others. */
export interface Assets {
  /** The address of a file, with the hash of its content. Throws for a file that is not on the list. */
  url(name: string): string;
  /** Answers a request for a file; false when it is not on the list. */
  serve(request: Request, response: Response, name: string): boolean;
}

interface Asset {
  url: string;
  hash: string;
  type: string;
  /** As it goes over the wire, packed when somebody first asks for it: a start does not wait for that. */
  body(encoding: Encoding): Buffer;
}

const here = path.dirname(fileURLToPath(import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The parts of the style in the order in which they overrule each other. */
const styles = ['style.css', 'forms.css', 'lists.css', 'days.css', 'frame.css', 'close-out.css'];

/**
 * Reads the static files once, and compresses each once. A file's address holds the hash of its content, so a browser keeps it
 * for a year and fetches it anew exactly when it changed. Throws a sentence when the build is missing.
 */
export function loadAssets(): Assets {
  const files = new Map<string, Asset>();
  const add = (name: string, text: string) => files.set(name, makeAsset(name, text));
  const url = (name: string) => {
    const asset = files.get(name);
    if (!asset) throw new Error(`${name} is not a static file of the pages`);
    return asset.url;
  };
  // One file for all pages: the calendar follows the close-out, and each request takes long on one bar of signal.
  add('style.css', squeeze(styles.map(readStatic).join('')));
  // On one bar of signal the pages of the visits go without the grids, and without what the office alone sees.
  add('office.css', squeeze(readStatic('office.css')));
  add('analytics.css', squeeze(readStatic('analytics.css')));
  add('imports.css', squeeze(readStatic('imports.css')));
  add('calendar.css', `${squeeze(readStatic('calendar.css'))}${scaleStyle()}`);
  add('icon.svg', readStatic('icon.svg'));
  add('lines.js', readScript('lines.js'));
  add('live.js', readScript('live.js'));
  add('connect.js', readScript('connect.js'));
  add('book.js', readScript('book.js'));
  add('passkey.js', readScript('passkey.js'));
  add('puzzle.js', readScript('puzzle.js'));
  add('forget.js', readScript('forget.js'));
  add('command-bar.js', readScript('command-bar.js'));
  // Scripts name what they load without a hash; with it, a change reaches every browser at once.
  const withHash = (name: string, loaded: string) =>
    readScript(name).replaceAll(`/static/${loaded}`, url(loaded));
  add('calendar.js', readScript('calendar.js'));
  add('now.js', readScript('now.js'));
  add('find.js', withHash('find.js', 'command-bar.js'));
  add('redaction.js', readScript('redaction.js'));
  add('redact.js', withHash('redact.js', 'redaction.js'));
  add('close-out.js', readScript('close-out.js'));
  add('service-worker.js', withHash('service-worker.js', 'close-out.js'));
  return {
    url,
    serve(request, response, name) {
      const asset = files.get(name);
      if (asset) send(request, response, asset);
      return asset !== undefined;
    },
  };
}

// What the last build made, also when we run from the sources: those have the scripts in pieces.
const built = path.join(packageRoot, 'dist/web-review/static');

function readStatic(name: string): string {
  const own = path.join(here, 'static', name);
  return readFileSync(existsSync(own) ? own : path.join(built, name), 'utf8');
}

function readScript(name: string): string {
  const script = path.join(built, name);
  if (!existsSync(script)) throw new Error(`${script} is missing; run "npm run build" once.`);
  return readFileSync(script, 'utf8');
}

/** Without comments of whole lines, and without the room that makes a rule readable: nobody's browser needs them. */
const squeeze = (text: string): string =>
  text
    .replace(/^\s*\/\*[\s\S]*?\*\/\n/gm, '')
    .replace(/^\s+/gm, '')
    .replace(/^([\w-]+): /gm, '$1:')
    .replace(/ \{\n/g, '{')
    .replace(/;\n\}/g, '}')
    .replace(/([{},;(]|^[\w-]+:)\n/gm, '$1')
    .replace(/\n/g, ' ')
    .replace(/, /g, ',')
    .replace(/ > /g, '>')
    .replace(/\(([\w-]+): /g, '($1:')
    .replace(/@media \(/g, '@media(')
    .replace(/\) \{/g, '){')
    .replace(/(?<![\d.])0\.(?=\d)/g, '.');

function makeAsset(name: string, text: string): Asset {
  const plain = Buffer.from(text);
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  const packed = new Map<Encoding, Buffer>();
  return {
    url: `/static/${name}?v=${hash}`,
    hash,
    type: types[path.extname(name)] ?? 'application/octet-stream',
    body(encoding) {
      const known = packed.get(encoding);
      if (known) return known;
      const made = pack[encoding](plain);
      packed.set(encoding, made);
      return made;
    },
  };
}

const pack: Readonly<Record<Encoding, (plain: Buffer) => Buffer>> = {
  br: plain => brotliCompressSync(plain),
  gzip: plain => gzipSync(plain, { level: 9 }),
  identity: plain => plain,
};

function send(request: Request, response: Response, asset: Asset): void {
  const encoding = encodingOf(request);
  const etag = `"${asset.hash}-${encoding}"`;
  response.set({
    'Content-Type': asset.type,
    'Cache-Control': request.query.v === asset.hash ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
    ETag: etag,
  });
  if (request.get('if-none-match') === etag) {
    answerUnchanged(response);
    return;
  }
  if (encoding !== 'identity') response.set('Content-Encoding', encoding);
  const body = asset.body(encoding);
  response.set('Content-Length', String(body.length)).end(body);
}
