"""The settings of the demo company's desk: what a company of this size would write. All of it is invented."""

from typing import Any

from guanxi.demo.users import DEPARTMENTS

CALENDAR = "办公时间 Office hours"
# Minutes of the day: from nine to half past twelve, from half past one to six.
HOURS = ((540, 750), (810, 1080))
HOLIDAYS = (
    (1, 1, "元旦 New Year"),
    (5, 1, "劳动节 Labour Day"),
    (10, 1, "国庆节 National Day"),
    (10, 2, "国庆节 National Day"),
    (10, 3, "国庆节 National Day"),
    (12, 25, "圣诞节 Christmas"),
    (12, 26, "圣诞节 Boxing Day"),
)

# Code, what else, members with their levels. The first takes what no other is for.
QUEUES: tuple[tuple[str, dict[str, Any], tuple[tuple[str, int], ...]], ...] = (
    (
        "chinese",
        {
            "name": "中文客服 Chinese desk",
            "description": "中文来信、网聊和电话。Mail, chat and calls in Chinese.",
            "strategy": "longest_idle",
            "preferred_seconds": 600,
            "level_seconds": 1800,
        },
        (("agent", 1), ("owner", 2)),
    ),
    (
        "english",
        {
            "name": "英文客服 English desk",
            "description": "Mail, chat and calls in English. 英文来信、网聊和电话。",
            "strategy": "least_load",
            "preferred_seconds": 600,
            "level_seconds": 1800,
        },
        (("agent2", 1), ("manager", 2)),
    ),
    (
        "key",
        {
            "name": "大客户 Key customers",
            "description": "VIP 客户的一切来往，轮流分配。Everything from VIP customers, in turn.",
            "strategy": "round_robin",
            "accept_seconds": 300,
        },
        (("manager", 1), ("agent", 1)),
    ),
    (
        "complaints",
        {
            "name": "投诉处理 Complaints",
            "description": "由专人领取，不自动分配。Taken by hand by whoever can settle them.",
            "strategy": "manual",
        },
        (("manager", 1), ("agent", 1), ("agent2", 1)),
    ),
)
# Whose capacity differs from what everybody has.
CAPACITY: tuple[tuple[str, int, dict[str, int]], ...] = (
    ("manager", 4, {"chat": 1}),
    ("agent", 10, {"chat": 4}),
    ("agent2", 10, {"chat": 4}),
)

# The mailboxes have no servers: their pages say so until somebody enters some.
CHANNELS: dict[str, tuple[str, dict[str, Any]]] = {
    "mail-zh-hans": (
        "email",
        {
            "name": "客服邮箱 service@",
            "address": "service@brightgift.example",
            "language": "zh-hans",
            "queue_id": "chinese",
            "settings": {"sender_name": "华彩礼品客户服务"},
        },
    ),
    "mail-en": (
        "email",
        {
            "name": "Support mailbox support@",
            "address": "support@brightgift.example",
            "language": "en",
            "queue_id": "english",
            "settings": {"sender_name": "Brightgift customer service"},
        },
    ),
    "chat": (
        "chat",
        {
            "name": "商城在线客服 Shop chat",
            "queue_id": "chinese",
            "settings": {
                "title_en": "Brightgift customer service",
                "title_zh": "华彩礼品客户服务",
                "greeting_en": "Hello! How can we help you?",
                "greeting_zh": "您好！有什么可以帮您？",
                "away_en": "Nobody is at the desk. Leave your address and we will write to you.",
                "away_zh": "现在无人值守。请留下邮箱，我们会给您回信。",
                "origins": ["https://shop.brightgift.example"],
                # Nothing can be sent by mail here, so an answer that was not seen does not go by mail either.
                "mail_after": 0,
            },
        },
    ),
    "form": (
        "form",
        {
            "name": "网站表单 Contact form",
            "queue_id": "chinese",
            "settings": {
                "origins": ["https://www.brightgift.example"],
                "topics_en": "Order or delivery\nProduct\nInvoice\nComplaint or suggestion",
                "topics_zh": "订单与物流\n商品\n发票\n投诉与建议",
                "thanks_en": "Thank you. We answer within one working day.",
                "thanks_zh": "谢谢！我们会在一个工作日内答复您。",
            },
        },
    ),
}

