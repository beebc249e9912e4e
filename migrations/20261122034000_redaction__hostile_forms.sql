-- Card numbers however they are written: in any digits, with any separators, said in words, one digit at a time; social
-- security numbers with a letter behind them; keys and links of this installation (SAN-01 to SAN-08). Like the first
-- migration of the redaction this is the last of three layers: core/kernel/words/redaction.ts is the same rule under the
-- same names, so change both together; a property test compares them.

-- The ASCII characters: small letters, a space for a tab, one kind of line end, of slash, of comma, one sign for those that
-- begin a number of their own, '~' for what means nothing. '!' and '`' have a meaning of their own (see
-- redaction_plain_text), so the caller has replaced those of the text before.
create or replace function redaction_plain_ascii(value text) returns text
  language sql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select translate(
    value,
    E'ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\x0b\f\r\\:;=|#%@"&''()*<>?[]^{}'
      || E'\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f',
    E'abcdefghijklmnopqrstuvwxyz \n\n\n/,,,,' || repeat('$', 3) || repeat('~', 41)
  )
$$;

-- One character beyond ASCII as the plain character the rule reads: a digit in any script, circle or height as its ASCII
-- digit, a full-width letter as the small letter, separators as one of each, a character without width as '`',
-- everything else as '~'. The characters are listed, because PostgreSQL, Node and browsers know different versions of Unicode.
create or replace function redaction_plain_letter(letter text) returns text
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
  if letter ~ '[\u00a6\u060c\u061b\u2502\u3001\ufe50\uff64]' then
    return ',';
  end if;
  if letter ~ '[\u00a2-\u00a5\u00b0\u20ac\u2116]' then
    return '$';
  end if;
  if letter ~ ('[\u00ad\u0300-\u036f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e'
      || '\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0020-\U000e007f\U000e0100-\U000e01ef]') then
    return '`';
  end if;
  -- Digits one by one: 0 in a circle, superscript 1, 2 and 3, and those of Chinese.
  if strpos('⓪⓿🄋🄌¹²³〇一二三四五六七八九', letter) > 0 then
    return translate(
      letter,
      '⓪⓿🄋🄌¹²³〇一二三四五六七八九',
      '00001230123456789'
    );
  end if;
  -- The ones of digits without a zero beside them, in circles, brackets and so on; eight others follow each.
  if letter ~ ('[\u1369-\u1371\u2160-\u2168\u2170-\u2178\u2460-\u2468\u2474-\u247c\u2488-\u2490'
      || '\u24f5-\u24fd\u2776-\u277e\u2780-\u2788\u278a-\u2792\u3021-\u3029\u3220-\u3228'
      || '\u3280-\u3288\U0001d360-\U0001d368]') then
  select max(known.one)
    into zero
    from unnest(array[
      x'1369', x'2160', x'2170', x'2460', x'2474', x'2488', x'24f5', x'2776', x'2780', x'278a', x'3021', x'3220',
      x'3280', x'1d360'
    ]::integer[]) as known (one)
   where known.one <= code;
    return (code - zero + 1)::text;
  end if;
  -- The zeros of the decimal digits of Unicode 17, and of digits raised and lowered; the nine others follow.
  select max(known.zero)
    into zero
    from unnest(array[
      x'660', x'6f0', x'7c0', x'966', x'9e6', x'a66', x'ae6', x'b66', x'be6', x'c66', x'ce6', x'd66',
      x'de6', x'e50', x'ed0', x'f20', x'1040', x'1090', x'17e0', x'1810', x'1946', x'19d0', x'1a80',
      x'1a90', x'1b50', x'1bb0', x'1c40', x'1c50', x'2070', x'2080', x'a620', x'a8d0', x'a900', x'a9d0', x'a9f0', x'aa50',
      x'abf0', x'104a0', x'10d30', x'10d40', x'11066', x'110f0', x'11136', x'111d0', x'112f0', x'11450',
      x'114d0', x'11650', x'116c0', x'116d0', x'116da', x'11730', x'118e0', x'11950', x'11bf0', x'11c50',
      x'11d50', x'11da0', x'11de0', x'11f50', x'16130', x'16a60', x'16ac0', x'16b50', x'16d70', x'1ccf0',
      x'1d7ce', x'1d7d8', x'1d7e2', x'1d7ec', x'1d7f6', x'1e140', x'1e2f0', x'1e4f0', x'1e5f1', x'1e950',
      x'1f101', x'1fbf0'
    ]::integer[]) as known (zero)
   where known.zero <= code;
  return case when code - zero < 10 then (code - zero)::text else '~' end;
