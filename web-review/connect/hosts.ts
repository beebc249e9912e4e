// The programs in which owners talk to an assistant, and how each is told of a Deskhand: the page `/connect` and the README show
// this table and nothing else. Every way was looked up in the program's own documentation on 2026-11-24; `sources` says where.

/** What a way is made with. */
export interface Place {
  /** The endpoint: `https://crm.example.com/mcp`. */
  address: string;
  /** The key that was just made; words in its place when there is none to show. */
  key: string;
}

/** Something to paste. */
export interface Block {
  /** Where it goes: a file, or `a terminal`. */
  where: string;
  format: 'json' | 'toml' | 'shell';
  text: string;
}

/** One way to connect. */
export interface Way {
  steps: readonly string[];
  block?: Block;
  /** Opens the program with everything filled in, or its page where that is done; a path of ours is a file to take. */
  link?: { label: string; href: string };
}

export interface Host {
  id: string;
  name: string;
  /** Whether the program calls from the servers of its maker: then it reaches no address of this computer alone. */
  callsFromOutside: boolean;
  /** By the address alone: the person signs in here and allows it. */
  byAddress(place: Place): Way;
  /** By a key of an assistant, where the program takes one. */
  byKey?(place: Place): Way;
  sources: readonly string[];
}

/** Stands where a key belongs, as long as none is shown. */
export const keyWords = 'YOUR_KEY';

/** The file of `/connect` for programs that start one of their own. */
export const bridgeFile = 'deskhand-mcp.mjs';
export const bundleFile = 'deskhand.mcpb';

const name = 'deskhand';
const json = (value: unknown) => JSON.stringify(value, null, 2);
const bearer = (key: string) => `Bearer ${key}`;

