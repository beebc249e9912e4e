/** What the authorization server keeps between two requests, for the adapter that hands it over. */
export {
  consumeEntry,
  dropEntry,
  dropGrant,
  findEntry,
  isLiving,
  keepEntry,
  type Owned,
  renewConnection,
  useClient,
} from './entry-queries.ts';