end
$$;

-- The text in plain characters, one for one; markers of an earlier redaction become '!', which no rule looks through.
create or replace function redaction_plain_text(value text) returns text
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
    plain := regexp_replace(plain, '\[REDACTED (?:SSN|CVV|KEY)\]', repeat('!', 14), 'g');
    plain := regexp_replace(plain, '\[REDACTED LINK\]', repeat('!', 15), 'g');
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

-- Whether parts that are joined in these ways are meant as one number. Usual separators join whatever they are; anything
-- else has to be the same each time, or be said in words for it, or stand near a card word.
create function redaction_is_one_number(links text[], near_card_word boolean) returns boolean
  language sql
  immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select count(*) filter (where link !~ '^[ NX./_-]$') = 0
      or (near_card_word and count(distinct link collate "C") filter (where link !~ '^[ NX./_-]$') = 1)
      or (count(*) > 1 and count(distinct link collate "C") = 1)
      or (
        count(*) > 1
        and bool_and(
          link ~ (
            '^[^a-z]*(?:(?:then|and|next|plus|space|dash|hyphen|minus|dot|point|slash|comma|pause|after|that|followed|by'
            || '|again|finally|first|second|third|fourth|last)(?:[^a-z]+|$))+$'
          )
        ) filter (where link !~ '^[ NX./_-]$')
        -- "5512-0142 and 5512-0143" are two orders.
        and (
          count(*) filter (where link !~ '^[ NX./_-]$') > 1
          or not bool_or(link ~ '^[^a-z]*and[^a-z]*$') filter (where link !~ '^[ NX./_-]$')
        )
      )
    from unnest(links) as joined (link)
$$;

-- Cards of thirteen digits and more, each of which stands alone or is spoken; up to three characters join them.
create function redaction_singles(letters text)
  returns table (first_at integer, last_at integer, marker text)
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  digits text[] := '{}';
  starts integer[] := '{}';
  ends integer[] := '{}';
  joins boolean[] := '{}';
  n integer := 0;
  i integer := 1;
  card_end integer;
  card text;
  joined text;
  place integer;
  next_at integer := 1;
  before text;
  before_that text;
  piece text;
  after text;
begin
  if letters !~ ('(?:(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|[0-9])[^0-9a-z!]{1,3}){12}') then
    return;
  end if;
  for before_that, before, piece, after in
    select lag(match.piece[1], 2, '') over (order by match.no),
           lag(match.piece[1], 1, '') over (order by match.no),
           match.piece[1],
           lead(match.piece[1], 1, '') over (order by match.no)
      from regexp_matches(letters, '[0-9]+|[a-z]+|[^0-9a-z]+', 'g') with ordinality as match (piece, no)
     order by match.no
  loop
    next_at := next_at + length(piece);
    continue when before ~ '^[0-9a-z]' or after ~ '^[0-9a-z]';
    place := array_position(
      array['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'], piece
    );
    continue when place is null and piece !~ '^(?:[0-9]|oh?)$';
    n := n + 1;
    digits[n] := coalesce((place - 1)::text, case when piece ~ '^o' then '0' else piece end);
    starts[n] := next_at - length(piece);
    ends[n] := next_at;
    joins[n] := n > 1 and length(before) < 4 and strpos(before, '!') = 0
      and ends[n - 1] = starts[n] - length(before);
  end loop;
  while i <= n loop
    card_end := null;
    if digits[i] ~ '[2-6]' then
      joined := '';
      for j in i .. least(i + 18, n) loop
        exit when j > i and not joins[j];
        joined := joined || digits[j];
        if redaction_is_card(joined) then
          card_end := j;
          card := joined;
        end if;
      end loop;
    end if;
    if card_end is not null then
      first_at := starts[i];
      last_at := ends[card_end] - 1;
      marker := '[REDACTED CARD ..' || right(card, 4) || ']';
      return next;
      i := card_end;
    end if;
    i := i + 1;
  end loop;
