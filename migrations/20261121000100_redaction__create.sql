-- Card numbers, social security numbers and card security codes do not stay in free text, whichever way the
-- text comes in (SAN-01 to SAN-08). This is the last of three layers. The other two are
-- core/kernel/redaction.ts, on the server and in the page: the same rule under the same names, so change both
-- together; a property test compares them. The functions are to be read from top to bottom.

-- One character beyond ASCII as the plain character the rule reads: a decimal digit of any script as its
-- ASCII digit, a full-width letter as the small letter, spaces, line ends, dashes, dots and slashes as one of
-- each, a character without width as '`', everything else as '~'. The characters are listed, because
-- PostgreSQL, Node and browsers know different versions of Unicode.
create function redaction_plain_letter(letter text) returns text
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  code constant integer := ascii(letter);
  zero integer;
begin
  if code between 65281 and 65374 then
    return redaction_plain_ascii(translate(chr(code - 65248), '!`', '~~'));
  end if;
  if letter ~ '[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]' then
    return ' ';
  end if;
  if letter ~ '[\u0085\u2028\u2029]' then
    return E'\n';
  end if;
  if letter ~ ('[\u02d7\u058a\u05be\u1806\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\u301c\u3030'
      || '\ufe31\ufe32\ufe58\ufe63]') then
    return '-';
  end if;
  if letter ~ '[\u00b7\u2022\u2024\u2027\u2219\u22c5\u3002\u30fb\ufe52\uff61\uff65]' then
    return '.';
  end if;
  if letter ~ '[\u2044\u2215\u29f8]' then
    return '/';
  end if;
  if letter ~ ('[\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3'
      || '\ufe00-\ufe0f\ufeff]') then
    return '`';
  end if;
  -- The zeros of the decimal digits of Unicode 17; the nine others follow each of them.
  select max(known.zero)
    into zero
    from unnest(array[
      x'660', x'6f0', x'7c0', x'966', x'9e6', x'a66', x'ae6', x'b66', x'be6', x'c66', x'ce6', x'd66',
      x'de6', x'e50', x'ed0', x'f20', x'1040', x'1090', x'17e0', x'1810', x'1946', x'19d0', x'1a80',
      x'1a90', x'1b50', x'1bb0', x'1c40', x'1c50', x'a620', x'a8d0', x'a900', x'a9d0', x'a9f0', x'aa50',
      x'abf0', x'104a0', x'10d30', x'10d40', x'11066', x'110f0', x'11136', x'111d0', x'112f0', x'11450',
      x'114d0', x'11650', x'116c0', x'116d0', x'116da', x'11730', x'118e0', x'11950', x'11bf0', x'11c50',
      x'11d50', x'11da0', x'11de0', x'11f50', x'16130', x'16a60', x'16ac0', x'16b50', x'16d70', x'1ccf0',
      x'1d7ce', x'1d7d8', x'1d7e2', x'1d7ec', x'1d7f6', x'1e140', x'1e2f0', x'1e4f0', x'1e5f1', x'1e950',
      x'1fbf0'
    ]::integer[]) as known (zero)
   where known.zero <= code;
  return case when code - zero < 10 then (code - zero)::text else '~' end;
end
$$;

-- The ASCII characters: small letters, a space for a tab, one kind of line end, one kind of slash. '!' and
-- '`' have a meaning of their own here (see below), so the caller has replaced those of the text before.
create function redaction_plain_ascii(value text) returns text
  language sql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select translate(
    value,
    E'ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\x0b\f\r\\',
    E'abcdefghijklmnopqrstuvwxyz \n\n\n/'
  )
$$;

-- The text in plain characters, one for one, so that a position in it is a position in the text. Markers of
-- an earlier redaction become '!', which no rule looks through; characters without width become '`'.
create function redaction_plain_text(value text) returns text
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  plain text := translate(value, '!`', '~~');
  from_letters text;
  to_letters text;
