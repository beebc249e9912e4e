-- A round goes by its first offer.
alter table waitlist_offers
  add foreign key (organization_id, round_id) references waitlist_offers (organization_id, id);
