"""What the demo company knows of its customers beyond their orders. All of it is invented; nobody is meant."""

from typing import Any

CUSTOM_FIELDS: tuple[dict[str, Any], ...] = (
    {
        "key": "channel",
        "label_en": "Won through",
        "label_zh": "获客渠道",
        "type": "choice",
        "choices": "web\ntrade fair\nreferral\nsales visit",
    },
    {"key": "shops", "label_en": "Shops", "label_zh": "门店数", "type": "number"},
    {"key": "contract_until", "label_en": "Contract until", "label_zh": "合同到期", "type": "date"},
    {
        "key": "interests",
        "label_en": "Interested in",
        "label_zh": "感兴趣的品类",
        "type": "multi_choice",
        "choices": "Christmas\nKitchen\nGarden\nChildren\nStationery\nLighting",
    },
)

# Customers of the company whom somebody entered once more: who did, whom, as what, and how to reach them.
TWICE: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    (
        "agent",
        "14646",
        {"name": "阿姆斯特丹華瑞禮品批發股份有限公司", "kind": "organisation", "city": "阿姆斯特丹"},
        {"kind": "phone", "value": "+44 (0)20 7946 0014"},
    ),
    (
        "agent2",
        "18102",
        {"name": "Fairhaven Department Stores Limited", "kind": "organisation", "city": "London"},
        {"kind": "phone", "value": "0044 117 4960029"},
    ),
    (
        "agent2",
        "16839",
        {"name": "Yuchi Siyuan", "kind": "person", "city": "Manchester"},
        {"kind": "email", "value": "YuchiSiyuan.16839@example.com"},
    ),
    (
        "agent2",
        "12590",
        {"name": "Thompson, Anna", "kind": "person", "city": "Hamburg"},
        {"kind": "email", "value": "annathompson.12590@example.com"},
    ),
)
TWICE_NOTE = "Entered once more for the demo company. 演示用虚构资料，重复录入。"

# Subject, kind, object, and what else is known.
RELATIONS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        "contact-01",
        "works_for",
        "14646",
        {"role": "董事长", "buying_role": "decision_maker", "attitude": "supports", "strength": "5"},
    ),
    (
        "contact-02",
        "works_for",
        "14646",
        {"role": "采购总监", "buying_role": "approver", "attitude": "leans", "strength": "4"},
    ),
    (
        "contact-03",
        "works_for",
        "14646",
        {"role": "采购经理", "buying_role": "coach", "attitude": "supports", "strength": "5"},
    ),
    (
        "contact-04",
        "works_for",
        "14646",
        {"role": "财务", "buying_role": "gatekeeper", "attitude": "neutral", "strength": "2"},
    ),
    (
        "contact-05",
        "works_for",
        "14646",
        {"role": "仓储主管", "buying_role": "user", "attitude": "doubts", "strength": "3"},
    ),
    (
        "contact-06",
        "works_for",
        "18102",
        {"role": "Managing director", "buying_role": "decision_maker", "attitude": "neutral", "strength": "3"},
    ),
    (
        "contact-07",
        "works_for",
        "18102",
        {"role": "Head of buying", "buying_role": "approver", "attitude": "supports", "strength": "4"},
    ),
    (
        "contact-08",
        "works_for",
        "18102",
        {"role": "Buyer", "buying_role": "influencer", "attitude": "supports", "strength": "4"},
    ),
    (
        "contact-09",
        "works_for",
        "18102",
        {"role": "Finance", "buying_role": "gatekeeper", "attitude": "opposes", "strength": "2"},
    ),
    (
        "contact-10",
        "works_for",
        "17450",
        {"role": "总经理", "buying_role": "decision_maker", "attitude": "supports", "strength": "5"},
    ),
    (
        "contact-11",
        "works_for",
        "17450",
        {"role": "采购主任", "buying_role": "approver", "attitude": "leans", "strength": "4"},
    ),
    (
        "contact-12",
        "works_for",
        "17450",
        {"role": "店长", "buying_role": "user", "attitude": "supports", "strength": "3"},
    ),
    ("contact-10", "knows", "contact-01", {"note": "同乡会 Same home-town association"}),
    ("contact-07", "knows", "13340", {"note": "Trade fair committee"}),
    ("17850", "parent", "17450", {"role": "分店 Branch", "since_on": "2010-12-01"}),
    ("12931", "parent", "17450", {"role": "子公司 Subsidiary", "since_on": "2010-12-01"}),
    ("14646", "supplies", "12415", {"note": "欧洲代理 Represents them in Europe"}),
    ("18102", "refers", "16029", {"note": "Recommended us in spring 2011"}),
)

