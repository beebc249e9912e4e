import { expect, test } from 'vitest';
import { saysSomething } from '../../core/kernel/words/says-something.ts';
import { growthOf } from '../security/growth.ts';

test.each([
  'customer asked',
  'Customer asked.',
  'he is ill',
  'She married',
  'Kunde hat abgesagt',
  'wer hat abgesagt',
  'cliente canceló',
  'le client a annulé',
  'asiakas perui',
  'müşteri iptal etti',
  'zákazník zrušil',
  'klient odwołał wizytę',
  'клиент отменил',
  'ο πελάτης ακύρωσε',
  'العميل ألغى',
  'הלקוח ביטל',
  'ग्राहक ने रद्द किया',
  '客户取消了预约',
  'お客様がキャンセルしました',
  '고객 요청',
  'ลูกค้ายกเลิกนัด',
  'khách hủy',
  'Mrs Hart called: she moves in May, so no visit any more.',
  'Invoice INV-2026-014 was sent twice',
])('“%s” says something', text => {
  expect(saysSomething(text)).toBe(true);
});

test.each([
  '',
  '...',
  '. . .',
  'ok',
  'because',
  'ab cd ef',
  'ab cd ef gh ij kl',
  'asdf asdf',
  'asdf qwer',
  'asdf qwer zxcv',
  'qweasd asdqwe',
  'abc def ghi',
  'because because because',
  'Because BECAUSE because.',
  'aaa bbb ccc',
  'xoxoxo ababab',
  '123 456 789',
  '👍 👍 👍',
  'test test testing',
  'foo bar baz',
  'lorem ipsum dolor',
  '理由',
  '---- ____ ====',
])('“%s” does not', text => {
  expect(saysSomething(text)).toBe(false);
});

test('a long text takes no longer than a short one', () => {
  const word = (size: number) => expect(saysSomething('a'.repeat(size))).toBe(false);
  const words = (size: number) =>
    expect(saysSomething(`customer asked ${'ab '.repeat(size / 3)}`)).toBe(true);
  for (const work of [word, words]) expect(growthOf(work, 500_000)).toMatchObject({ isLinear: true });
});