end
$$;

-- The maximal runs of digits with what the rules need to know about their surroundings. A word reaches 40 characters far;
-- "SSN" and "CVV" only reach the next number.
create or replace function redaction_groups(letters text)
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
  gap text := '';
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
    if piece !~ '^[0-9]' and length(gap) < 25 then
      gap := gap || left(piece, 25);
    end if;
    if piece ~ '^[0-9]' then
      -- What joins it to the group before: '' for nothing; of usual separators the mark, ' ', 'N' (a line end) or 'X'
      -- (mixed); else all that stands between them, words too.
      if n = 0 or length(gap) > 24 then
        marks := '';
      elsif gap !~ '^[ \n./_-]{1,5}$' then
        marks := case
          when gap ~ '^[ \n./_-]*$' or strpos(gap, '!') > 0 or (length(gap) > 1 and strpos(gap, '$') > 0) then ''
          else gap
        end;
      else
        marks := translate(gap, E' \n', '');
        marks := case
          when marks = '' then case when strpos(gap, E'\n') > 0 then 'N' else ' ' end
          when btrim(marks, left(marks, 1)) = '' then left(marks, 1)
          else 'X'
        end;
      end if;
      gap := '';
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

-- What is to be replaced: the first and last position among the plain letters and the marker that stands there afterwards.
-- Digits by themselves come first, then cards as cards are written, social security numbers, security codes and at last
-- cards in any other grouping, which need a card word near them.
create or replace function redaction_spans(letters text)
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

  return query select found.first_at, found.last_at, found.marker from redaction_singles(letters) as found;
  -- What is left of the text is looked at again without them.
  if found then
    return;
  end if;

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
        and redaction_is_one_number(links[i + 1 : j], cards_before[i] or cards_after[j])
        -- The longest with usual separators wins.
        and (last_group is null or links[i + 1 : j] <@ array[' ', 'N', 'X', '.', '/', '_', '-'])
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
    continue when taken[i];
    last_group := null;
    -- After a word such as "SSN" the writer has said what it is, so the number is not judged any further.
    if ssns[i] then
      joined := '';
      shape := '';
      for j in i .. least(i + 8, n) loop
        exit when taken[j] or (j > i and links[j] = '');
        joined := joined || runs[j];
        exit when length(joined) > 19;
        shape := shape || '-' || length(runs[j])::text;
        if shape ~ '^-(?:9|3-2-4|3-3-3|1(?:-1){8})$' then
          last_group := j;
          exit;
        end if;
      end loop;
    -- Else it is AAA-GG-SSSS with the same mark twice, a number that can have been issued (9xx only as an
    -- ITIN), and not a piece of a longer reference or phone number.
    elsif i + 2 <= n and length(runs[i]) = 3 and length(runs[i + 1]) = 2 and length(runs[i + 2]) = 4
      and not taken[i + 1] and not taken[i + 2]
      and links[i + 1] = links[i + 2]
      and links[i + 2] ~ '^(?:[ ./_,-]| (?:dash|hyphen|minus) )$'
      and links[i] <> links[i + 2]
      and (i + 3 > n or links[i + 3] <> links[i + 2])
      -- Three cells of a longer row.
      and (links[i + 2] <> ',' or (befores[i] <> ',' and afters[i + 2] <> ','))
      and befores[i] !~ '[a-z+]'
      and runs[i] || runs[i + 1] || runs[i + 2] ~ ('^(?:(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}'
        || '|9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-2]|9[4-9])[0-9]{4})$') then
      last_group := i + 2;
    end if;
    if last_group is not null then
      for k in i .. last_group loop
        taken[k] := true;
      end loop;
      first_at := starts[i];
      last_at := ends[last_group] - 1;
      marker := '[REDACTED SSN]';
      return next;
    end if;
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
      exit when taken[j] or links[j] !~ '^[ NX./_-]$';
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

-- International Bank Account Numbers, by their check digits, as '$': the number a letter stands for has two digits.
create function redaction_without_ibans(letters text) returns text
  language plpgsql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  pattern constant text :=
    '(?<![0-9a-z])[a-z]{2}[0-9]{2}(?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?(?![0-9a-z])';
  plain text := letters;
  found_at integer := 1;
  candidate text;
  character text;
  remainder integer;
  whole integer;
  characters integer;
  iban integer;
