/**
 * What else may be meant by misspelt words is looked for during a second. On a machine that is busy with other things a
 * search would find less now and then: here it has ten minutes.
 */
export const searchWithPatience = `
  do $$
  declare
    made constant text := pg_get_functiondef('search_found'::regproc);
    patient constant text := replace(made, 'interval ''1 second''', 'interval ''10 minutes''');
  begin
    if made = patient then
      raise exception 'search_found does not end after a second any more: look at test/support/patient-search.ts';
    end if;
    execute patient;
  end
  $$`;
