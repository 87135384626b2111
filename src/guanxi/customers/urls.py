"""Addresses of the customer archive."""

from django.urls import path

from guanxi.customers.duplicates import urls as duplicates
from guanxi.customers.privacy import urls as privacy
from guanxi.customers.views import (
    archive,
    cards,
    contacts,
    edit,
    fields,
    listing,
    merging,
    record,
    relations,
    reveal,
    stream,
)
from guanxi.customers.views.merging import follows_merges

app_name = "customers"

urlpatterns = [
    *privacy.urlpatterns,
    *duplicates.urlpatterns,
    path("customers/", listing.customer_list, name="list"),
    path("customers/new", edit.create, name="create"),
    path("customers/pick", listing.pick, name="pick"),
    path("customers/merge", merging.merge, name="merge"),
    path("customers/merges/<str:key>/undo", merging.part, name="part"),
    path("customers/notes/<int:note_id>", stream.note, name="note"),
    path("customers/notes/<int:note_id>/remove", stream.remove_note, name="remove_note"),
    path("customers/visits/<int:visit_id>", stream.visit, name="visit"),
    path("customers/visits/<int:visit_id>/remove", stream.remove_visit, name="remove_visit"),
    path("customers/contacts/<int:point_id>", contacts.change, name="contact"),
    path("customers/contacts/<int:point_id>/remove", contacts.remove, name="remove_contact"),
    path("customers/ids/<int:external_id>/remove", contacts.remove_external_id, name="remove_external_id"),
    path("customers/relations/<int:relation_id>", relations.change, name="relation"),
    path("customers/relations/<int:relation_id>/remove", relations.remove, name="remove_relation"),
    path("customers/<str:key>/", follows_merges(record.show), name="show"),
    path("customers/<str:key>/edit", follows_merges(edit.change), name="edit"),
    path("customers/<str:key>/status", follows_merges(edit.change_status), name="status"),
    path("customers/<str:key>/number", follows_merges(record.reveal_number), name="number"),
    path("customers/<str:key>/reveal/<slug:kind>/<str:field>/<int:record_id>", reveal.reveal, name="reveal"),
    path("customers/<str:key>/overview", follows_merges(record.overview), name="overview"),
    path("customers/<str:key>/archive", follows_merges(archive.show), name="archive"),
    path("customers/<str:key>/archive/edit", follows_merges(archive.change), name="edit_archive"),
    path("customers/<str:key>/contacts/new", follows_merges(contacts.add), name="add_contact"),
    path("customers/<str:key>/ids/new", follows_merges(contacts.add_external_id), name="add_external_id"),
    path("customers/<str:key>/relations", follows_merges(relations.show), name="relations"),
    path("customers/<str:key>/relations/new", follows_merges(relations.add), name="add_relation"),
    path("customers/<str:key>/activity", follows_merges(stream.activity), name="activity"),
    path("customers/<str:key>/activity/more", follows_merges(stream.more), name="more_activity"),
    path("customers/<str:key>/notes/new", follows_merges(stream.add_note), name="add_note"),
    path("customers/<str:key>/visits/new", follows_merges(stream.add_visit), name="add_visit"),
    path("customers/<str:key>/card", follows_merges(cards.show), name="card"),
    path("customers/<str:key>/card/edit", follows_merges(cards.change), name="edit_card"),
    path("settings/fields/", fields.field_list, name="fields"),
    path("settings/fields/new", fields.create, name="create_field"),
    path("settings/fields/<int:field_id>", fields.change, name="field"),
    path("settings/fields/indexes", fields.build_indexes, name="build_indexes"),
    path("settings/fields/<int:field_id>/retire", fields.retire, name="retire_field"),
]