CATEGORIES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("delivery", "物流 Delivery", (
        ("late", "延误 Late"), ("damaged", "破损 Damaged"), ("wrong", "错发漏发 Wrong or missing"),
        ("address", "地址与时间 Address and time"),
    )),
    ("product", "商品 Product", (
        ("quality", "质量 Quality"), ("use", "使用 Use"), ("range", "花色与货期 Range and stock"),
    )),
    ("order", "订单与价格 Order and price", (
        ("price", "报价 Quotation"), ("change", "改单 Change of order"), ("return", "退换货 Return"),
    )),
    ("money", "发票与付款 Invoice and payment", (("invoice", "发票 Invoice"), ("payment", "付款 Payment"))),
    ("service", "服务 Service", (("manner", "态度 Manner"), ("idea", "建议 Idea"), ("thanks", "感谢 Thanks"))),
)  # fmt: skip

CHECKLISTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("报修 Repair", "repair", ("问清批次和照片 Batch and photographs", "查库存配件 Parts in stock", "告知客户时间 Customer told by when")),
    ("订购 Order", "order", ("核对库存 Stock checked", "确认交期 Delivery date confirmed", "发送订单确认 Order confirmed in writing")),
    ("投诉 Complaint", "complaint", ("首日联系客户 Customer called on the first day", "收集照片与单据 Photographs and papers")),
)  # fmt: skip

# Step, type of case ('' for all), what is asked besides.
CRITERIA: tuple[tuple[str, str, str], ...] = (
    ("tone", "", "用客户的语言答复 Answered in the customer's language"),
    ("sum_up", "order", "复述数量、价格和交期 Quantity, price and date said back"),
)

_ANY = 0
LEVELS: tuple[dict[str, Any], ...] = (
    {
        "name": "大客户 Key customers",
        "position": 10,
        "asks": {"tier": ["vip", "major"]},
        "targets": [
            {"sort": "first_answer", "priority": _ANY, "amount": 120, "unit": "minutes"},
            {"sort": "next_answer", "priority": _ANY, "amount": 240, "unit": "minutes"},
            {"sort": "solution", "priority": _ANY, "amount": 2, "unit": "working_days", "pauses": ["waiting"]},
        ],
        "steps": [
            {"sort": "first_answer", "at_percent": 75, "act": "notify", "whom": "owner"},
            {"sort": "first_answer", "offset_minutes": 0, "act": "notify", "whom": "department"},
            {"sort": "solution", "offset_minutes": 0, "act": "notify", "whom": "department"},
        ],
    },
    {
        "name": "网聊 Chat",
        "position": 20,
        "asks": {"channel": ["chat"]},
        "targets": [
            {"sort": "first_answer", "priority": _ANY, "amount": 10, "unit": "working_minutes"},
            {"sort": "next_answer", "priority": _ANY, "amount": 30, "unit": "working_minutes"},
            {"sort": "solution", "priority": _ANY, "amount": 2, "unit": "working_days", "pauses": ["waiting"]},
        ],
        "steps": [],
    },
    {
        "name": "投诉 Complaints",
        "position": 5,
        "asks": {"type": ["complaint"]},
        "targets": [
            {"sort": "first_answer", "priority": _ANY, "amount": 120, "unit": "working_minutes"},
            {"sort": "next_answer", "priority": _ANY, "amount": 1, "unit": "working_days"},
            {"sort": "solution", "priority": _ANY, "amount": 15, "unit": "working_days", "pauses": ["waiting"]},
        ],
        "steps": [
            {"sort": "first_answer", "offset_minutes": 0, "act": "notify", "whom": "department"},
            {"sort": "solution", "at_percent": 75, "act": "notify", "whom": "owner"},
            {"sort": "solution", "offset_minutes": 0, "act": "notify", "whom": "department"},
        ],
    },
)

# Firms outside that can be responsible.
FIRMS = ("迅达速运 Swift Parcels", "瓷彩工坊 Porcelain Works")
# Up to which amount a role grants a remedy by itself, in minor units; over it an approval is asked for.
LIMITS = {"agent": 50_00, "manager": 300_00}
# Working minutes of the steps of a complaint, and which evidence they need.
STEP_MINUTES = {"record": 480, "investigate": 1920, "settle": 1440, "plan": 1440, "carry_out": 2880, "sum_up": 4800}
EVIDENCE = {"investigate": ("statement",)}
HEADS = ((DEPARTMENTS[0], "manager"), (DEPARTMENTS[1], "owner"))
APPROVALS: tuple[dict[str, Any], ...] = (
    {"to_minor": 300_00, "role": "manager", "order": 10, "hours": 16, "escalates_to": "owner"},
    {"from_minor": 300_01, "role": "owner", "order": 20},
)

