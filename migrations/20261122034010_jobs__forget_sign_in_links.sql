-- A mail with a sign-in link waits in the outbox until it is sent, so that no crash loses it; then nobody needs its text any
-- more, and whoever reads the table later finds no link. The same when it is given up.
create function forget_sign_in_link() returns trigger
  language plpgsql
  set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.payload := new.payload - 'text';
  return new;
end
$$;

create trigger forget_sign_in_link
  before update of done_at, dead_at on jobs
  for each row
  when (new.kind = 'sign_in_email' and (new.done_at is not null or new.dead_at is not null))
  execute function forget_sign_in_link();

update jobs
set payload = payload - 'text'
where kind = 'sign_in_email'
  and (done_at is not null or dead_at is not null);