begin
  loop
    found_at := regexp_instr(plain, pattern, found_at);
    exit when found_at = 0;
    candidate := regexp_substr(plain, pattern, found_at);
    remainder := 0;
    characters := 4;
    iban := 0;
    for place in 5 .. length(candidate) loop
      character := substr(candidate, place, 1);
      continue when character = ' ';
      characters := characters + 1;
      remainder := redaction_remainder(remainder, character);
      continue when characters < 15 or substr(candidate, place + 1, 1) not in ('', ' ');
      whole := remainder;
      for k in 1 .. 4 loop
        whole := redaction_remainder(whole, substr(candidate, k, 1));
      end loop;
      if whole = 1 then
        iban := place;
      end if;
    end loop;
    plain := overlay(plain placing repeat('$', iban) from found_at for iban);
    found_at := found_at + length(candidate);
  end loop;
  return plain;
end
$$;

-- The remainder by 97 of the number that goes on with a digit, or with the number a letter stands for: a is 10.
create function redaction_remainder(remainder integer, letter text) returns integer
  language sql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select case
    when letter ~ '[0-9]' then (remainder * 10 + letter::integer) % 97
    else (remainder * 100 + ascii(letter) - 87) % 97
  end
$$;

-- Keys of agents and of services, and links by which somebody signs in or is known.
create function redact_secrets(value text) returns text
  language sql
  immutable strict parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select case
    when value ~ '(?:dh|whsec|live|test)_|(?:/|%2[Ff])(?:sign-in|u)(?:/|%2[Ff])' then
      regexp_replace(
        regexp_replace(
          value,
          '((?:/|%2[Ff])(?:sign-in|u)(?:/|%2[Ff]))[A-Za-z0-9_-]{43,}',
          '\1[REDACTED LINK]',
          'g'
        ),
        '(?<![A-Za-z0-9_])(?:dh|whsec|[rs]k_live|[rs]k_test)_[A-Za-z0-9_+/=-]{16,}',
        '[REDACTED KEY]',
        'g'
      )
    else value
  end
$$;

-- Text without card numbers, social security numbers, card security codes, keys and links; everything else stays as it is,
-- and a redacted text comes back unchanged. Text that cannot hold one leaves after a few cheap tests.
create or replace function redact_free_text(value text) returns text
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
    current_text := redact_secrets(current_text);
    -- Fewer than nine digits are no number of ours.
    if octet_length(current_text) = length(current_text)
      and current_text !~ '([0-9][^0-9]*){9}'
      and current_text !~* ('cv[vc]|\m(?:(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|[0-9])'
        || '[^a-z0-9]{1,3}){12}') then
      return current_text;
    end if;
    plain := redaction_plain_text(current_text);
    letters := translate(plain, '`', '');
    -- Thirteen digits, nine in the shape of a social security number or after a word for one, thirteen that
    -- stand alone or are spoken, or the word before a code.
    if letters !~ ('([0-9][^0-9]*){13}'
        || '|(?:^|[^0-9])[0-9]{3}[^0-9]{1,24}[0-9]{2}[^0-9]{1,24}[0-9]{4}(?![0-9])'
        || '|cv[vc]'
        || '|(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|[0-9])[^0-9a-z!]{1,3}'
        || '(?:(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|[0-9])[^0-9a-z!]{1,3}){11}')
      and not (letters ~ 'ss|social|tin|taxid' and letters ~ '([0-9][^0-9]*){9}') then
      return current_text;
    end if;
    -- UUIDs, tracking numbers and IBANs mean nothing here, whatever they are made of.
    letters := regexp_replace(
      letters,
      '(^|[^0-9a-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])',
      '\1' || repeat('$', 36),
      'g'
    );
    letters := regexp_replace(
      letters,
      '(^|[^0-9a-z])1z[0-9a-z]{16}(?![0-9a-z])',
      '\1' || repeat('$', 18),
      'g'
    );
    letters := regexp_replace(
      letters,
      '(^|[^0-9a-z])9[1-5][0-9]{2}(?: [0-9]{4}){4} [0-9]{2}(?![0-9a-z])',
      '\1' || repeat('$', 27),
      'g'
    );
    letters := redaction_without_ibans(letters);
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