MACROS: tuple[dict[str, Any], ...] = (
    {
        "name": "查询物流 Where is my order",
        "texts": {
            "zh-hans": "{{customer.name}}，您好！我们已联系承运方查询，今天下班前把结果告诉您。您的工单号是 {{case.number}}。\n{{agent.name}}",
            "en": "Hello {{customer.name}}, we have asked the carrier and will tell you the result before the end of today. Your case number is {{case.number}}.\n{{agent.name}}",
        },
        "actions": (("case.category", "delivery.late"),),
    },
    {
        "name": "破损补发 Replacement for damage",
        "texts": {
            "zh-hans": "{{customer.name}}，非常抱歉！破损的商品今天补发，运费由我们承担，旧件不必寄回。方便的话请发一张外箱照片，我们好向承运方索赔。",
            "en": "Dear {{customer.name}}, we are sorry. The damaged pieces are sent again today at our cost, and you need not return them. If you can, send us a photograph of the outer box for our claim against the carrier.",
        },
        "actions": (("case.category", "delivery.damaged"), ("case.priority", "2")),
    },
    {
        "name": "请补充信息 More details, please",
        "texts": {
            "zh-hans": "您好！为了尽快处理，请告诉我们订单号、商品名称和数量，如有照片请一并发来。谢谢！",
            "en": "Hello, so that we can settle this quickly, please tell us the order number, the article and the quantity, with a photograph if you have one. Thank you!",
        },
        "actions": (("case.state", "waiting"),),
    },
    {
        "name": "发票已重开 Invoice issued again",
        "texts": {
            "zh-hans": "{{customer.name}}，您好！发票已于 {{today}} 按新抬头重开，电子版随后发送，原发票已作废。",
            "en": "Dear {{customer.name}}, the invoice was issued again on {{today}} with the corrected details; the former one is void.",
        },
        "actions": (("case.category", "money.invoice"), ("case.state", "solved")),
    },
    {
        "name": "感谢表扬 Thanks for praise",
        "texts": {
            "zh-hans": "{{customer.name}}，谢谢您的肯定！我会转告仓库和包装的同事，期待继续为您服务。",
            "en": "Dear {{customer.name}}, thank you for your kind words! I pass them on to our colleagues in the warehouse.",
        },
        "actions": (("case.case_type", "praise"), ("case.category", "service.thanks")),
    },
    {
        "name": "转投诉处理 Make it a complaint",
        "is_note": True,
        "texts": {
            "zh-hans": "客户要求按投诉处理，已转为投诉工单，请在首日内电话联系。",
            "en": "The customer wants this handled as a complaint; to be called within the first day.",
        },
        "actions": (("case.case_type", "complaint"), ("case.priority", "2")),
    },
)

RULES: tuple[dict[str, Any], ...] = (
    {
        "name": "英文来件转英文客服 English goes to the English desk",
        "note": "网聊和表单先进中文客服，英文的转走。Chat and form first wait with the Chinese desk.",
        "trigger": "conversation.started",
        "conditions": {"all": [
            {"fact": "conversation.language", "is": "is", "value": "en"},
            {"fact": "conversation.channel_kind", "is": "in", "value": ["chat", "form"]},
        ]},
        "actions": [{"action": "conversation.move", "via": "", "parameters": {"queue": "english"}}],
        "is_active": True,
    },
    {
        "name": "VIP 来件进大客户队列 VIP customers to their own queue",
        "trigger": "conversation.started",
        "conditions": {"all": [{"fact": "conversation.customer>customer.tier", "is": "is", "value": "vip"}]},
        "actions": [{"action": "conversation.move", "via": "", "parameters": {"queue": "key"}}],
        "is_active": True,
    },
    {
        "name": "投诉告知主管 Complaints are told to the manager",
        "trigger": "complaint.opened",
        "actions": [
            {"action": "case.set", "via": "", "parameters": {"urgency": "3"}},
            {"action": "tell.user", "via": "", "parameters": {"user": "manager"}},
        ],
        "is_active": True,
    },
    {
        "name": "夜间自动回执 Acknowledge at night",
        "note": "接好发信服务器后再启用。Switch on once a server for sending is set.",
        "trigger": "message.received",
        "conditions": {"all": [{"fact": "message.channel_kind", "is": "is", "value": "email"}]},
        "actions": [{
            "action": "message.acknowledge", "via": "",
            "parameters": {"text": "来信已收到，我们会在一个工作日内答复。\nWe have your mail and answer within one working day."},
        }],
        "is_active": False,
    },
)  # fmt: skip