begin
  if strpos(plain, '[REDACTED ') > 0 then
    plain := regexp_replace(plain, '\[REDACTED CARD \.\.[0-9]{4}\]', repeat('!', 22), 'g');
    plain := regexp_replace(plain, '\[REDACTED (?:SSN|CVV)\]', repeat('!', 14), 'g');
  end if;
  if octet_length(plain) <> length(plain) then
    select string_agg(used.letter, ''), string_agg(redaction_plain_letter(used.letter), '')
      into from_letters, to_letters
      from (
        select distinct letters.letter collate "C" as letter
          from string_to_table(plain, null) as letters (letter)
         where octet_length(letters.letter) > 1
      ) as used;
    plain := translate(plain, from_letters, to_letters);
  end if;
  return redaction_plain_ascii(plain);
end
$$;

-- Whether the digits have the prefix and the length of a card issuer (Visa, Mastercard in two ranges,
-- American Express, Discover, Diners Club, JCB, UnionPay, Maestro and the national schemes in its ranges) and
-- a valid check digit: from the right, every second digit is doubled and its digits are added (Luhn).
create function redaction_is_card(digits text) returns boolean
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  total integer := 0;
  digit integer;
begin
  if digits !~ ('^(?:4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})'
      || '|5[1-5][0-9]{14}'
      || '|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}'
      || '|3[47][0-9]{13}'
      || '|(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12,15}'
      || '|(?:30[0-5][0-9]|3095|3[689][0-9]{2})(?:[0-9]{10}|[0-9]{12}|[0-9]{15})'
      || '|35(?:2[89]|[3-8][0-9])[0-9]{12,15}'
      || '|62[0-9]{14,17}'
      || '|(?:50(?:18|19|20|38)|5610|5893|6304|633[134]|6759|676[1-3])[0-9]{12,15})$') then
    return false;
  end if;
  for place in 0 .. length(digits) - 1 loop
    digit := substr(digits, length(digits) - place, 1)::integer;
    if place % 2 = 1 then
      digit := digit * 2;
    end if;
    total := total + case when digit > 9 then digit - 9 else digit end;
  end loop;
  return total % 10 = 0;
end
$$;

-- The maximal runs of digits with what the rules need to know about their surroundings. "link" is what joins
-- a group to the one before: '' for nothing, else the mark, ' ', 'n' (a line end) or 'x' (mixed marks). A
-- word reaches 40 characters far; "SSN" and "CVV" only reach the next number.
create function redaction_groups(letters text)
  returns table (
    digits text,
    start_at integer,
    end_at integer,
    link text,
    letter_before text,
    letter_after text,
    card_word_before boolean,
    card_word_after boolean,
    ssn_word boolean,
    cvv_word boolean
  )
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  runs text[] := '{}';
  starts integer[] := '{}';
  ends integer[] := '{}';
  links text[] := '{}';
  befores text[] := '{}';
  afters text[] := '{}';
  cards_before boolean[] := '{}';
  cards_after boolean[] := '{}';
  ssns boolean[] := '{}';
  cvvs boolean[] := '{}';
  n integer := 0;
  k integer;
  piece text := '';
  before text;
  marks text;
  first_at integer := 1;
  next_at integer := 1;
  card_word_end integer := -100;
  ssn_word_end integer := -100;
  cvv_word_end integer := -100;
