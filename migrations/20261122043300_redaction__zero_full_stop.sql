-- The zero before a full stop (U+1F100) is a digit like those before a comma that follow it: a number written with it is one.

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
  if strpos('⓪⓿🄀🄋🄌¹²³〇一二三四五六七八九', letter) > 0 then
    return translate(
      letter,
      '⓪⓿🄀🄋🄌¹²³〇一二三四五六七八九',
      '000001230123456789'
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