export const hosts: readonly Host[] = [
  {
    id: 'claude',
    name: 'Claude',
    callsFromOutside: true,
    byAddress: () => ({
      steps: [
        'Open Customize, then Connectors, then + and Add custom connector.',
        'Call it Deskhand, paste the address, and press Add.',
        'Press Connect, sign in here, and allow it. Now it is there on the web, the desktop and the phone.',
      ],
    }),
    byKey: () => ({
      steps: [
        'Take the file and open it with Claude on your computer (or: Settings, Extensions, Advanced settings, Install Extension).',
        'It asks for the key, and keeps it out of sight.',
      ],
      link: { label: `Take ${bundleFile}`, href: `/connect/${bundleFile}` },
    }),
    // Customize > Connectors > + > Add custom connector; plans; "will not connect to remote servers that are configured directly via
    // claude_desktop_config.json". The extension: MCPB files, opened or by Install Extension.
    sources: [
      'https://support.claude.com/en/articles/11175166-getting-started-with-custom-connectors-using-remote-mcp',
      'https://support.claude.com/en/articles/11503834-building-custom-connectors-via-remote-mcp-servers',
      'https://github.com/anthropics/mcpb/blob/main/MANIFEST.md',
    ],
  },
  {
    id: 'chatgpt',
    name: 'ChatGPT',
    callsFromOutside: true,
    byAddress: () => ({
      steps: [
        'On the web, open Settings, Security and login, and turn on Developer mode.',
        'Open Plugins, press +, then Add custom MCP server. Call it Deskhand and paste the address as Server URL; leave Authentication on OAuth.',
        'Press I understand and want to continue, then Create as a plugin. Sign in here and allow it.',
      ],
      link: { label: 'Open ChatGPT Plugins', href: 'https://chatgpt.com/plugins' },
    }),
    // Authentication there is OAuth or none: no key.
    sources: [
      'https://developers.openai.com/api/docs/guides/custom-mcp-server',
      'https://developers.openai.com/plugins/quickstart',
    ],
  },
  {
    id: 'claude-code',
    name: 'Claude Code',
    callsFromOutside: false,
    byAddress: ({ address }) => ({
      steps: ['Type this in a terminal.', 'In Claude Code, type /mcp, choose deskhand, and Authenticate.'],
      block: {
        where: 'a terminal',
        format: 'shell',
        text: `claude mcp add --transport http --scope user ${name} ${address}`,
      },
    }),
    byKey: ({ address, key }) => ({
      steps: ['Type this in a terminal, with the key in it.'],
      block: {
        where: 'a terminal',
        format: 'shell',
        // --header takes everything that follows, so it comes last, as in the documentation's own example.
        text: `claude mcp add --transport http --scope user ${name} ${address} --header "Authorization: ${bearer(key)}"`,
      },
    }),
    sources: ['https://code.claude.com/docs/en/mcp'],
  },
  {
    id: 'vscode',
    name: 'VS Code with Copilot',
    callsFromOutside: false,
    byAddress: ({ address }) => ({
      steps: [
        'The button opens VS Code: press Install. Or paste this into mcp.json (MCP: Open User Configuration).',
        'When it starts, sign in here and allow it.',
      ],
      block: {
        where: 'mcp.json',
        format: 'json',
        text: json({ servers: { [name]: { type: 'http', url: address } } }),
      },
      link: {
        label: 'Open in VS Code',
        href: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, type: 'http', url: address }))}`,
      },
    }),
    byKey: ({ address }) => ({
      steps: [
        'Paste this into mcp.json. VS Code asks for the key when it starts, and keeps it out of sight.',
      ],
      block: {
        where: 'mcp.json',
        format: 'json',
        text: json({
          inputs: [
            { type: 'promptString', id: 'deskhand-key', description: 'Key of the assistant', password: true },
          ],
          servers: {
            [name]: {
              type: 'http',
              url: address,
              headers: { Authorization: bearer(`\${input:deskhand-key}`) },
            },
          },
        }),
      },
    }),
    sources: [
      'https://code.visualstudio.com/docs/copilot/reference/mcp-configuration',
      'https://code.visualstudio.com/api/extension-guides/ai/mcp',
    ],
  },
  {
    id: 'cursor',
    name: 'Cursor',
    callsFromOutside: false,
    byAddress: ({ address }) => ({
      steps: [
        'The button opens Cursor: press Install. Or paste this into .cursor/mcp.json in your home folder.',
        'In Customize, press Connect beside deskhand; sign in here and allow it.',
      ],
      block: {
        where: '~/.cursor/mcp.json',
        format: 'json',
        text: json({ mcpServers: { [name]: { url: address } } }),
      },
      link: {
        label: 'Open in Cursor',
        href: `cursor://anysphere.cursor-deeplink/mcp/install?${new URLSearchParams({ name, config: btoa(JSON.stringify({ url: address })) })}`,
      },
    }),
    byKey: ({ address }) => ({
      steps: [
        'Take the file, which needs Node.js 20 or newer, and say below where it lies. Put the key into the variable DESKHAND_KEY of your computer.',
      ],
      link: { label: `Take ${bridgeFile}`, href: `/connect/${bridgeFile}` },
      block: {
        where: '~/.cursor/mcp.json',
        format: 'json',
        // Not as a header: where a server lets people sign in, Cursor does that and sends no header of its own.
        text: json({
          mcpServers: {
            [name]: {
              command: 'node',
              args: [`\${userHome}/Downloads/${bridgeFile}`, address],
              env: { DESKHAND_KEY: `\${env:DESKHAND_KEY}` },
            },
          },
        }),
      },
    }),
    sources: [
      'https://cursor.com/docs/mcp',
      'https://cursor.com/docs/mcp/install-links',
      'https://zuplo.com/learn/mcp/compatibility/clients/cursor',
    ],
  },
  {
    id: 'codex',
    name: 'Codex',
    callsFromOutside: false,
    byAddress: ({ address }) => ({
      steps: [
        'Type this in a terminal. The browser opens: sign in here, and allow it.',
        'No browser? Type codex mcp login deskhand.',
      ],
      block: {
        where: 'a terminal',
        format: 'shell',
        text: `codex mcp add ${name} --url ${address}`,
      },
    }),
    byKey: ({ address }) => ({
      steps: [
        'Paste this into .codex/config.toml in your home folder, and put the key into the variable DESKHAND_KEY.',
      ],
      block: {
        where: '~/.codex/config.toml',
        format: 'toml',
        text: `[mcp_servers.${name}]\nurl = "${address}"\nbearer_token_env_var = "DESKHAND_KEY"`,
      },
    }),
    sources: ['https://developers.openai.com/codex/mcp'],
  },
];
