"""The words that invented names, places and products are put together from. Nobody is meant."""

# By share of the population; the shares themselves fall off as 1 / (rank + 6).
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方"
    "邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫")
COMPOUND_SHARE = 0.004
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海波春燕晓鹏飞宇浩然子轩雨欣怡梓涵诗琪佳思嘉俊凯瑞博雅婷慧颖琳倩雪莹"
    "丹阳晨曦泽睿昊天铭辉东方林森峰岩松柏青云龙虎成功立新德福康宁永安清源学礼义仁信忠孝诚心如意美玲珍珠翠莲荷秋月冬雪夏夜梦瑶瑾瑜"
)
CITIES = (
    "上海", "北京", "深圳", "广州", "杭州", "成都", "武汉", "南京", "苏州", "天津", "西安", "郑州", "青岛", "宁波", "合肥", "福州", "济南", "昆明",
    "无锡", "东莞", "佛山", "温州", "泉州", "南昌", "常州", "烟台", "嘉兴", "台州", "绍兴", "金华",
)  # fmt: skip
COMPANY_HEADS = (
    "华中远恒瑞金盛泰宏鑫达通联合创新天海东方明德嘉诚信安康源汇丰润泽博文启航卓越腾云智慧光辉永兴百川千禾三江九州松青"
)
COMPANY_FIELDS = (
    "科技", "贸易", "电子", "机械", "食品", "服饰", "化工", "建材", "家居", "医疗器械", "文化传媒", "物流", "信息技术", "环保", "包装", "印刷",
    "农业", "旅游", "教育咨询", "汽车配件", "礼品", "陶瓷", "纺织", "照明",
)  # fmt: skip
COMPANY_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司", "商行")
TITLES = ("", "", "", "经理", "总经理", "主任", "采购经理", "老师", "工程师")

FIRST_NAMES = (
    "James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda", "David", "Elizabeth", "William", "Barbara",
    "Richard", "Susan", "Joseph", "Jessica", "Thomas", "Sarah", "Charles", "Karen", "Christopher", "Lisa", "Daniel", "Nancy",
    "Anna", "Paul", "Mark", "Donald", "Sophie", "Laura", "Kevin", "Brian", "George", "Emma", "Edward", "Olivia", "Ronald",
    "Grace", "Timothy", "Hannah", "Jason", "Chloe", "Ryan", "Zoe", "Lucas", "Mia", "Hugo", "Elena", "Marco", "Ingrid",
)  # fmt: skip
LAST_NAMES = (
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Wilson", "Anderson", "Taylor", "Moore",
    "Jackson", "Martin", "Lee", "Thompson", "White", "Harris", "Clark", "Lewis", "Robinson", "Walker", "Young", "Allen",
    "King", "Wright", "Scott", "Hill", "Green", "Adams", "Baker", "Nelson", "Carter", "Mitchell", "Roberts", "Turner",
    "Phillips", "Campbell", "Parker", "Evans", "Edwards", "Collins", "Stewart", "Morris", "Murphy", "Cook", "Rogers",
    "Morgan", "Cooper", "Peterson", "Schmidt", "Fischer", "Weber", "Dubois", "Moreau", "Rossi", "Ferrari", "Novak", "Larsen",
)  # fmt: skip
LATIN_HEADS = (
    "North", "River", "Oak", "Harbour", "Silver", "Green", "Stone", "Bright", "Maple", "Summit", "Lake", "Iron", "Blue", "Hill",
    "Meadow", "Crown", "Falcon", "Bridge", "Cedar", "Vale",
)  # fmt: skip
LATIN_FIELDS = (
    "Trading", "Foods", "Tools", "Textiles", "Logistics", "Gifts", "Interiors", "Electronics", "Packaging", "Garden", "Books",
    "Design", "Supplies", "Lighting",
)  # fmt: skip
LATIN_FORMS = ("Ltd", "Ltd", "GmbH", "Inc", "LLC", "Group")
LATIN_PLACES = (
    ("London", "United Kingdom"), ("Manchester", "United Kingdom"), ("Berlin", "Germany"), ("Hamburg", "Germany"),
    ("Paris", "France"), ("Lyon", "France"), ("Madrid", "Spain"), ("Milan", "Italy"), ("Oslo", "Norway"),
    ("Toronto", "Canada"), ("Sydney", "Australia"), ("Singapore", "Singapore"),
)  # fmt: skip
STREETS = ("人民路", "中山路", "解放路", "建设路", "和平路", "文化路", "新华路", "友谊路", "胜利街", "光明街")
LATIN_STREETS = ("High Street", "Station Road", "Mill Lane", "Church Road", "Park Avenue", "King Street")

PRODUCT_KINDS = (
    ("杯子", "家居"), ("茶具", "家居"), ("靠垫", "家居"), ("台灯", "照明"), ("吊灯", "照明"), ("笔记本", "文具"), ("钢笔", "文具"),
    ("礼盒", "礼品"), ("相框", "礼品"), ("蜡烛", "礼品"), ("围巾", "服饰"), ("手提包", "服饰"), ("雨伞", "服饰"), ("花瓶", "陶瓷"), ("餐盘", "陶瓷"),
    ("耳机", "电子"), ("音箱", "电子"), ("充电器", "电子"), ("茶叶", "食品"), ("饼干", "食品"),
)  # fmt: skip
PRODUCT_STYLES = (
    "白色", "黑色", "红色", "蓝色", "绿色", "复古", "简约", "手绘", "竹编", "木质", "玻璃", "不锈钢", "大号", "小号", "便携", "儿童",
    "商务", "节日", "限量", "双层",
)  # fmt: skip
