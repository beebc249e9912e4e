import { release as version } from 'node:os';
import { type DataFolder, onWindows } from './data-folder.ts';
import { memoryHere, sharedBuffers } from './shared-buffers.ts';

/** What the caller of the launcher may set: any setting of PostgreSQL by its name. */
export interface ServerSettings {
  /** False only for throw-away data: a power cut then destroys the cluster. */
  fsync?: boolean;
  settings?: Record<string, string>;
}

/**
 * The text of `deskhand.conf`, which `postgresql.conf` includes: written anew at each start, so an update of Deskhand
 * brings its settings along; lines which the owner writes below the include win. Sized for one business: little memory
 * when idle, nothing given up in durability.
 */
export function renderSettings(
  folder: DataFolder,
  major: number,
  port: number,
  wanted: ServerSettings,
): string {
  const all = {
    ...(onWindows ? tcp(port) : unixSocket(folder, port)),
    shared_buffers: sharedBuffers(memoryHere()),
    ...common,
    ...(major >= 18 ? newer : {}),
    ...(syncsAtOnce ? { recovery_init_sync_method: 'syncfs' } : {}),
    fsync: wanted.fsync === false ? 'off' : 'on',
    ...wanted.settings,
  };
  const lines = Object.entries(all).map(([name, value]) => {
    if (!/^[a-z_][a-z0-9_.]*$/i.test(name)) throw new Error(`"${name}" is no setting of PostgreSQL.`);
    return `${name} = '${value.replaceAll("'", "''")}'`;
  });
  return `# Written by Deskhand at each start. Put your own settings into postgresql.conf.\n${lines.join('\n')}\n`;
}

/**
 * No network at all. Connections need no password (`trust` in pg_hba.conf): the socket lies in a folder with mode 0700,
 * so whoever can reach it is the user who owns the data files anyway, and could read them directly.
 */
function unixSocket(folder: DataFolder, port: number): Record<string, string> {
  return {
    listen_addresses: '',
    port: String(port),
    unix_socket_directories: `"${folder.socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
  };
}

/** 127.0.0.1 can be reached by every user of the machine, hence the password (scram-sha-256). */
function tcp(port: number): Record<string, string> {
  return { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
}

/**
 * Before it recovers after a crash PostgreSQL has all its files written, by opening them one by one: seconds for some thousands.
 * Linux writes a whole file system in one call, and since 5.8 tells of what could not be written.
 */
const [kernel = 0, release = 0] = version().split('.').map(Number);
const syncsAtOnce = process.platform === 'linux' && (kernel > 5 || (kernel === 5 && release >= 8));

const common = {
  max_connections: '100',
  wal_buffers: '2MB', // by default they grow with shared_buffers, and are all in use from the start
  huge_pages: 'off',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  effective_cache_size: '512MB',
  random_page_cost: '1.1',
  jit: 'off',
  synchronous_commit: 'on',
  wal_level: 'replica', // a copy of the folder can be taken while it runs (pg_backup_start)
  max_wal_senders: '2',
  min_wal_size: '64MB',
  max_wal_size: '512MB',
  max_worker_processes: '4',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // To postgres.log by way of stderr. LOG ranks above ERROR here: starts, stops and crashes are written, but no failed
  // statement, whose text and values are customers' data and which the application logs in its own way.
  logging_collector: 'off',
  log_min_messages: 'log',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_line_prefix: '%m [%p] ',
};

const newer = {
  io_method: 'sync', // as up to PostgreSQL 17: three processes less
};