begin
  for before, piece in
    select lag(match.piece[1], 1, '') over (order by match.no), match.piece[1]
      from regexp_matches(letters, '[0-9]+|[a-z]+|!+|[^0-9a-z!]+', 'g') with ordinality as match (piece, no)
     order by match.no
  loop
    first_at := next_at;
    next_at := first_at + length(piece);
    if n > 0 and ends[n] = first_at then
      afters[n] := left(piece, 1);
    end if;
    if piece ~ '^[0-9]' then
      marks := translate(before, E' \n', '');
      if n = 0 or ends[n] <> first_at - length(before) or before !~ '^[ \n./_-]{1,5}$' then
        marks := '';
      elsif marks = '' then
        marks := case when strpos(before, E'\n') > 0 then 'n' else ' ' end;
      else
        marks := case when btrim(marks, left(marks, 1)) = '' then left(marks, 1) else 'x' end;
      end if;
      n := n + 1;
      runs[n] := piece;
      starts[n] := first_at;
      ends[n] := next_at;
      links[n] := marks;
      befores[n] := right(before, 1);
      afters[n] := '';
      cards_before[n] := first_at - card_word_end <= 40;
      cards_after[n] := false;
      ssns[n] := first_at - ssn_word_end <= 40;
      cvvs[n] := first_at - cvv_word_end <= 40;
      -- "cvv2 123": the 2 belongs to the word.
      if piece <> '2' or cvv_word_end <> first_at then
        cvv_word_end := -100;
      end if;
      ssn_word_end := -100;
    elsif piece ~ '^[a-z]' then
      if piece ~ ('^(?:cards?|(?:credit|debit|gift|master)(?:cards?)?|cc|ccn|visa|amex|discover|diners|jcb'
          || '|unionpay|maestro|cv[vc])$') then
        card_word_end := next_at;
        k := n;
        while k > 0 and not cards_after[k] and first_at - ends[k] <= 40 loop
          cards_after[k] := true;
          k := k - 1;
        end loop;
      end if;
      if piece ~ '^(?:ssns?|ss|socials?|itins?|tins?|taxids?)$' then
        ssn_word_end := next_at;
      end if;
      if piece ~ 'cv[vc]$' then
        cvv_word_end := next_at;
      elsif piece !~ '^(?:code|number|num|no|nr|is|was)$' then
        cvv_word_end := -100;
      end if;
    elsif piece ~ '^!' then
      ssn_word_end := -100;
      cvv_word_end := -100;
    end if;
  end loop;
  return query
    select found.digits, found.start_at, found.end_at, found.link, found.letter_before, found.letter_after,
           found.card_before, found.card_after, found.ssn, found.cvv
      from unnest(
             runs, starts, ends, links, befores, afters, cards_before, cards_after, ssns, cvvs
           ) as found (
             digits, start_at, end_at, link, letter_before, letter_after, card_before, card_after, ssn, cvv
           );
end
$$;

-- What is to be replaced: the first and last position among the plain letters and the marker that stands
-- there afterwards. Cards as cards are written come first, then social security numbers, security codes and
-- at last cards in any other grouping, which need a card word near them.
create function redaction_spans(letters text)
  returns table (first_at integer, last_at integer, marker text)
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  runs text[];
  starts integer[];
  ends integer[];
  links text[];
  befores text[];
  afters text[];
  cards_before boolean[];
  cards_after boolean[];
  ssns boolean[];
  cvvs boolean[];
  taken boolean[];
  split boolean[];
  next_worded integer[];
  n integer;
  last_group integer;
  card text;
  joined text;
  shape text;
