"""Addresses of the desk."""

from django.urls import URLPattern, URLResolver, path

from guanxi.conversations.views import desk, desk_acts, desk_dialogs, desk_html, desk_news, desk_writing, macros

MESSAGE, ONE = "desk/message/<str:public_id>/", "desk/<str:public_id>/"
pages: list[URLPattern | URLResolver] = [
    path("desk/", desk.desk, name="desk"),
    path("desk/rows", desk.rows, name="desk_rows"),
    path("desk/news", desk_news.news, name="desk_news"),
    path("desk/tabs/close", desk_acts.close_tab, name="desk_close_tab"),
    path("desk/tabs/order", desk_acts.order_tabs, name="desk_order_tabs"),
    path("desk/views/keep", desk_acts.keep_view, name="desk_keep_view"),
    path("desk/views/<int:view_id>/drop", desk_acts.drop_view, name="desk_drop_view"),
    path("desk/macros", desk_writing.macros, name="desk_macros"),
    path("desk/upload", desk_writing.upload, name="desk_upload"),
    path("desk/upload/discard", desk_writing.discard, name="desk_discard"),
    path(f"{MESSAGE}html", desk_html.message, name="desk_html"),
    path(f"{MESSAGE}trust", desk_html.trust, name="desk_trust"),
    path(f"{MESSAGE}take-back", desk_writing.take_back, name="desk_take_back"),
    path(f"{MESSAGE}try-again", desk_writing.try_again, name="desk_try_again"),
    path(f"{MESSAGE}forward", desk_dialogs.forward, name="desk_forward"),
    path(f"{MESSAGE}split", desk_dialogs.split, name="desk_split"),
    path(ONE, desk.show, name="show"),
    path(f"{ONE}open", desk_news.open_conversation, name="desk_open"),
    path(f"{ONE}earlier", desk.earlier, name="desk_earlier"),
    path(f"{ONE}seen", desk_acts.seen, name="desk_seen"),
    path(f"{ONE}act", desk_acts.act, name="desk_act"),
    path(f"{ONE}assignees", desk_acts.assignees, name="desk_assignees"),
    path(f"{ONE}draft", desk_writing.draft, name="desk_draft"),
    path(f"{ONE}drafts", desk_writing.drafts, name="desk_drafts"),
    path(f"{ONE}send", desk_writing.send, name="desk_send"),
    path(f"{ONE}note", desk_writing.note, name="desk_note"),
    path(f"{ONE}macro", desk_writing.use_macro, name="desk_macro_use"),
    path(f"{ONE}merge", desk_dialogs.merge, name="desk_merge"),
    path("settings/macros", macros.macro_list, name="macros"),
    path("settings/macros/new", macros.create, name="create_macro"),
    path("settings/macros/preview", macros.preview, name="preview_macro"),
    path("settings/macros/<str:public_id>", macros.change, name="macro"),
    path("settings/macros/<str:public_id>/remove", macros.remove, name="remove_macro"),
    path(f"{ONE}subject", desk_dialogs.subject, name="desk_subject"),
]