PROFILES: dict[str, dict[str, Any]] = {
    "contact-01": {
        "native_place": "浙江温州", "spoken_languages": "中文、温州话、荷兰语", "birth_on": "1958-09-17", "is_birthday_lunar": True,
        "best_time_to_reach": "上午十点以后", "degree": "college", "occupation": "企业家", "job_title": "董事长",
        "business_goal_long": "把礼品批发做到全欧洲", "puts_first": "company", "thinks_of": "future",
        "hobbies": "书法、登山", "collections": "紫砂壶", "diet": "不吃辣", "drinks": "sometimes", "smokes": "never",
        "conversation": "温商的历史、茶", "avoid_subjects": "同行的价格战", "proudest_achievement": "第一家门店 1989 年开业",
    },
    "contact-07": {
        "nickname": "Olly", "nationality": "British", "birth_on": "1974-03-02", "best_time_to_reach": "Tuesdays, early",
        "degree": "bachelor", "school": "University of York", "field_of_study": "History", "occupation": "Retail buyer",
        "job_title": "Head of buying", "marital_status": "married", "spouse_interests": "Gardening",
        "business_goal_near": "A stronger Christmas range", "puts_first": "company", "thinks_of": "present",
        "sports": "Cricket", "hobbies": "Restoring clocks", "drinks": "sometimes", "smokes": "never",
        "favourite_restaurants": "Anything with a garden", "avoid_subjects": "Late deliveries of 2010",
    },
    "16446": {
        "spoken_languages": "中文、英语", "occupation": "自由职业", "best_time_to_reach": "晚上",
        "conversation": "那笔 168,469.60 英镑的订单是误操作，几分钟后已取消",
    },
    "14646": {
        "short_name": "华瑞礼品", "english_name": "Huarui Gift Wholesale", "industry": "礼品批发", "ownership": "private",
        "scale": "medium", "founded_on": "1989-04-08", "started_trading_on": "2010-12-20", "employee_count": "86",
        "sales_staff_count": "24", "market_area": "荷兰、比利时、德国西部", "customer_base": "礼品店、花店、超市",
        "sales_capability": "excellent", "growth_potential": "good", "buying_habits": "每周一次，整箱，订单上百行",
        "credit_standing": "aaa", "payment_days": "45", "settlement": "monthly", "reputation": "excellent",
        "our_share_ratio": "0.35", "advantages": "订单稳定，退货少", "problems": "要求独家花色", "measures": "明年签年度框架合同",
    },
    "18102": {
        "short_name": "Fairhaven", "industry": "Department stores", "ownership": "private", "scale": "large",
        "started_trading_on": "2010-12-07", "employee_count": "640", "sales_capability": "good",
        "growth_potential": "fair", "buying_habits": "Few articles, very large quantities, twice a month",
        "credit_standing": "aa", "payment_days": "30", "settlement": "open_account", "reputation": "good",
        "our_share_ratio": "0.12", "problems": "Finance questions our price list", "measures": "Quarterly price review",
    },
}  # fmt: skip

CORE_CARDS: dict[str, dict[str, Any]] = {
    "14646": {
        "importance": "净销售额最高的客户，占全公司约五分之一。\nOur largest customer by net revenue.",
        "decision_process": "林秋月选品，van Dalen 批准，大额由陈华瑞拍板。",
        "needs": "独家花色；准时整箱发货；荷兰语标签。",
        "our_position": "我们约占其采购的 35%，主要对手是本地进口商。",
        "agreements": "45 天账期；整箱九五折。",
        "risks": "仓储主管对破损率有意见。",
        "next_steps": "一月拜访，谈年度框架合同。",
        "relationship": "excellent",
        "review_days": 30,
    },
    "18102": {
        "importance": "Second by revenue; sets the fashion for other department stores.",
        "decision_process": "Stroud proposes, the managing director decides, finance can stop it.",
        "needs": "Large quantities of few articles, delivered to one warehouse.",
        "our_position": "A small supplier to them; replaceable without a contract.",
        "agreements": "30 days; price list fixed for a quarter.",
        "risks": "Finance asks for lower prices each quarter.",
        "next_steps": "Prepare the quarterly review with margins by article.",
        "relationship": "good",
        "review_days": 30,
    },
    "17450": {
        "importance": "第三大客户，带动两家关联企业。",
        "decision_process": "仇总一人决定，查主任具体经办。",
        "needs": "婚庆和节日用品，发货快。",
        "our_position": "首选供应商。",
        "relationship": "excellent",
        "next_steps": "了解分店扩张计划。",
        "review_days": 60,
    },
    "12346": {
        "importance": "Placed one order of 77,183.60 and cancelled it sixteen minutes later.",
        "risks": "Looks like the best customer if cancellations are ignored; net value is nothing.",
        "next_steps": "Ask once whether they still need paper craft articles.",
        "relationship": "weak",
        "review_days": 180,
    },
}

