-- What a search looks through is put in its place as it is written. By default PostgreSQL keeps the newest entries of such an index in a
-- list, until it is 4 MB long, and every search reads all of that list: with three thousand new customers a search for two words took
-- 12 ms instead of 2. Writing costs the same, within what can be measured (core/decisions/062).
alter index search_documents_lexemes set (fastupdate = off);
alter index search_words_letters set (fastupdate = off);
select gin_clean_pending_list('search_documents_lexemes'), gin_clean_pending_list('search_words_letters');
