import { Command } from 'commander';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { readConfigBesideServer } from '../address.ts';
import { readConfig } from '../config.ts';
import { ConfigError } from '../settings/values.ts';
import { readVersion } from '../version.ts';
import { sayWhatRuns, startPlainly } from './leftovers.ts';
import { sentenceOf } from './sentence.ts';
import { printForWhoeverReads } from './unread.ts';

printForWhoeverReads();
sayWhatRuns();
const version = readVersion();

const program = new Command('deskhand')
  .description('A CRM for service businesses whose office manager is an LLM agent.')
  .version(version)
  .showHelpAfterError()
  .configureHelp({ visibleCommands: leavesOf, subcommandTerm: termOf })
  .addHelpText(
    'after',
    `
Environment:
  PORT, HOST, BASE_URL   where the server listens, and the address people use (3000, 127.0.0.1, http://HOST:PORT)
  DATABASE_CONNECTIONS   how many a server (20) or worker (10) opens at most
  PREPARED_STATEMENTS    1 or 0, else prepared where the connection keeps them
  TRUSTED_PROXIES        addresses and ranges of proxies in front (127.0.0.1,10.0.0.0/8), else everybody has theirs
  DESKHAND_DATA          folder of the embedded database and the outbox (./data)
  DATABASE_PATIENCE      seconds a call waits for a database that has gone (10)
  DATABASE_URL           another PostgreSQL, 15 or newer; DATABASE_OWNER_URL for migrations when its login may not;
                         DATABASE_PASSWORD, when it is not in the address; REPLICA_URL, where the history may be read
  DESKHAND_DEMO          0 leaves the demo business out, small its history
  DESKHAND_SECRET        seals secrets and signs links, else a file in DESKHAND_DATA
  DESKHAND_WORKER        0 when "deskhand worker" runs in a process of its own
  DESKHAND_COMMAND       how commands are called, in what "serve" prints (npx deskhand)
  DESKHAND_KEY           the agent's key for "deskhand mcp"; DESKHAND_URL, the server it speaks to when that is elsewhere
  RESEND_API_KEY         sends e-mail through Resend; or SMTP_URL through a mail server; either needs MAIL_FROM
  MAIL_PER_SECOND        how many mails a second that takes: 2 through Resend, no limit through a mail server
  RESEND_WEBHOOK_SECRET  signs what Resend tells; STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET let bills be paid online
  CALLS_PER_MINUTE       how often a key or a browser may call (1200), all servers together
  LLM_BASE_URL           a language model, OpenAI-compatible, with LLM_MODEL and LLM_API_KEY; rules take its place
  METRICS_TOKEN          shows /metrics to whoever has it; WORKER_PORT where "deskhand worker" answers health checks
  OTEL_EXPORTER_OTLP_ENDPOINT   a collector of traces (OpenTelemetry)
  LOG_LEVEL              info, debug, warn, error, silent`,
  );

// Each command loads its own part: "deskhand key create" need not read the web server.
program
  .command('serve')
  .description('start everything: database, pages, API, MCP endpoint, worker (also without any command)')
  .action(async () => {
    // Read first: loading the server takes longer than finding a wrong value.
    const config = readConfig();
    startPlainly();
    await (await import('./serve.ts')).serve(config);
    endNow();
  });

program
  .command('mcp')
  .description('serve one MCP client over stdin and stdout, with the key in DESKHAND_KEY')
  .option('--key <key>', 'the agent’s key, instead of DESKHAND_KEY')
  .option('--url <address>', 'a server somewhere else, instead of this installation (DESKHAND_URL)')
  .action(async ({ key, url = process.env.DESKHAND_URL }: { key?: string; url?: string }) =>
    url
      ? (await import('./mcp-bridge.ts')).bridgeTo(url, key)
      : (await import('./mcp.ts')).mcp(readConfigBesideServer(), key),
  );

program
  .command('worker')
  .description('deliver the outbox in a process of its own')
  .action(async () => {
    startPlainly();
    await (await import('./worker.ts')).worker(readConfigBesideServer());
    endNow();
  });

program
  .command('migrate')
  .description('bring the database to the newest schema')
  .action(async () => (await import('./migrate.ts')).runMigrations(readConfig()));

program
  .command('demo')
  .description('create the demo business, unless it is there')
  .action(async () => (await import('./demo.ts')).demo(readConfig()));

