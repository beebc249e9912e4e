// What the record of customers needs; it may not import the record of interactions, which points to it.

export { countOfContact as countInteractions } from './queries.ts';