begin
  select array_agg(found.digits order by found.start_at),
         array_agg(found.start_at order by found.start_at),
         array_agg(found.end_at order by found.start_at),
         array_agg(found.link order by found.start_at),
         array_agg(found.letter_before order by found.start_at),
         array_agg(found.letter_after order by found.start_at),
         array_agg(found.card_word_before order by found.start_at),
         array_agg(found.card_word_after order by found.start_at),
         array_agg(found.ssn_word order by found.start_at),
         array_agg(found.cvv_word order by found.start_at),
         count(*)
    into runs, starts, ends, links, befores, afters, cards_before, cards_after, ssns, cvvs, n
    from redaction_groups(letters) as found;
  taken := array_fill(false, array[n]);

  for i in 1 .. n loop
    -- Every issuer's numbers start with 2 to 6.
    continue when runs[i] !~ '^[2-6]';
    joined := '';
    shape := '';
    last_group := null;
    for j in i .. least(i + 4, n) loop
      exit when taken[j] or (j > i and links[j] = '');
      joined := joined || runs[j];
      exit when length(joined) > 19;
      shape := shape || '-' || length(runs[j])::text;
      -- An international phone number has up to 15 digits; German ones start with 4 like a Visa card.
      if length(joined) >= (case when befores[i] = '+' then 16 else 13 end)
        and shape ~ '^-(?:[0-9]+|4-4-4-4|4-6-5|4-6-4|4-4-4-4-3|8-8)$'
        and redaction_is_card(joined) then
        last_group := j;
        card := joined;
      end if;
    end loop;
    if last_group is not null then
      for k in i .. last_group loop
        taken[k] := true;
      end loop;
      first_at := starts[i];
      last_at := ends[last_group] - 1;
      marker := '[REDACTED CARD ..' || right(card, 4) || ']';
      return next;
    end if;
  end loop;

  for i in 1 .. n loop
    continue when taken[i] or length(runs[i]) not in (3, 9);
    last_group := i;
    joined := runs[i];
    if length(runs[i]) = 3 then
      last_group := i + 2;
      continue when last_group > n;
      continue when links[i + 1] = '' or links[last_group] = '' or taken[i + 1] or taken[last_group];
      continue when length(runs[i + 1]) <> 2 or length(runs[last_group]) <> 4;
      joined := runs[i] || runs[i + 1] || runs[last_group];
    end if;
    -- After a word such as "SSN" the writer has said what it is, so the number is not judged any further.
    -- Else it is AAA-GG-SSSS with the same mark twice, a number that can have been issued (9xx only as an
    -- ITIN), and not a piece of a longer reference or phone number.
    if not ssns[i] then
      continue when last_group = i;
      continue when joined !~ ('^(?:(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}'
        || '|9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-2]|9[4-9])[0-9]{4})$');
      continue when links[i + 1] <> links[last_group] or links[last_group] in ('n', 'x');
      continue when links[i] = links[last_group];
      continue when last_group < n and links[last_group + 1] = links[last_group];
      continue when befores[i] ~ '[a-z+]' or afters[last_group] ~ '[a-z]';
    end if;
    for k in i .. last_group loop
      taken[k] := true;
    end loop;
    first_at := starts[i];
    last_at := ends[last_group] - 1;
    marker := '[REDACTED SSN]';
    return next;
  end loop;

  for i in 1 .. n loop
    continue when taken[i] or not cvvs[i] or length(runs[i]) not in (3, 4);
    taken[i] := true;
    first_at := starts[i];
    last_at := ends[i] - 1;
    marker := '[REDACTED CVV]';
    return next;
  end loop;

  if not (true = any (cards_before) or true = any (cards_after)) then
    return;
  end if;
  -- An unusual grouping must not cut a phone number or a date in two: split[k] says that the border between
  -- group k - 1 and group k lies inside one.
  split := array_fill(false, array[n + 1]);
  for i in 3 .. n loop
    continue when links[i - 1] = '' or links[i] = '';
    continue when greatest(length(runs[i - 2]), length(runs[i - 1]), length(runs[i])) > 4;
    if concat_ws('-', runs[i - 2], runs[i - 1], runs[i]) ~ ('^(?:[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}'
        || '|(?:19|20)[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])'
        || '|(?:0?[1-9]|[12][0-9]|3[01])-(?:0?[1-9]|[12][0-9]|3[01])-(?:19|20)[0-9]{2})$') then
      split[i - 1] := true;
      split[i] := true;
    end if;
  end loop;
  -- The nearest group from each one on that a card word stands after.
  next_worded := array_fill(n + 100, array[n + 1]);
  for i in reverse n .. 1 loop
    next_worded[i] := case when cards_after[i] then i else next_worded[i + 1] end;
  end loop;
  for i in 1 .. n loop
    continue when not cards_before[i] and next_worded[i] > i + 18;
    continue when taken[i] or split[i] or runs[i] !~ '^[2-6]';
    joined := runs[i];
    last_group := null;
    for j in i + 1 .. least(i + 18, n) loop
      exit when taken[j] or links[j] = '';
      joined := joined || runs[j];
      exit when length(joined) > 19;
      if length(joined) >= (case when befores[i] = '+' then 16 else 13 end)
        and not split[j + 1]
        and (cards_before[i] or cards_after[j])
        and redaction_is_card(joined) then
        last_group := j;
        card := joined;
      end if;
    end loop;
    if last_group is not null then
      for k in i .. last_group loop
        taken[k] := true;
      end loop;
      first_at := starts[i];
      last_at := ends[last_group] - 1;
      marker := '[REDACTED CARD ..' || right(card, 4) || ']';
      return next;
    end if;
  end loop;
