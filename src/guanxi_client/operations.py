"""Every operation of the API as a method. Written by `script/client` from the OpenAPI document."""  # house: length: one method for each operation, and nobody writes it by hand

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

from guanxi_client import types


class Operations:
    """The operations; `Client` sends them."""

    def call(self, method: str, path: str, query: Any = None, body: Any = None, if_match: str | None = None) -> Any:
        """Make one call."""
        raise NotImplementedError

    def approvals_list_approvals(self, *, show: Literal["all", "mine", "ended"] | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.ApprovalPage:
        """List approvals, the newest first."""
        return self.call("GET", "/api/v1/approvals", {"show": show, "limit": limit, "after": after, **more})

    def approvals_read_approval(self, approval_id: str, **more: Any) -> types.ApprovalData:
        """Read one approval."""
        return self.call("GET", f"/api/v1/approvals/{quote(approval_id, safe='')}", {**more})

    def approvals_decide(self, approval_id: str, body: types.Word) -> types.ApprovalData:
        """Give one's word on an approval."""
        return self.call("POST", f"/api/v1/approvals/{quote(approval_id, safe='')}/decide", None, body)

    def approvals_delegate(self, approval_id: str, body: types.Delegation) -> types.ApprovalData:
        """Let somebody else decide in one's place."""
        return self.call("POST", f"/api/v1/approvals/{quote(approval_id, safe='')}/delegate", None, body)

    def approvals_withdraw(self, approval_id: str) -> types.ApprovalData:
        """Withdraw what one asked for."""
        return self.call("POST", f"/api/v1/approvals/{quote(approval_id, safe='')}/withdraw", None)

    def cases_list_cases(self, *, state: Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"] | Literal[''] | None = None, type: Literal["enquiry", "request", "repair", "complaint", "grievance", "suggestion", "praise", "order", "follow_up"] | Literal[''] | None = None, owner: str | None = None, customer: str | None = None, parent: str | None = None, opened_from: str | None | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.CasePage:
        """List cases, the newest first."""
        return self.call("GET", "/api/v1/cases", {"state": state, "type": type, "owner": owner, "customer": customer, "parent": parent, "opened_from": opened_from, "limit": limit, "after": after, **more})

    def cases_create(self, body: types.CaseInput) -> types.CaseData:
        """Open a case."""
        return self.call("POST", "/api/v1/cases", None, body)

    def cases_read(self, case_id: str, **more: Any) -> types.CaseData:
        """Read one case."""
        return self.call("GET", f"/api/v1/cases/{quote(case_id, safe='')}", {**more})

    def cases_change(self, case_id: str, body: types.CaseChange, *, if_match: str | None = None) -> types.CaseData:
        """Change a case, move it on, close it."""
        return self.call("PATCH", f"/api/v1/cases/{quote(case_id, safe='')}", None, body, if_match=if_match)

    def cases_list_links(self, case_id: str, **more: Any) -> types.CaseLinkItems:
        """List what a case concerns."""
        return self.call("GET", f"/api/v1/cases/{quote(case_id, safe='')}/links", {**more})

    def cases_create_link(self, case_id: str, body: types.LinkInput) -> types.CaseLinkData:
        """Say that a case concerns a record."""
        return self.call("POST", f"/api/v1/cases/{quote(case_id, safe='')}/links", None, body)

    def cases_remove_link(self, case_id: str, number: str) -> None:
        """Say that a case does not concern a record."""
        self.call("DELETE", f"/api/v1/cases/{quote(case_id, safe='')}/links/{quote(number, safe='')}", None)

    def causes_list_causes(self, *, retired: bool | None = None, **more: Any) -> types.CauseItems:
        """List the causes of complaints in the order of their tree."""
        return self.call("GET", "/api/v1/causes", {"retired": retired, **more})

    def causes_create_cause(self, body: types.CauseInput) -> types.CauseData:
        """Enter a cause of complaints."""
        return self.call("POST", "/api/v1/causes", None, body)

    def causes_change_cause(self, number: str, body: types.CauseChange) -> types.CauseData:
        """Rename a cause, or take it out of use."""
        return self.call("PATCH", f"/api/v1/causes/{quote(number, safe='')}", None, body)

    def clocks_list_clocks(self, *, case: str | None = None, sort: Literal["first_answer", "next_answer", "solution", ""] | None = None, open: bool | None | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.ClockPage:
        """List clocks of cases, the newest first."""
        return self.call("GET", "/api/v1/clocks", {"case": case, "sort": sort, "open": open, "limit": limit, "after": after, **more})

    def clocks_get_clock(self, clock_id: str, **more: Any) -> types.ClockWithHistory:
        """Read one clock with its history."""
        return self.call("GET", f"/api/v1/clocks/{quote(clock_id, safe='')}", {**more})

    def complaints_list_complaints(self, *, state: Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"] | Literal["", "live"] | None = None, step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"] | Literal[''] | None = None, grade: Literal["ordinary", "major", "group", "public"] | Literal[''] | None = None, authority: Literal["12315", "12345", "other"] | Literal["", "any"] | None = None, unit: int | None | None = None, cause: int | None | None = None, owner: str | None = None, customer: str | None = None, opened_from: str | None | None = None, opened_before: str | None | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.ComplaintPage:
        """List complaints, the newest first."""
        return self.call("GET", "/api/v1/complaints", {"state": state, "step": step, "grade": grade, "authority": authority, "unit": unit, "cause": cause, "owner": owner, "customer": customer, "opened_from": opened_from, "opened_before": opened_before, "limit": limit, "after": after, **more})

    def complaints_read(self, complaint_id: str, **more: Any) -> types.ComplaintData:
        """Read one complaint and what it lacks."""
        return self.call("GET", f"/api/v1/complaints/{quote(complaint_id, safe='')}", {**more})

    def complaints_record(self, complaint_id: str, body: types.ComplaintRecord, *, if_match: str | None = None) -> types.ComplaintData:
        """Record what is known of a complaint."""
        return self.call("PATCH", f"/api/v1/complaints/{quote(complaint_id, safe='')}", None, body, if_match=if_match)

    def complaints_answer_authority(self, complaint_id: str, body: types.AuthorityAnswer) -> types.ComplaintData:
        """Note that the authority was answered."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/answer-authority", None, body)

    def complaints_close(self, complaint_id: str, body: types.MoveInput) -> types.ComplaintData:
        """Close a complaint that lacks nothing."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/close", None, body)

    def complaints_decide_objection(self, complaint_id: str, body: types.ObjectionDecision) -> types.ComplaintData:
        """Decide the objection of a unit."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/decide-objection", None, body)

    def complaints_end_step(self, complaint_id: str, body: types.StepEnd) -> types.ComplaintData:
        """End the step that is under way."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/end-step", None, body)

    def complaints_add_evidence(self, complaint_id: str, body: types.EvidenceInput) -> types.ComplaintData:
        """Add evidence or a statement to a complaint."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/evidence", None, body)

    def complaints_file(self, complaint_id: str, *, language: Literal["en", "zh-hans", ""] | None = None, **more: Any) -> types.DocumentData:
        """The file of a complaint as PDF."""
        return self.call("GET", f"/api/v1/complaints/{quote(complaint_id, safe='')}/file", {"language": language, **more})

    def complaints_note_last_word(self, complaint_id: str, body: types.LastWordInput) -> types.ComplaintData:
        """Note what the customer said at the end."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/last-word", None, body)

    def complaints_object_to_unit(self, complaint_id: str, body: types.ObjectionInput) -> types.ComplaintData:
        """Object to being responsible, once."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/object", None, body)

    def complaints_plan_remedy(self, complaint_id: str, body: types.RemedyInput) -> types.ComplaintData:
        """Plan a remedy."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/remedies", None, body)

    def complaints_drop_remedy(self, complaint_id: str, remedy_id: str, body: types.ReasonInput) -> types.ComplaintData:
        """Drop a remedy."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/remedies/{quote(remedy_id, safe='')}/drop", None, body)

    def complaints_finish_remedy(self, complaint_id: str, remedy_id: str, body: types.RemedyDone) -> types.ComplaintData:
        """Note that a remedy is done."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/remedies/{quote(remedy_id, safe='')}/finish", None, body)

    def complaints_reopen(self, complaint_id: str, body: types.MoveInput) -> types.ComplaintData:
        """Open a complaint again."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/reopen", None, body)

    def complaints_reply(self, complaint_id: str, *, language: Literal["en", "zh-hans", ""] | None = None, **more: Any) -> types.DocumentData:
        """The reply to the authority as PDF."""
        return self.call("GET", f"/api/v1/complaints/{quote(complaint_id, safe='')}/reply", {"language": language, **more})

    def complaints_enter_responsibility(self, complaint_id: str, body: types.ResponsibilityInput) -> types.ComplaintData:
        """Enter what the unit answers for."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/responsibility", None, body)

    def complaints_sum_up(self, complaint_id: str, body: types.SummaryInput) -> types.ComplaintData:
        """Sum a complaint up: cause, whys, prevention."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/sum-up", None, body)

    def complaints_tell(self, complaint_id: str, body: types.TellingInput) -> types.ComplaintData:
        """Note what the customer was told."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/tell", None, body)

    def complaints_settle_unit(self, complaint_id: str, body: types.UnitChoice) -> types.ComplaintData:
        """Settle which unit is responsible."""
        return self.call("POST", f"/api/v1/complaints/{quote(complaint_id, safe='')}/unit", None, body)

    def consents_read_consents(self, *, customer: str | None = None, **more: Any) -> types.ConsentItems:
        """What a customer allows."""
        return self.call("GET", "/api/v1/consents", {"customer": customer, **more})

    def consents_record(self, body: types.ConsentInput) -> types.ConsentItems:
        """Record what a customer said."""
        return self.call("POST", "/api/v1/consents", None, body)

    def conversations_list_conversations(self, *, state: Literal["open", "done"] | Literal[''] | None = None, assignee: str | None = None, customer: str | None = None, waiting: bool | None | None = None, changed_from: str | None | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.ConversationPage:
        """List conversations, the one begun last first."""
        return self.call("GET", "/api/v1/conversations", {"state": state, "assignee": assignee, "customer": customer, "waiting": waiting, "changed_from": changed_from, "limit": limit, "after": after, **more})

    def conversations_read(self, conversation_id: str, **more: Any) -> types.ConversationData:
        """Read one conversation."""
        return self.call("GET", f"/api/v1/conversations/{quote(conversation_id, safe='')}", {**more})

    def conversations_change(self, conversation_id: str, body: types.ConversationChange, *, if_match: str | None = None) -> types.ConversationData:
        """Assign a conversation, finish it, open it again, settle whose it is."""
        return self.call("PATCH", f"/api/v1/conversations/{quote(conversation_id, safe='')}", None, body, if_match=if_match)

    def conversations_list_messages(self, conversation_id: str, *, limit: int | None = None, after: str | None = None, **more: Any) -> types.MessagePage:
        """Read the entries of a conversation in order."""
        return self.call("GET", f"/api/v1/conversations/{quote(conversation_id, safe='')}/messages", {"limit": limit, "after": after, **more})

    def conversations_write_note(self, conversation_id: str, body: types.NoteInput) -> types.MessageData:
        """Note something for colleagues."""
        return self.call("POST", f"/api/v1/conversations/{quote(conversation_id, safe='')}/notes", None, body)

    def conversations_reply(self, conversation_id: str, body: types.ReplyInput) -> types.MessageData:
        """Answer."""
        return self.call("POST", f"/api/v1/conversations/{quote(conversation_id, safe='')}/reply", None, body)

    def customers_list_customers(self, *, q: str | None = None, kind: Literal["person", "organisation", "internal"] | Literal[''] | None = None, tier: Literal["vip", "major", "ordinary", "small"] | Literal[''] | None = None, status: Literal["active", "dormant", "archived"] | Literal[''] | None = None, owner: str | None = None, updated_since: str | None | None = None, sort: Literal["name", "-name", "city", "-city", "net_revenue", "-net_revenue", "orders", "-orders", "last_order_on", "-last_order_on", "created_at", "-created_at", "updated_at", "-updated_at"] | Literal[''] | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.CustomerPage:
        """List customers, the best first."""
        return self.call("GET", "/api/v1/customers", {"q": q, "kind": kind, "tier": tier, "status": status, "owner": owner, "updated_since": updated_since, "sort": sort, "limit": limit, "after": after, **more})

    def customers_create(self, body: types.CustomerInput, *, refuse_duplicates: bool | None = None) -> types.CustomerEntered:
        """Enter a customer."""
        return self.call("POST", "/api/v1/customers", {"refuse_duplicates": refuse_duplicates}, body)

    def customers_list_duplicates(self, *, min_score: float | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.DuplicatePairs:
        """List possible duplicates, the most likely first."""
        return self.call("GET", "/api/v1/customers/duplicates", {"min_score": min_score, "limit": limit, "after": after, **more})

    def customers_look(self, body: types.CustomerInput) -> types.PossibleDuplicates:
        """Look who on record may be the same, entering nobody."""
        return self.call("POST", "/api/v1/customers/duplicates/look", None, body)

    def customers_look_up(self, *, phone: str | None = None, email: str | None = None, wechat: str | None = None, address: str | None = None, kind: Literal["phone", "email", "wechat", "address"] | None | None = None, value: str | None = None, **more: Any) -> types.CustomerItems:
        """Find customers by a way to reach them."""
        return self.call("GET", "/api/v1/customers/lookup", {"phone": phone, "email": email, "wechat": wechat, "address": address, "kind": kind, "value": value, **more})

    def customers_undo(self, body: types.UndoInput) -> types.Taken:
        """Take an operation on customers back."""
        return self.call("POST", "/api/v1/customers/undo", None, body)

    def customers_delete(self, customer_id: str, *, if_match: str | None = None) -> types.Taken:
        """Delete a customer, or put it away."""
        return self.call("DELETE", f"/api/v1/customers/{quote(customer_id, safe='')}", None, if_match=if_match)

    def customers_read_customer(self, customer_id: str, **more: Any) -> types.CustomerDetails:
        """Read one customer."""
        return self.call("GET", f"/api/v1/customers/{quote(customer_id, safe='')}", {**more})

    def customers_change(self, customer_id: str, body: types.CustomerChange, *, if_match: str | None = None) -> types.CustomerDetails:
        """Change a customer."""
        return self.call("PATCH", f"/api/v1/customers/{quote(customer_id, safe='')}", None, body, if_match=if_match)

    def customers_list_contact_points(self, customer_id: str, **more: Any) -> types.ContactPointItems:
        """How a customer can be reached."""
        return self.call("GET", f"/api/v1/customers/{quote(customer_id, safe='')}/contact-points", {**more})

    def customers_add_contact_point(self, customer_id: str, body: types.ContactPointInput, *, if_match: str | None = None) -> types.ContactPointData:
        """Add a contact point."""
        return self.call("POST", f"/api/v1/customers/{quote(customer_id, safe='')}/contact-points", None, body, if_match=if_match)

    def customers_remove_contact_point(self, customer_id: str, point_id: str, *, if_match: str | None = None) -> types.Taken:
        """Take a contact point away."""
        return self.call("DELETE", f"/api/v1/customers/{quote(customer_id, safe='')}/contact-points/{quote(point_id, safe='')}", None, if_match=if_match)

    def customers_change_contact_point(self, customer_id: str, point_id: str, body: types.ContactPointChange, *, if_match: str | None = None) -> types.ContactPointData:
        """Change a contact point."""
        return self.call("PATCH", f"/api/v1/customers/{quote(customer_id, safe='')}/contact-points/{quote(point_id, safe='')}", None, body, if_match=if_match)

    def customers_list_duplicates_of(self, customer_id: str, *, min_score: float | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.DuplicatePairs:
        """List who may be the same as one customer."""
        return self.call("GET", f"/api/v1/customers/{quote(customer_id, safe='')}/duplicates", {"min_score": min_score, "limit": limit, "after": after, **more})

    def customers_merge(self, customer_id: str, body: types.MergeInput) -> types.MergeItems:
        """Merge customers into this one."""
        return self.call("POST", f"/api/v1/customers/{quote(customer_id, safe='')}/merge", None, body)

    def customers_list_merges(self, customer_id: str, **more: Any) -> types.MergeItems:
        """List what was merged into this customer."""
        return self.call("GET", f"/api/v1/customers/{quote(customer_id, safe='')}/merges", {**more})

    def customers_list_relations(self, customer_id: str, **more: Any) -> types.RelationItems:
        """How a customer stands to others."""
        return self.call("GET", f"/api/v1/customers/{quote(customer_id, safe='')}/relations", {**more})

    def customers_relate(self, customer_id: str, body: types.RelationInput) -> types.RelationData:
        """Relate a customer to another one."""
        return self.call("POST", f"/api/v1/customers/{quote(customer_id, safe='')}/relations", None, body)

    def customers_remove_relation(self, customer_id: str, relation_id: str) -> types.Taken:
        """Take a relation away."""
        return self.call("DELETE", f"/api/v1/customers/{quote(customer_id, safe='')}/relations/{quote(relation_id, safe='')}", None)

    def customers_change_relation(self, customer_id: str, relation_id: str, body: types.RelationFields) -> types.RelationData:
        """Change a relation."""
        return self.call("PATCH", f"/api/v1/customers/{quote(customer_id, safe='')}/relations/{quote(relation_id, safe='')}", None, body)

    def customers_read_timeline(self, customer_id: str, *, kind: str | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.TimelinePage:
        """What happened with a customer."""
        return self.call("GET", f"/api/v1/customers/{quote(customer_id, safe='')}/timeline", {"kind": kind, "limit": limit, "after": after, **more})

    def about_read_health(self, **more: Any) -> types.Health:
        """Whether the installation serves."""
        return self.call("GET", "/api/v1/health", {**more})

    def history_read_history(self, *, q: str | None = None, kind: str | None = None, record: str | None = None, customer: str | None = None, actor: str | None = None, means: str | None = None, operation: str | None = None, since: str | None = None, until: str | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.HistoryPage:
        """Read the history of changes, newest first."""
        return self.call("GET", "/api/v1/history", {"q": q, "kind": kind, "record": record, "customer": customer, "actor": actor, "means": means, "operation": operation, "since": since, "until": until, "limit": limit, "after": after, **more})

    def history_read_operation(self, operation_id: str, **more: Any) -> types.HistoryAct:
        """Read one operation with its changes."""
        return self.call("GET", f"/api/v1/history/{quote(operation_id, safe='')}", {**more})

    def imports_list_imports(self, *, limit: int | None = None, after: str | None = None, **more: Any) -> types.ImportItems:
        """List imports, the newest first."""
        return self.call("GET", "/api/v1/imports", {"limit": limit, "after": after, **more})

    def imports_discard(self, import_id: str) -> None:
        """Forget an upload."""
        self.call("DELETE", f"/api/v1/imports/{quote(import_id, safe='')}", None)

    def imports_read_import(self, import_id: str, **more: Any) -> types.ImportData:
        """Read one import and how far it is."""
        return self.call("GET", f"/api/v1/imports/{quote(import_id, safe='')}", {**more})

    def imports_check(self, import_id: str) -> types.ImportData:
        """Read and check every row (a dry run)."""
        return self.call("POST", f"/api/v1/imports/{quote(import_id, safe='')}/check", None)

    def imports_settle_columns(self, import_id: str, body: types.ColumnsInput) -> types.ImportData:
        """Settle the columns."""
        return self.call("PUT", f"/api/v1/imports/{quote(import_id, safe='')}/columns", None, body)

    def imports_commit(self, import_id: str, body: types.ImportCommit | None) -> types.ImportData:
        """Write the checked rows."""
        return self.call("POST", f"/api/v1/imports/{quote(import_id, safe='')}/commit", None, body)

    def imports_list_refused(self, import_id: str, *, limit: int | None = None, after: str | None = None, **more: Any) -> types.RefusedPage:
        """The rows that were refused."""
        return self.call("GET", f"/api/v1/imports/{quote(import_id, safe='')}/refused", {"limit": limit, "after": after, **more})

    def imports_undo(self, import_id: str, body: types.ImportUndo) -> types.ImportData:
        """Take an import back."""
        return self.call("POST", f"/api/v1/imports/{quote(import_id, safe='')}/undo", None, body)

    def merges_undo(self, merge_id: str) -> types.PartedData:
        """Undo a merge."""
        return self.call("POST", f"/api/v1/merges/{quote(merge_id, safe='')}/undo", None)

    def orders_list_orders(self, *, customer: str | None = None, number: str | None = None, kind: Literal["sale", "return", "adjustment", ""] | None = None, since: str | None | None = None, until: str | None | None = None, sort: Literal["ordered_at", "-ordered_at"] | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.OrderPage:
        """List orders, the newest first."""
        return self.call("GET", "/api/v1/orders", {"customer": customer, "number": number, "kind": kind, "since": since, "until": until, "sort": sort, "limit": limit, "after": after, **more})

    def orders_read_order(self, order_id: str, **more: Any) -> types.OrderDetails:
        """Read one order."""
        return self.call("GET", f"/api/v1/orders/{quote(order_id, safe='')}", {**more})

    def own_hours_list_hours(self, *, customer: str | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.OwnHoursPage:
        """List who has a working calendar of their own."""
        return self.call("GET", "/api/v1/own-hours", {"customer": customer, "limit": limit, "after": after, **more})

    def own_hours_set_hours(self, body: types.OwnHoursInput) -> types.OwnHoursData:
        """Give a customer or a department a working calendar of its own."""
        return self.call("PUT", "/api/v1/own-hours", None, body)

    def presence_list_presence(self, **more: Any) -> types.PresenceItems:
        """Who is there, and with what load."""
        return self.call("GET", "/api/v1/presence", {**more})

    def presence_own(self, **more: Any) -> types.PresenceData:
        """One's own state."""
        return self.call("GET", "/api/v1/presence/me", {**more})

    def presence_choose(self, body: types.PresenceInput) -> types.PresenceData:
        """Be in another state."""
        return self.call("PUT", "/api/v1/presence/me", None, body)

    def presence_still_here(self) -> None:
        """Say that one is still there."""
        self.call("POST", "/api/v1/presence/me/beat", None)

    def presence_choose_for(self, user_id: str, body: types.PresenceInput) -> types.PresenceData:
        """Put somebody else into a state."""
        return self.call("PUT", f"/api/v1/presence/{quote(user_id, safe='')}", None, body)

    def products_list_products(self, *, code: str | None = None, q: str | None = None, sort: Literal["code", "name"] | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.ProductPage:
        """List products."""
        return self.call("GET", "/api/v1/products", {"code": code, "q": q, "sort": sort, "limit": limit, "after": after, **more})

    def products_read_product(self, product_id: str, **more: Any) -> types.ProductData:
        """Read one product."""
        return self.call("GET", f"/api/v1/products/{quote(product_id, safe='')}", {**more})

    def promises_list_promises(self, *, state: Literal["open", "kept", "kept_late", "broken", "released"] | Literal[''] | None = None, owner: str | None = None, customer: str | None = None, case: str | None = None, due_from: str | None | None = None, due_before: str | None | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.PromisePage:
        """List promises, the newest first."""
        return self.call("GET", "/api/v1/promises", {"state": state, "owner": owner, "customer": customer, "case": case, "due_from": due_from, "due_before": due_before, "limit": limit, "after": after, **more})

    def promises_make(self, body: types.PromiseInput) -> types.PromiseData:
        """Write down what was promised to a customer."""
        return self.call("POST", "/api/v1/promises", None, body)

    def promises_read(self, promise_id: str, **more: Any) -> types.PromiseData:
        """Read one promise."""
        return self.call("GET", f"/api/v1/promises/{quote(promise_id, safe='')}", {**more})

    def promises_give_up(self, promise_id: str, body: types.PromiseReason) -> types.PromiseData:
        """Say that a promise will not be kept."""
        return self.call("POST", f"/api/v1/promises/{quote(promise_id, safe='')}/break", None, body)

    def promises_keep(self, promise_id: str, body: types.PromiseNote) -> types.PromiseData:
        """Note that a promise was kept."""
        return self.call("POST", f"/api/v1/promises/{quote(promise_id, safe='')}/keep", None, body)

    def promises_move(self, promise_id: str, body: types.PromiseMove) -> types.PromiseData:
        """Move a promise to a moment the customer agreed to."""
        return self.call("POST", f"/api/v1/promises/{quote(promise_id, safe='')}/move", None, body)

    def promises_release(self, promise_id: str, body: types.PromiseReason) -> types.PromiseData:
        """Note that the customer released us from a promise."""
        return self.call("POST", f"/api/v1/promises/{quote(promise_id, safe='')}/release", None, body)

    def queues_list_queues(self, **more: Any) -> types.QueueItems:
        """List the queues with their counts."""
        return self.call("GET", "/api/v1/queues", {**more})

    def queues_create(self, body: types.QueueInput) -> types.QueueData:
        """Make a queue."""
        return self.call("POST", "/api/v1/queues", None, body)

    def queues_remove(self, queue_id: str) -> None:
        """Remove a queue that never had any work."""
        self.call("DELETE", f"/api/v1/queues/{quote(queue_id, safe='')}", None)

    def queues_read(self, queue_id: str, **more: Any) -> types.QueueData:
        """Read one queue."""
        return self.call("GET", f"/api/v1/queues/{quote(queue_id, safe='')}", {**more})

    def queues_change(self, queue_id: str, body: types.QueueChange, *, if_match: str | None = None) -> types.QueueData:
        """Change a queue."""
        return self.call("PATCH", f"/api/v1/queues/{quote(queue_id, safe='')}", None, body, if_match=if_match)

    def queues_list_assignments(self, queue_id: str, **more: Any) -> types.AssignmentItems:
        """Who got what of a queue, and why."""
        return self.call("GET", f"/api/v1/queues/{quote(queue_id, safe='')}/assignments", {**more})

    def queues_list_members(self, queue_id: str, **more: Any) -> types.MemberItems:
        """The members of a queue, their state and load."""
        return self.call("GET", f"/api/v1/queues/{quote(queue_id, safe='')}/members", {**more})

    def queues_set_members(self, queue_id: str, body: types.MembersInput) -> types.MemberItems:
        """Say who is in a queue."""
        return self.call("PUT", f"/api/v1/queues/{quote(queue_id, safe='')}/members", None, body)

    def remedy_kinds_list_kinds(self, *, retired: bool | None = None, **more: Any) -> types.RemedyKindItems:
        """List the ways of making good."""
        return self.call("GET", "/api/v1/remedy-kinds", {"retired": retired, **more})

    def remedy_kinds_create_kind(self, body: types.RemedyKindInput) -> types.RemedyKindData:
        """Enter a way of making good."""
        return self.call("POST", "/api/v1/remedy-kinds", None, body)

    def remedy_kinds_change_kind(self, number: str, body: types.RemedyKindChange) -> types.RemedyKindData:
        """Change a way of making good."""
        return self.call("PATCH", f"/api/v1/remedy-kinds/{quote(number, safe='')}", None, body)

    def requests_list_requests(self, *, view: Literal["open", "overdue", "soon", "mine", "settled"] | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.DataRequestItems:
        """List requests about personal data."""
        return self.call("GET", "/api/v1/requests", {"view": view, "limit": limit, "after": after, **more})

    def requests_record(self, body: types.RequestFields) -> types.DataRequestData:
        """Record a request about personal data."""
        return self.call("POST", "/api/v1/requests", None, body)

    def requests_read(self, request_id: str, **more: Any) -> types.DataRequestData:
        """Read one request."""
        return self.call("GET", f"/api/v1/requests/{quote(request_id, safe='')}", {**more})

    def requests_change(self, request_id: str, body: types.RequestFields, *, if_match: str | None = None) -> types.DataRequestData:
        """Complete or correct a request."""
        return self.call("PATCH", f"/api/v1/requests/{quote(request_id, safe='')}", None, body, if_match=if_match)

    def requests_extend(self, request_id: str, body: types.ExtensionInput) -> types.DataRequestData:
        """Put a request off, once."""
        return self.call("POST", f"/api/v1/requests/{quote(request_id, safe='')}/extend", None, body)

    def requests_reopen(self, request_id: str) -> types.DataRequestData:
        """Open a settled request again."""
        return self.call("POST", f"/api/v1/requests/{quote(request_id, safe='')}/reopen", None)

    def requests_settle(self, request_id: str, body: types.SettlementInput) -> types.DataRequestData:
        """End a request with its answer."""
        return self.call("POST", f"/api/v1/requests/{quote(request_id, safe='')}/settle", None, body)

    def retention_list_rules(self, **more: Any) -> types.RuleItems:
        """List how long each kind of data is kept."""
        return self.call("GET", "/api/v1/retention/rules", {**more})

    def retention_read_rule(self, kind: str, **more: Any) -> types.RuleData:
        """Read how long one kind of data is kept."""
        return self.call("GET", f"/api/v1/retention/rules/{quote(kind, safe='')}", {**more})

    def retention_preview(self, kind: str) -> types.RunData:
        """Have it counted what would end."""
        return self.call("POST", f"/api/v1/retention/rules/{quote(kind, safe='')}/preview", None)

    def retention_list_runs(self, *, kind: str | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.RunItems:
        """List runs of retention, the newest first."""
        return self.call("GET", "/api/v1/retention/runs", {"kind": kind, "limit": limit, "after": after, **more})

    def retention_read_run(self, run_id: str, **more: Any) -> types.RunData:
        """Read one run of retention and how far it is."""
        return self.call("GET", f"/api/v1/retention/runs/{quote(run_id, safe='')}", {**more})

    def retention_begin(self, run_id: str, body: types.BeginInput) -> types.RunData:
        """Let a run begin from its preview."""
        return self.call("POST", f"/api/v1/retention/runs/{quote(run_id, safe='')}/begin", None, body)

    def retention_stop(self, run_id: str) -> types.RunData:
        """Stop a run of retention."""
        return self.call("POST", f"/api/v1/retention/runs/{quote(run_id, safe='')}/stop", None)

    def rules_list_rules(self, **more: Any) -> types.WorkflowRuleList:
        """List the rules in their order."""
        return self.call("GET", "/api/v1/rules", {**more})

    def rules_create_rule(self, body: types.RuleInput) -> types.WorkflowRuleData:
        """Write a rule."""
        return self.call("POST", "/api/v1/rules", None, body)

    def rules_list_parts(self, **more: Any) -> types.Parts:
        """What rules can be made of."""
        return self.call("GET", "/api/v1/rules/parts", {**more})

    def rules_remove_rule(self, rule_id: str) -> None:
        """Take a rule away that never did anything."""
        self.call("DELETE", f"/api/v1/rules/{quote(rule_id, safe='')}", None)

    def rules_read_rule(self, rule_id: str, **more: Any) -> types.WorkflowRuleData:
        """Read one rule."""
        return self.call("GET", f"/api/v1/rules/{quote(rule_id, safe='')}", {**more})

    def rules_change_rule(self, rule_id: str, body: types.RuleChange) -> types.WorkflowRuleData:
        """Change a rule."""
        return self.call("PATCH", f"/api/v1/rules/{quote(rule_id, safe='')}", None, body)

    def rules_try_rule(self, rule_id: str, **more: Any) -> types.DryRunData:
        """What a rule would have done lately."""
        return self.call("GET", f"/api/v1/rules/{quote(rule_id, safe='')}/dry-run", {**more})

    def rules_list_firings(self, rule_id: str, *, outcome: Literal["fired", "not_met", "limited", "stopped_loop", "failed", ""] | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.FiringPage:
        """What a rule did and why, the newest first."""
        return self.call("GET", f"/api/v1/rules/{quote(rule_id, safe='')}/firings", {"outcome": outcome, "limit": limit, "after": after, **more})

    def rules_switch_rule(self, rule_id: str, body: types.RuleSwitch) -> types.WorkflowRuleData:
        """Switch a rule on or off."""
        return self.call("POST", f"/api/v1/rules/{quote(rule_id, safe='')}/switch", None, body)

    def search_find(self, *, q: str | None = None, kind: str | None = None, limit: int | None = None, **more: Any) -> types.HitItems:
        """Search everything."""
        return self.call("GET", "/api/v1/search", {"q": q, "kind": kind, "limit": limit, **more})

    def tasks_list_tasks(self, *, state: Literal["open", "done", "dropped", ""] | None = None, assignee: str | None = None, about: str | None = None, due_before: str | None | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.TaskPage:
        """List tasks, the newest first."""
        return self.call("GET", "/api/v1/tasks", {"state": state, "assignee": assignee, "about": about, "due_before": due_before, "limit": limit, "after": after, **more})

    def tasks_create(self, body: types.TaskInput) -> types.TaskData:
        """Set a task."""
        return self.call("POST", "/api/v1/tasks", None, body)

    def tasks_list_notifications(self, *, unread: bool | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.NotificationPage:
        """The newest notifications of the caller."""
        return self.call("GET", "/api/v1/tasks/notifications", {"unread": unread, "limit": limit, "after": after, **more})

    def tasks_remove(self, task_id: str) -> None:
        """Take a task back."""
        self.call("DELETE", f"/api/v1/tasks/{quote(task_id, safe='')}", None)

    def tasks_read(self, task_id: str, **more: Any) -> types.TaskData:
        """Read one task."""
        return self.call("GET", f"/api/v1/tasks/{quote(task_id, safe='')}", {**more})

    def tasks_change(self, task_id: str, body: types.TaskChange, *, if_match: str | None = None) -> types.TaskData:
        """Change a task, end it, open it again."""
        return self.call("PATCH", f"/api/v1/tasks/{quote(task_id, safe='')}", None, body, if_match=if_match)

    def tiers_read_tiers(self, **more: Any) -> types.TierFigures:
        """The customer pyramid and the classes."""
        return self.call("GET", "/api/v1/tiers", {**more})

    def token_read_token(self, **more: Any) -> types.TokenData:
        """What this token may be used for."""
        return self.call("GET", "/api/v1/token", {**more})

    def units_list_units(self, *, retired: bool | None = None, **more: Any) -> types.UnitItems:
        """List who can be responsible for complaints."""
        return self.call("GET", "/api/v1/units", {"retired": retired, **more})

    def units_create_unit(self, body: types.UnitInput) -> types.UnitData:
        """Enter a firm that can be responsible."""
        return self.call("POST", "/api/v1/units", None, body)

    def units_change_unit(self, number: str, body: types.UnitChange) -> types.UnitData:
        """Rename a responsible unit, or take it out of use."""
        return self.call("PATCH", f"/api/v1/units/{quote(number, safe='')}", None, body)

    def users_list_users(self, *, limit: int | None = None, after: str | None = None, **more: Any) -> types.UserPage:
        """List users."""
        return self.call("GET", "/api/v1/users", {"limit": limit, "after": after, **more})

    def users_read_me(self, **more: Any) -> types.UserData:
        """For whom the token acts."""
        return self.call("GET", "/api/v1/users/me", {**more})

    def users_read_my_rights(self, **more: Any) -> types.RightsData:
        """What the user of the token may do."""
        return self.call("GET", "/api/v1/users/me/rights", {**more})

    def users_read_user(self, user_id: str, **more: Any) -> types.UserData:
        """Read one user."""
        return self.call("GET", f"/api/v1/users/{quote(user_id, safe='')}", {**more})

    def users_read_rights(self, user_id: str, **more: Any) -> types.RightsData:
        """What a user may do."""
        return self.call("GET", f"/api/v1/users/{quote(user_id, safe='')}/rights", {**more})

    def webhooks_list_webhooks(self, **more: Any) -> types.WebhookItems:
        """List webhooks."""
        return self.call("GET", "/api/v1/webhooks", {**more})

    def webhooks_create(self, body: types.WebhookInput) -> types.WebhookWithSecret:
        """Make a webhook."""
        return self.call("POST", "/api/v1/webhooks", None, body)

    def webhooks_list_types(self, **more: Any) -> types.EventTypes:
        """List the events webhooks may be told of."""
        return self.call("GET", "/api/v1/webhooks/types", {**more})

    def webhooks_remove(self, webhook_id: str) -> None:
        """Remove a webhook."""
        self.call("DELETE", f"/api/v1/webhooks/{quote(webhook_id, safe='')}", None)

    def webhooks_read(self, webhook_id: str, **more: Any) -> types.WebhookData:
        """Read one webhook."""
        return self.call("GET", f"/api/v1/webhooks/{quote(webhook_id, safe='')}", {**more})

    def webhooks_change(self, webhook_id: str, body: types.WebhookChange) -> types.WebhookData:
        """Change a webhook."""
        return self.call("PATCH", f"/api/v1/webhooks/{quote(webhook_id, safe='')}", None, body)

    def webhooks_list_messages(self, webhook_id: str, *, state: Literal["waiting", "delivered", "failed", ""] | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.MessageItems:
        """The delivery log of a webhook."""
        return self.call("GET", f"/api/v1/webhooks/{quote(webhook_id, safe='')}/messages", {"state": state, "limit": limit, "after": after, **more})

    def webhooks_replay(self, webhook_id: str, body: types.Replay) -> types.Replayed:
        """Send messages again."""
        return self.call("POST", f"/api/v1/webhooks/{quote(webhook_id, safe='')}/replay", None, body)

    def webhooks_change_secret(self, webhook_id: str) -> types.Secret:
        """Change the secret of a webhook."""
        return self.call("POST", f"/api/v1/webhooks/{quote(webhook_id, safe='')}/secret", None)

    def webhooks_send_test(self, webhook_id: str) -> types.Message:
        """Send a test message."""
        return self.call("POST", f"/api/v1/webhooks/{quote(webhook_id, safe='')}/test", None)

    def work_items_list_items(self, *, state: Literal["waiting", "assigned", "ended", "open", ""] | None = None, queue: str | None = None, assignee: str | None = None, limit: int | None = None, after: str | None = None, **more: Any) -> types.WorkItemPage:
        """List work items, the newest first."""
        return self.call("GET", "/api/v1/work-items", {"state": state, "queue": queue, "assignee": assignee, "limit": limit, "after": after, **more})

    def work_items_read(self, item_id: str, **more: Any) -> types.WorkItemData:
        """Read one work item."""
        return self.call("GET", f"/api/v1/work-items/{quote(item_id, safe='')}", {**more})

    def work_items_accept(self, item_id: str) -> types.WorkItemData:
        """Say that one has seen what one was given."""
        return self.call("POST", f"/api/v1/work-items/{quote(item_id, safe='')}/accept", None)

    def work_items_assign(self, item_id: str, body: types.PersonInput) -> types.WorkItemData:
        """Give it, or hand it over, to somebody."""
        return self.call("POST", f"/api/v1/work-items/{quote(item_id, safe='')}/assign", None, body)

    def work_items_list_assignments(self, item_id: str, **more: Any) -> types.AssignmentItems:
        """Who had it when, and why."""
        return self.call("GET", f"/api/v1/work-items/{quote(item_id, safe='')}/assignments", {**more})

    def work_items_move(self, item_id: str, body: types.QueueChoice) -> types.WorkItemData:
        """Have it wait in another queue."""
        return self.call("POST", f"/api/v1/work-items/{quote(item_id, safe='')}/move", None, body)

    def work_items_put_back(self, item_id: str) -> types.WorkItemData:
        """Give it back to its queue."""
        return self.call("POST", f"/api/v1/work-items/{quote(item_id, safe='')}/put-back", None)

    def work_items_take(self, item_id: str) -> types.WorkItemData:
        """Take what waits."""
        return self.call("POST", f"/api/v1/work-items/{quote(item_id, safe='')}/take", None)
