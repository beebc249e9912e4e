import { writeFileSync } from 'node:fs';
import { drawPaper } from './core/invoices/draw.ts';
const line = (description: string, n: number) => ({ description, quantity: '1', unit_price: '$150.00', tax: '8.25%', amount: '$150.00', carried: `$${150 * n}.00` });
const base = { reference: 'INV-2026-006', stamp: null, size: 'LETTER' as const, business: { name: 'Bright Panes Window Cleaning', lines: ['12 Mill Road, Huntsville, AL 35801', '(256) 555-0100', 'office@brightpanes.example', 'Tax ID 12-3456789'] },
 customer: { name: 'Jane Smith', lines: ['123 Main Street', 'Madison, AL 35758'] }, facts: [{ label: 'Invoice', value: 'INV-2026-006' }, { label: 'Date', value: 'November 18, 2026' }, { label: 'Due', value: 'December 18, 2026' }, { label: 'Visit', value: 'Tuesday, November 17' }], subject: null,
 lines: [line('Gutter Cleaning', 1), line('Screen Cleaning', 2), line('Window Cleaning, inside and outside, second floor with ladder at the back of the house and the sun room', 3)],
 sums: [{ label: 'Subtotal', value: '$450.00' }, { label: 'Tax 8.25% of $450.00', value: '$37.13' }, { label: 'Discount', value: '-$20.00' }, { label: 'Total', value: '$467.13' }, { label: 'Paid', value: '-$100.00' }], due: { label: 'Amount due', value: '$367.13' },
 how_to_pay: 'Checks to Bright Panes LLC.\nBank: First Bank, routing 062000000, account 123456789.', payment_url: 'https://pay.brightpanes.example/invoices', notes: 'Thank you, Jane!', terms: 'Due within 30 days. A fee of 1.5% a month may be added to what is late.', footer: 'We are insured and bonded.', changed_at: '2026-11-18T14:00:00.000Z' };
async function main() {
writeFileSync('/tmp/p1.pdf', await drawPaper(base));
const t = performance.now(); for (let i = 0; i < 20; i++) await drawPaper(base); console.log('ms', (performance.now() - t) / 20);
writeFileSync('/tmp/p2.pdf', await drawPaper({ ...base, size: 'A4' as const, lines: Array.from({ length: 60 }, (_, i) => line(`Line ${i + 1}: ${'windows of the floor '.repeat(i % 7)}`, i + 1)) }));
writeFileSync('/tmp/p3.pdf', await drawPaper({ ...base, stamp: 'Paid', payment_url: null, customer: { name: 'שרה כהן (Sarah Cohen)', lines: ['رقم 12 شارع النيل، القاهرة', '東京都千代田区丸の内1丁目', '김민수 · 王小明 · Łukasz Żółć · Ελένη · Иван'] }, lines: [line('ניקוי חלונות 3 קומות (כולל סולם) של הבית', 1), line('تنظيف النوافذ والمزاريب (الطابق الثاني) 25 نافذة', 2), line('窓の清掃、網戸の清掃、雨樋の清掃。二階の窓は梯子を使用します。', 3), line('https://very-long-address.example/' + 'x'.repeat(120), 4)] }));
}
void main();
