-- The websites a form may stand on, as the owner wrote them down: "brightpanes.example, shop.brightpanes.example". Null: on any.
alter table lead_forms add column allowed_from text;
grant update (allowed_from) on lead_forms to deskhand_app;