end
$$;

-- Free text without card numbers, social security numbers and card security codes; everything else stays as
-- it is, and a redacted text comes back unchanged. Text that cannot hold one leaves after two cheap tests.
create function redact_free_text(value text) returns text
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  current_text text := value;
  plain text;
  letters text;
  firsts integer[];
  lasts integer[];
  markers text[];
begin
  -- A replacement shortens the text, which can bring a card word within reach of another number. Looking
  -- again until nothing is found is what makes the result final.
  loop
    -- Fewer than nine digits are no number of ours, and a code has three after its word.
    if octet_length(current_text) = length(current_text)
      and current_text !~ '([0-9][^0-9]*){9}'
      and (current_text !~* 'cv[vc]' or current_text !~ '[0-9][^0-9]*[0-9][^0-9]*[0-9]') then
      return current_text;
    end if;
    plain := redaction_plain_text(current_text);
    letters := translate(plain, '`', '');
    -- Thirteen joined digits, nine in the shape of a social security number, or the word before a code.
    if letters !~ ('[0-9](?:[ \n./_-]*[0-9]){12}'
        || '|(?:^|[^0-9])[0-9]{3}(?:[ \n./_-]+[0-9]{2}[ \n./_-]+|[0-9]{2})[0-9]{4}(?![0-9])'
        || '|cv[vc]') then
      return current_text;
    end if;
    -- UUIDs and UPS tracking numbers mean nothing here, whatever they are made of.
    letters := regexp_replace(
      letters,
      '(^|[^0-9a-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])',
      '\1' || repeat('~', 36),
      'g'
    );
    letters := regexp_replace(
      letters,
      '(^|[^0-9a-z])1z[0-9a-z]{16}(?![0-9a-z])',
      '\1' || repeat('~', 18),
      'g'
    );
    select array_agg(found.first_at), array_agg(found.last_at), array_agg(found.marker)
      into firsts, lasts, markers
      from redaction_spans(letters) as found;
    if firsts is null then
      return current_text;
    end if;
    -- The marker takes the place of the first digit; the other digits and what stands between them go, also
    -- characters without width, which are no position of their own among the letters.
    select string_agg(
             case
               when span.place is null then letter.original
               when letter.plain = '`' and span.place = span.last_at then letter.original
               when letter.plain <> '`' and span.place = span.first_at then span.marker
               else ''
             end,
             '' order by letter.no
           )
      into current_text
      from (
        select pair.original,
               pair.plain,
               pair.no,
               count(*) filter (where pair.plain <> '`') over (order by pair.no) as place
          from unnest(string_to_array(current_text, null), string_to_array(plain, null))
            with ordinality as pair (original, plain, no)
      ) as letter
      left join (
        select found.first_at, found.last_at, found.marker, series.place
          from unnest(firsts, lasts, markers) as found (first_at, last_at, marker)
         cross join generate_series(found.first_at, found.last_at) as series (place)
      ) as span
        on span.place = letter.place;
  end loop;
end
$$;

-- Row trigger "before insert or update" that redacts the text columns named in its arguments. The row is only
-- rebuilt when something was found, so that an ordinary write pays for reading those columns and nothing
-- more.
create function redact_columns() returns trigger
  language plpgsql
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  stored constant jsonb := to_jsonb(new);
  changed jsonb := '{}';
  redacted text;
begin
  for i in 0 .. tg_nargs - 1 loop
    if not stored ? tg_argv[i] then
      raise exception 'redact_columns: table % has no column %', tg_table_name, tg_argv[i];
    end if;
    redacted := redact_free_text(stored ->> tg_argv[i]);
    if redacted <> stored ->> tg_argv[i] then
      changed := changed || jsonb_build_object(tg_argv[i], redacted);
    end if;
  end loop;
  if changed <> '{}' then
    new := jsonb_populate_record(new, changed);
  end if;
  return new;
end
$$;