VISITS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("14646", {"kind": "out", "visited_at": "2011-02-15T09:30", "duration_minutes": 120, "place": "阿姆斯特丹", "met": "陈华瑞、林秋月", "purpose": "新年拜访，看仓库", "content": "看了新仓库；谈整箱折扣；对方希望看到春季新品。", "signs": "董事长亲自送到门口", "competitors_seen": "本地进口商的样品", "outcome": "同意试两个新系列", "next_step": "寄春季样品"}),
    ("14646", {"kind": "in", "visited_at": "2011-09-06T10:00", "duration_minutes": 180, "place": "London", "met": "林秋月", "purpose": "圣诞选品会", "content": "选了一百多个品种，要求十月底前到货。", "outcome": "下了全年最大的订单", "next_step": "确认船期"}),
    ("18102", {"kind": "out", "visited_at": "2011-03-22T14:00", "duration_minutes": 60, "place": "London", "met": "Oliver Stroud, Priya Raman-Cole", "purpose": "Range for the summer", "content": "They want fewer articles in larger quantities.", "signs": "Finance joined for the last ten minutes and looked at the clock", "outcome": "Trial of six articles", "next_step": "Quote for pallets"}),
    ("18102", {"kind": "online", "visited_at": "2011-10-11T09:00", "duration_minutes": 45, "met": "Oliver Stroud", "purpose": "Quarterly price review", "content": "Agreed to hold prices until the new year.", "outcome": "Prices held", "next_step": "Next review in January"}),
    ("17450", {"kind": "out", "visited_at": "2011-05-18T11:00", "duration_minutes": 90, "place": "伦敦唐人街", "met": "仇恒泰、欧阳俊", "purpose": "门店陈列", "content": "一起调整了节日货架。", "outcome": "两周内销量上升", "next_step": "拍照存档"}),
    ("12415", {"kind": "in", "visited_at": "2011-06-09T10:30", "duration_minutes": 75, "place": "London", "met": "Buyers from Melbourne", "purpose": "First visit to our warehouse", "content": "Shipping costs matter more than unit prices.", "outcome": "Container order", "next_step": "Freight quote"}),
    ("12346", {"kind": "online", "visited_at": "2011-01-18T11:00", "duration_minutes": 20, "purpose": "Why the large order was cancelled", "content": "Entered by mistake; no complaint about us.", "outcome": "Relationship unharmed", "next_step": "Send the craft catalogue"}),
    ("13340", {"kind": "out", "visited_at": "2011-08-02T15:00", "duration_minutes": 40, "place": "York", "met": "Eleanor Whitcombe", "purpose": "Garden range", "outcome": "Asked for a spring price list"}),
)  # fmt: skip

NOTES: tuple[tuple[str, str, bool], ...] = (
    ("14646", "所有单据请同时寄给财务。 Please copy every invoice to their finance.", True),
    ("16446", "2011-12-09 的大单（80,995 件纸艺小鸟）几分钟后取消：不要计入业绩。", True),
    ("18102", "Christmas deliveries must arrive before 20 November.", False),
    ("17850", "三月以后没有再下单，已转给中文客户组跟进。", False),
)

VIEWS: tuple[tuple[str, str], ...] = (
    ("VIP 与大客户 Best customers", "tier=vip,major&sort=-net_revenue"),
    ("A 类客户 Class A", "abc=A&sort=-net_revenue"),
    ("按层级看板 Board by tier", "group=tier&layout=board"),
)

TAGS: dict[str, list[str]] = {
    "14646": ["框架合同 Contract", "重点 Key"],
    "18102": ["重点 Key"],
    "17450": ["重点 Key"],
    "12346": ["已取消大单 Cancelled"],
    "16446": ["已取消大单 Cancelled"],
}
