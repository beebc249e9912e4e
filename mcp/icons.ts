import type { Icon } from '@modelcontextprotocol/server';

// Drawn after Lucide (ISC License, Copyright (c) 2026 Lucide Icons and Contributors; parts after Feather, MIT License, Copyright (c)
// 2013-present Cole Bemis), each one path of a square of 24. They stand in the answer itself: a host that shows them fetches nothing.
const drawings = {
  today:
    'M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 2v2M12 20v2M4.93 4.93l1.41 1.41M17.66 17.66l1.41 1.41M2 12h2M20 12h2M6.34 17.66l-1.41 1.41M19.07 4.93l-1.41 1.41',
  calendar:
    'M8 2v3M16 2v3M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2-2v-14a2 2 0 0 1 2-2zM3 9h18',
  money: 'M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0M16 8h-6a2 2 0 1 0 0 4h4a2 2 0 1 1 0 4H8M12 18V6',
  phone:
    'M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384',
} as const;
export type IconName = keyof typeof drawings;

const asData = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;

/** The sign of Deskhand, as on its pages. */
export const ownIcon: Icon = {
  src: asData(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0a4d8c"/><path fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" d="M8 8h16v16H8zM16 8v16M8 16h16"/></svg>',
  ),
  mimeType: 'image/svg+xml',
  sizes: ['any'],
};

/** An icon as the protocol has it, for a light and a dark background. */
export const iconsOf = (name: IconName): Icon[] =>
  (['light', 'dark'] as const).map(theme => ({
    src: asData(drawn(name, theme === 'light' ? '#17478f' : '#9dc3fb')),
    mimeType: 'image/svg+xml',
    sizes: ['any'],
    theme,
  }));

const drawn = (name: IconName, color: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="${color}" stroke-width="2"><path d="${drawings[name]}"/></svg>`;