const business = program.command('business').description('the businesses of this installation');
business
  .command('create <name>')
  .description('found a business with its owner')
  .requiredOption('--owner <email>', 'sign-in address of the owner')
  .option('--owner-name <name>', 'how the owner is called')
  .option('--slug <slug>', 'short name for the command line')
  .option('--time-zone <zone>', 'such as America/Chicago')
  .option('--currency <code>', 'such as USD', 'USD')
  .option('--country <code>', 'such as US', 'US')
  .action(async (name, options) =>
    (await import('./business.ts')).createBusiness(readConfig(), name, options),
  );

const key = program.command('key').description('keys of agents');
key
  .command('create')
  .description('make a key for an agent and print only the key')
  .requiredOption('--agent <name>', 'the agent; made when there is none of this name')
  .option('--org <slug>', 'the business, when there are several')
  .action(async options => (await import('./key.ts')).createAgentKey(readConfig(), options));

program
  .command('signin-link <email>')
  .alias('sign-in-link')
  .description('print a link that signs this person in once')
  .action(async email => (await import('./signin-link.ts')).signinLink(readConfigBesideServer(), email));

const passkey = program.command('passkey').description('passkeys of people');
passkey
  .command('forget <email>')
  .description('remove the passkeys of somebody who has lost every device')
  .option('--org <slug>', 'the business, when there are several')
  .action(async (email, options) =>
    (await import('./passkey.ts')).forgetPasskeys(readConfigBesideServer(), email, options),
  );

const imports = program.command('import').description('take over data from other systems');
imports
  .command('square <file>')
  .description('import customers from a Square CSV export')
  .option('--dry-run', 'report without writing')
  .option('--org <slug>', 'the business, when there are several')
  .action(async (file, options) =>
    (await import('./import.ts')).importSquareFile(readConfig(), file, options),
  );

imports
  .command('csv <file>')
  .description('import a file of any program: CSV, vCard or ICS, of any size')
  .option('--kind <kind>', 'what its rows are: contacts, tickets (past visits), services, …')
  .option('--map <column=field...>', 'what columns are read as, where their names do not say it')
  .option('--answer <question=answer...>', 'what the file does not say, such as date_order=day_first')
  .option('--dry-run', 'report without writing')
  .option('--org <slug>', 'the business, when there are several')
  .action(async (file, options) =>
    (await import('./import-csv.ts')).importAnyFile(readConfig(), file, options),
  );

program
  .command('export [file]')
  .description('write everything of a business into one file')
  .option('--business <slug>', 'the business, when there are several')
  .action(async (file, options) => (await import('./export.ts')).exportBusiness(readConfig(), file, options));
program
  .command('restore <file>')
  .description('bring back what such a file holds: a business, or from a backup the whole installation')
  .action(async file => (await import('./restore.ts')).restoreFile(readConfig(), file));
program
  .command('backup [file]')
  .description('write the whole installation, all businesses, into one file while it goes on working')
  .action(async file => (await import('./backup.ts')).backUp(readConfig(), file));

program
  .command('distribute')
  .description('distribute the schema by business over a Citus cluster')
  .option('--print', 'say the statements and run none')
  .action(async options => (await import('./distribute.ts')).distribute(readConfig(), options));

const search = program.command('search').description('what search finds');
search
  .command('rebuild')
  .description('make every search document anew')
  .option('--org <slug>', 'the business, when there are several')
  .action(async options => (await import('./search.ts')).rebuildSearch(readConfig(), options));

program
  .command('doctor')
  .description('look at the installation and say what is wrong')
  .action(async () => {
    await (await import('./doctor.ts')).doctor(readConfig);
    endNow();
  });

const db = program.command('db').description('the embedded database');
db.command('stop')
  .description('stop the embedded database of this folder')
  .action(async () => (await import('./db.ts')).stopDatabase(readConfig()));

// Not commander's default command: that would take a misspelt one for an argument of it.
program
  .parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, 'serve'])
  .catch((error: unknown) => {
    console.error(sentenceOf(error));
    const isExpected = error instanceof DeskhandError || error instanceof ConfigError;
    if (!isExpected && process.env.LOG_LEVEL === 'debug') console.error(error);
    process.exit(1);
  });

/** All has been closed: what still waits for somebody who says nothing (a collector, a replica) waits for nothing. */
function endNow(): void {
  process.exit();
}

/** The commands themselves instead of the words they share, so that `--help` lists all of them. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap(child => (child.commands.length > 0 ? leavesOf(child) : [child]));
}

/** `import square <file>`, `export [file]` */
function termOf(command: Command): string {
  const words = command.registeredArguments.map(argument =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
  return words.join(' ');
}
