import { describe, expect, test } from 'vitest';
import { leadByRules } from '../../core/extraction/rules/lead.ts';

const nameIn = (text: string) => leadByRules(text, 'US').full_name;

describe('the rules find who it is', () => {
  test.each([
    ['Delroy Hutchinson 256.555.0144 / gutters / 900 Airport Rd', 'Delroy Hutchinson'],
    ['Mtg w/ Shanice Beaumont @ 3 re: storefront, 256-555-0102', 'Shanice Beaumont'],
    ["hello, i'm nguyen van thanh, 256-555-0105, need windows cleaned", 'Nguyen van Thanh'],
    ['Deja Washington called, 256-555-0107. Screens.', 'Deja Washington'],
    ['James Brown, 256-555-0109, 12 Green St Athens AL', 'James Brown'],
    ['Norma Pike, 1204 County Road 47, Florence AL, windows', 'Norma Pike'],
    ['JOHN SMITH 256-555-0120 GUTTERS 14 OAK ST', 'John Smith'],
    ['From: "Ortiz, Daniel" <daniel.ortiz@freight.example>', 'Daniel Ortiz'],
    ['J.D. Hooper 256-555-0139 gutters', 'J.D. Hooper'],
    ['Mr. & Mrs. Dawson, 256-555-0127, windows', 'Mr & Mrs Dawson'],
    ['Ana Sofía Núñez de Guzmán, correo: ana@x.example, ventanas', 'Ana Sofía Núñez de Guzmán'],
    ['me llamo Lucía Herrera y necesito limpieza de ventanas', 'Lucía Herrera'],
    ['Referred by Alice Monroe. Bill Peck, 256-555-0142, gutters', 'Bill Peck'],
    ['Please text my wife Karen at 256-555-0118 about gutters. Thanks, Steve Molnar', 'Steve Molnar'],
    ["Hello Dana, it's Peg from the quilting club. Windows again please!", 'Peg'],
  ])('%s', (text, name) => {
    expect(nameIn(text)).toBe(name);
  });
});

describe('nobody is made up', () => {
  test.each([
    ['of a hospital', 'Huntsville Hospital, facilities, 256-555-0104, pressure washing'],
    ['of a firm', 'Jackson Hole Outfitters - storefront windows'],
    ["of a firm with a person's name", "Tony's Pizza wants windows. 256-555-0126"],
    ['of a town', 'Hi, I live in Owens Cross Roads and need my gutters done. 256-555-0106'],
    ['of towns', 'Athens, Decatur and Madison route Thursday, gutters'],
    ['of a street', 'Lives on Whitesburg Drive, near Hampton Cove. Windows'],
    ['of a service', 'Pressure Washing Driveway. Solar Panels, Huntsville, Alabama. 256-555-0134'],
    ['of a weekday', 'Please call Monday. Windows. Two story. North Alabama. 256-555-0114'],
    ['of a dog', 'dog named Biscuit, gate code 4411, windows 2x a year'],
    ['of us', 'Thank you, Bright Panes! Great work today.'],
    ['of an adjective', "I'm Sorry I missed your call. This is Great News, gutters Tuesday"],
    ['of a holiday', 'Merry Christmas! Need windows done before New Year. 256-555-0137'],
  ])('%s', (_what, text) => {
    expect(nameIn(text)).toBeUndefined();
    expect(nameIn(`Marjorie Applewhite called. ${text}`)).toBe('Marjorie Applewhite');
  });
});

describe('the rules find', () => {
  test.each([
    ['sara lind sara.lind (at) mail.example 256 - 555 - 0104', 'sara.lind@mail.example', '+12565550104'],
    ['reach me: mitch at gandy dot example, 256/555/0102', 'mitch@gandy.example', '+12565550102'],
    ['we will look at example.com. 555-0102 (256)', undefined, '+12565550102'],
    ['Two five six, five five five, oh one nine four', undefined, '+12565550194'],
    ['one two three windows, 12/11/2026', undefined, undefined],
  ])('mail address and number in "%s"', (text, email, phone) => {
    const { email: foundEmail, phone: foundPhone } = leadByRules(text, 'US');
    expect([foundEmail, foundPhone]).toEqual([email, phone]);
  });

  test.each([
    ['1204 County Road 47, Florence AL', '1204 County Road 47'],
    ['14220 Hwy 72 W, Athens. pressure wash', '14220 Hwy 72 W'],
    ['has 3 of them. 2919 governors dr', '2919 governors dr'],
    ['30 Twickenham Sq, 2565550140', '30 Twickenham Sq'],
    ['house of 1200 Living Sq Ft', undefined],
  ])('the street in "%s"', (text, line1) => {
    expect(leadByRules(text, 'US').line1).toBe(line1);
  });
});
