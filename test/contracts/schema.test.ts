import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { findSchemaProblems, ruleNames } from './schema-rules.ts';
import { asSuperuser } from './superuser.ts';

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  test('keeps every table of a business to itself, audited, indexed and ready to be distributed', async () => {
    expect(await findSchemaProblems(database.owner)).toEqual([]);
  });
});

describe('a careless migration', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    await asSuperuser(database.address.database, carelessMigration);
  });
  afterAll(() => database.close());

  test('is caught by every rule', async () => {
    const found = await findSchemaProblems(database.owner);
    expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(ruleNames()));
  });

  test('is told what is wrong with its table', async () => {
    const found = await findSchemaProblems(database.owner);
    expect(problemsOf(found, 'broken:')).toEqual(
      [
        'broken: broken_contact is neither NO ACTION nor CASCADE',
        'broken: broken_contact has no index that starts with its columns',
        'broken: broken_of_nobody does not carry organization_id first on both sides',
        'broken: deskhand_app may truncate',
        'broken: its policies are not exactly one equality on current_organization() for deskhand_app',
        'broken: no audit trigger fires on delete',
        'broken: no audit trigger fires on insert',
        'broken: no audit trigger fires on update',
        'broken: organization_id (uuid, not null) does not lead the primary key',
        'broken: row level security is forced',
        'broken: the trigger announce uses a transition table',
        'broken: the unique index broken_name_key does not start with organization_id',
        'broken: the unique index broken_neighbour_id_key does not start with organization_id',
        'broken: the unique index broken_pkey does not start with organization_id',
      ].sort(),
    );
    expect(problemsOf(found, 'notes:')).toEqual([
      'notes: announce_broken writes for each new row before the history tells of it',
      'notes: audit and audit_made tell of it in different ways, or both of new rows',
    ]);
    expect(problemsOf(found, 'slices_all: a part')).toEqual([
      'slices_all: a part of slices that deskhand_app has rights on',
      'slices_all: a part of slices that lets everybody see its rows',
    ]);
    expect(problemsOf(found, 'peek_everything')).toEqual([
      "peek_everything(): runs with its owner's rights and is not on the list",
      "peek_everything(): runs with its owner's rights and its search_path is not pinned",
      'peek_everything(): runs with the rights of somebody else than deskhand_owner',
    ]);
  });
});

const problemsOf = (found: readonly { problem: string }[], name: string) =>
  found.flatMap(({ problem }) => (problem.startsWith(name) ? [problem] : [])).sort();

const carelessMigration = `
  create table broken (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    contact_id uuid,
    neighbour_id uuid unique,
    name text unique,
    constraint broken_contact foreign key (organization_id, contact_id)
      references contacts (organization_id, id) on delete set null,
    constraint broken_of_nobody foreign key (neighbour_id) references broken (neighbour_id)
  );
  alter table broken enable row level security;
  alter table broken force row level security;
  create policy everybody on broken
    using (organization_id in (select current_organization()));
  grant select, insert, update, delete, truncate on broken to deskhand_app;
  create function announce_broken() returns trigger
  language plpgsql
  as $$ begin return null; end $$;
  create trigger announce after insert on broken referencing new table as fresh
    for each statement execute function announce_broken();
  create or replace trigger audit after insert or update or delete on notes
    for each row execute function audit_row('note', 'contact', 'contact_id', 'lead', 'lead_id');
  create trigger announce after insert on notes for each row execute function announce_broken();
  create function peek_everything() returns bigint
  language sql security definer
  as $$ select count(*) from contacts $$;
  create view everything as select * from contacts;
  create table handed_out (organization_id uuid primary key);
  alter table handed_out owner to deskhand_app;
  grant create on schema public to deskhand_app;
  grant select on users to deskhand_app;
  create table slices (organization_id uuid, id uuid, primary key (organization_id, id)) partition by range (id);
  create table slices_all partition of slices default;
  grant select on slices_all to deskhand_app;
  alter table counters rename to counted`;
