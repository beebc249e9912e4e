import { describe, expect, test } from 'vitest';
import { type Block, hosts, keyWords, type Way } from '../../web-review/connect/hosts.ts';

const address = 'https://crm.example.com/mcp';
const place = { address, key: keyWords };
const ways = hosts.flatMap(({ name, byAddress, byKey }): [string, Way][] => [
  [`${name} by its address`, byAddress(place)],
  ...(byKey ? [[`${name} with a key`, byKey(place)] satisfies [string, Way]] : []),
]);
const blocks = ways.flatMap(([name, { block }]) => (block ? [{ name, block }] : []));

/** The words of a command as a shell splits them. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** A file of tables with plain texts, which is all a block of ours has; TOML writes these texts as JSON does. */
function parseToml(text: string): Record<string, Record<string, unknown>> {
  const tables: Record<string, Record<string, unknown>> = {};
  let table: Record<string, unknown> | undefined;
  for (const line of text.split('\n')) {
    const head = /^\[([\w.-]+)\]$/.exec(line)?.[1];
    const [, name, value] = /^(\w+) = ("(?:[^"\\]|\\.)*")$/.exec(line) ?? [];
    if (head !== undefined) table = tables[head] = {};
    else if (table && name !== undefined && value !== undefined) table[name] = JSON.parse(value);
    else throw new Error(`no TOML: ${line}`);
  }
  return tables;
}

const parse = ({ format, text }: Block): unknown =>
  format === 'json' ? JSON.parse(text) : format === 'toml' ? parseToml(text) : wordsOf(text);

test('six programs are told how, each by its address, most with a key as well', () => {
  expect(hosts.map(({ name }) => name)).toEqual([
    'Claude',
    'ChatGPT',
    'Claude Code',
    'VS Code with Copilot',
    'Cursor',
    'Codex',
  ]);
  expect(hosts.filter(({ byKey }) => byKey)).toHaveLength(5);
  for (const { sources } of hosts) for (const source of sources) expect(URL.canParse(source)).toBe(true);
});

test.each(blocks)(
  'what $name takes can be read as what it is, names the address and holds no secret',
  ({ block }) => {
    const read = JSON.stringify(parse(block));
    expect(read).toContain(address);
    expect(read).not.toMatch(/dh_[\w-]{8}/);
    // Whatever stands beside "Bearer" is to be filled in or asked for.
    for (const [, beside = ''] of read.matchAll(/Bearer ([^"\\]+)/g))
      expect(beside).toMatch(/^(YOUR_KEY|\$\{input:deskhand-key\})$/);
  },
);

describe('the formats, as each program documents them', () => {
  const blockOf = (id: string, way: 'byAddress' | 'byKey') => {
    const block = hosts.find(host => host.id === id)?.[way]?.(place).block;
    if (!block) throw new Error(`${id} has no block`);
    return parse(block);
  };

  test('Claude Code: options, then the name, then the address, and the header last', () => {
    const start = ['claude', 'mcp', 'add', '--transport', 'http', '--scope', 'user', 'deskhand', address];
    expect(blockOf('claude-code', 'byAddress')).toEqual(start);
    expect(blockOf('claude-code', 'byKey')).toEqual([...start, '--header', 'Authorization: Bearer YOUR_KEY']);
  });

  test('VS Code: servers of the type http; the key is an input that is asked for', () => {
    expect(blockOf('vscode', 'byAddress')).toEqual({ servers: { deskhand: { type: 'http', url: address } } });
    expect(blockOf('vscode', 'byKey')).toMatchObject({
      inputs: [{ type: 'promptString', id: 'deskhand-key', password: true }],
      servers: { deskhand: { type: 'http', url: address, headers: { Authorization: expect.any(String) } } },
    });
  });

  test('Cursor: an address, or a program of this computer that gets the key from its surroundings', () => {
    expect(blockOf('cursor', 'byAddress')).toEqual({ mcpServers: { deskhand: { url: address } } });
    expect(blockOf('cursor', 'byKey')).toMatchObject({
      mcpServers: { deskhand: { command: 'node', env: { DESKHAND_KEY: `\${env:DESKHAND_KEY}` } } },
    });
  });

  test('Codex: a table with an address, and the name of the variable that holds the key', () => {
    expect(blockOf('codex', 'byAddress')).toEqual(['codex', 'mcp', 'add', 'deskhand', '--url', address]);
    expect(blockOf('codex', 'byKey')).toEqual({
      'mcp_servers.deskhand': { url: address, bearer_token_env_var: 'DESKHAND_KEY' },
    });
  });
});

describe('a button', () => {
  const linkOf = (id: string) => hosts.find(host => host.id === id)?.byAddress(place).link?.href ?? '';

  test('opens VS Code with the address filled in', () => {
    const [, given = ''] = /^vscode:mcp\/install\?(.*)$/.exec(linkOf('vscode')) ?? [];
    expect(JSON.parse(decodeURIComponent(given))).toEqual({ name: 'deskhand', type: 'http', url: address });
  });

  test('opens Cursor with the address filled in', () => {
    const link = new URL(linkOf('cursor'));
    expect(`${link.protocol}//${link.host}${link.pathname}`).toBe(
      'cursor://anysphere.cursor-deeplink/mcp/install',
    );
    expect(link.searchParams.get('name')).toBe('deskhand');
    expect(JSON.parse(atob(link.searchParams.get('config') ?? ''))).toEqual({ url: address });
  });

  test('holds no key', () => {
    for (const [, { link }] of ways) expect(link?.href ?? '').not.toMatch(/dh_|bearer|YOUR_KEY/i);
  });
});
