"""The fields of a file of complaints and what their columns are often called."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.conversations.choices import ChannelKind
from guanxi.core import ids
from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.importing.choices import ValueKind
from guanxi.importing.targets import Field

NARRATIVE_LIMIT = 100_000
NAME_LIMIT = 200

CHANNELS: dict[str, str] = {
    **dict.fromkeys(("email", "e-mail", "mail message", "邮件", "电子邮件"), ChannelKind.EMAIL.value),
    **dict.fromkeys(("chat", "web chat", "在线客服", "在线"), ChannelKind.CHAT.value),
    **dict.fromkeys(("web", "website", "form", "web form", "online", "网站", "网页", "表单"), ChannelKind.FORM.value),
    **dict.fromkeys(("phone", "telephone", "call", "电话", "来电", "热线"), ChannelKind.PHONE.value),
    **dict.fromkeys(("visit", "in person", "branch", "store", "来访", "上门", "门店"), ChannelKind.VISIT.value),
    **dict.fromkeys(("letter", "post", "postal mail", "mail", "信件", "来信", "信函"), ChannelKind.LETTER.value),
    **dict.fromkeys(("fax", "传真"), ChannelKind.FAX.value),
}
# Where a file's mapping does not say which states are open ones.
OPEN_STATUSES = frozenset(
    {
        "open", "new", "in progress", "pending", "in hand", "active", "waiting", "unresolved", "reopened", "assigned",
        "新建", "处理中", "未处理", "待处理", "未结", "未结案", "受理中", "跟进中", "进行中", "未解决", "已受理", "调查中",
    }
)  # fmt: skip


def check_number(value: str) -> str:
    """A complaint's number elsewhere, unless it could be mistaken for one of ours."""
    if ids.is_reserved(value):
        raise InvalidInput(_("has the form of one of our own ids"))
    return value


def _name(key: str, label: object, aliases: tuple[str, ...]) -> Field:
    """A field that holds one name."""
    return Field(key, label, max_length=NAME_LIMIT, aliases=aliases)  # type: ignore[arg-type]


FIELDS = (
    Field("complaint", gettext_lazy("Complaint number"), ValueKind.IDENTIFIER, max_length=120, check=check_number,
          aliases=("complaint id", "complaint no", "complaint number", "case id", "case number", "ticket", "ticket id", "reference", "id",
                   "投诉编号", "投诉单号", "工单号", "工单编号", "受理编号", "编号", "单号")),
    Field("date", gettext_lazy("Received on"), ValueKind.MOMENT, is_required=True, needs_value=True,
          aliases=("date received", "received", "received at", "opened", "opened at", "created", "created at", "complaint date", "date",
                   "投诉时间", "投诉日期", "受理时间", "受理日期", "登记时间", "创建时间", "日期", "时间")),
    Field("subject", gettext_lazy("Subject"), max_length=255, aliases=("title", "summary", "topic", "标题", "主题", "投诉主题")),
    Field("narrative", gettext_lazy("In the customer's words"), max_length=NARRATIVE_LIMIT, has_lines=True,
          aliases=("complaint narrative", "consumer complaint narrative", "description", "complaint text", "text", "content", "details", "complaint",
                   "投诉内容", "投诉详情", "内容", "详情", "描述", "诉求内容")),
    _name("product", pgettext_lazy("complaints file", "Product"), ("product name", "产品", "产品名称", "商品", "商品名称", "业务")),
    _name("sub_product", gettext_lazy("Sub-product"), ("subproduct", "product type", "子产品", "产品类型")),
    _name("issue", gettext_lazy("Issue"), ("problem", "category", "complaint type", "reason", "问题", "投诉类别", "投诉类型", "问题类型", "类别")),
    _name("sub_issue", gettext_lazy("Sub-issue"), ("subissue", "sub category", "子问题", "问题细类", "投诉小类")),
    _name("company", gettext_lazy("Responsible firm"), ("company name", "responsible unit", "supplier", "merchant", "被投诉单位", "责任单位", "被投诉企业", "商家", "公司")),
    Field("channel", gettext_lazy("Channel"), max_length=60, aliases=("submitted via", "via", "source channel", "渠道", "来源渠道", "投诉渠道", "投诉方式")),
    Field("status", pgettext_lazy("complaints file", "State"), max_length=NAME_LIMIT, aliases=("state", "company response to consumer", "outcome", "resolution", "状态", "处理状态", "处理结果", "结案状态")),
    Field("closed", gettext_lazy("Ended on"), ValueKind.MOMENT,
          aliases=("closed at", "date closed", "resolved at", "closing date", "结案时间", "结案日期", "办结时间", "关闭时间")),
    Field("response", gettext_lazy("Answer of the firm"), max_length=5_000, has_lines=True, aliases=("company public response", "answer", "reply", "答复", "答复内容", "处理意见", "回复")),
    Field("disputed", gettext_lazy("Disputed by the customer"), max_length=60, aliases=("consumer disputed?", "consumer disputed", "是否有异议", "异议")),
    Field("customer", gettext_lazy("Customer id"), ValueKind.IDENTIFIER, check=check_number,
          aliases=("customer id", "customerid", "customer no", "customer number", "account", "member id", "客户编号", "客户号", "客户ID", "会员号", "会员编号")),
)  # fmt: skip
