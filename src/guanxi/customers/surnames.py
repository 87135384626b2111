"""Chinese surnames: which there are, which are compound, and how those with a reading of their own are read."""

# fmt: off
# Surnames whose reading differs from the everyday reading of the character (or of the tables we use).
READINGS: dict[str, str] = {
    "单": "shan", "單": "shan", "查": "zha", "仇": "qiu", "解": "xie", "曾": "zeng", "区": "ou", "區": "ou",
    "任": "ren", "华": "hua", "朴": "piao", "盖": "ge", "蓋": "ge", "乐": "yue", "樂": "yue", "员": "yun", "宓": "mi",
    "缪": "miao", "繆": "miao", "冼": "xian", "翟": "zhai", "折": "she", "黑": "he", "秘": "bi", "纪": "ji",
    "宁": "ning", "甯": "ning", "隗": "wei", "郇": "xun", "覃": "qin", "洗": "xian", "哈": "ha", "那": "na",
    "种": "chong", "召": "shao", "祭": "zhai", "阚": "kan", "闞": "kan", "牟": "mu", "逄": "pang", "佘": "she",
    "厍": "she", "於": "yu", "郗": "xi", "卜": "bu", "薄": "bo", "谌": "chen", "晁": "chao", "柏": "bai", "臧": "zang",
    "车": "che", "車": "che", "句": "gou", "过": "guo", "撒": "sa", "行": "xing", "尉": "wei", "教": "jiao",
    "葛": "ge", "干": "gan", "藏": "zang", "繁": "po", "隽": "juan", "眭": "sui", "訾": "zi", "逯": "lu", "炅": "gui",
    "仉": "zhang", "笪": "da", "乜": "nie", "呙": "guo", "幺": "yao", "么": "yao", "都": "du", "瞿": "qu", "要": "yao",
    "盛": "sheng", "占": "zhan", "强": "qiang", "能": "nai", "适": "kuo", "宿": "su", "栗": "li", "长": "zhang",
    "钭": "dou", "重": "chong", "曲": "qu", "石": "shi", "夏": "xia", "沈": "shen", "余": "yu", "万": "wan",
    "洛": "luo", "尹": "yin", "殷": "yin", "应": "ying", "應": "ying", "燕": "yan", "贾": "jia", "賈": "jia",
    "俞": "yu", "冒": "mao", "令": "ling", "呼": "hu", "相": "xiang", "褚": "chu", "禚": "zhuo", "妫": "gui",
    "亓": "qi", "郄": "qie", "尚": "shang", "降": "jiang", "调": "tiao", "还": "huan", "便": "pian", "啜": "chuai",
    "弗": "fei", "枨": "cheng", "不": "fou", "嵇": "ji", "粘": "nian", "邸": "di", "库": "she", "祝": "zhu",
    "尉迟": "yu chi", "尉遲": "yu chi", "令狐": "ling hu", "万俟": "mo qi", "長孫": "zhang sun", "长孙": "zhang sun",
    "鲜于": "xian yu", "鮮于": "xian yu", "澹台": "tan tai", "澹臺": "tan tai", "亓官": "qi guan", "毌丘": "guan qiu",
    "宰父": "zai fu", "乐正": "yue zheng", "樂正": "yue zheng", "呼延": "hu yan", "赫连": "he lian", "赫連": "he lian",
    "单于": "chan yu", "皇甫": "huang fu", "太史": "tai shi", "濮阳": "pu yang", "夏侯": "xia hou", "仲长": "zhong chang",
    "拓跋": "tuo ba", "夹谷": "jia gu", "南宫": "nan gong", "壤驷": "rang si", "漆雕": "qi diao", "公冶": "gong ye",
    "第五": "di wu", "颛孙": "zhuan sun", "子车": "zi ju", "司马": "si ma", "司徒": "si tu", "司空": "si kong",
    "司寇": "si kou", "欧阳": "ou yang", "歐陽": "ou yang", "端木": "duan mu", "段干": "duan gan", "百里": "bai li",
    "诸葛": "zhu ge", "諸葛": "zhu ge", "钟离": "zhong li", "闾丘": "lv qiu", "左丘": "zuo qiu", "东郭": "dong guo",
    "慕容": "mu rong", "独孤": "du gu", "完颜": "wan yan", "耶律": "ye lv", "爱新觉罗": "ai xin jue luo",
}

# Second readings that bearers of a surname use as well; search finds these too.
ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "覃": ("tan",), "隗": ("kui",), "郇": ("huan",), "牟": ("mou",), "郗": ("chi",), "佘": ("yu",), "仝": ("tong",),
    "能": ("neng",), "折": ("zhe",), "教": ("jiao",), "那": ("nuo",), "行": ("hang",), "强": ("jiang",),
    "石": ("dan",), "单": ("dan",), "解": ("jie",), "纪": ("ji",), "尉": ("yu",), "薄": ("bao",), "员": ("yuan",),
    "褚": ("chu",), "乐": ("le",), "黑": ("hei",), "秘": ("mi",), "朴": ("pu",), "盖": ("gai",), "种": ("zhong",),
    "过": ("guo",), "洗": ("xi",), "车": ("ju",), "瞿": ("ju",), "区": ("qu",), "缪": ("mu",), "翟": ("di",),
    "万俟": ("wan si",), "尉迟": ("wei chi",), "长孙": ("chang sun",), "澹台": ("dan tai",),
}

# fmt: on

_COMPOUND_WORDS = (
    "欧阳 歐陽 太史 端木 上官 司马 司馬 东方 東方 独孤 獨孤 南宫 南宮 万俟 闻人 聞人 夏侯 诸葛 諸葛 尉迟 尉遲 公羊 赫连 赫連 澹台 "
    "澹臺 皇甫 宗政 濮阳 濮陽 公冶 太叔 申屠 公孙 公孫 慕容 仲孙 仲孫 钟离 鍾離 长孙 長孫 宇文 司徒 鲜于 鮮于 司空 闾丘 閭丘 子车 "
    "亓官 司寇 巫马 巫馬 公西 颛孙 顓孫 壤驷 公良 漆雕 乐正 樂正 宰父 谷梁 拓跋 夹谷 轩辕 軒轅 令狐 段干 百里 呼延 东郭 南门 羊舌 "
    "微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 西門 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 "
    "即墨 达奚 褚师 完颜 耶律 叱干 单于 單于 淳于 毌丘 纳兰 纳喇 叶赫 富察 瓜尔佳 钮祜禄 刘付 冷狐 宿勤 屈突 斛律 贺兰 长谷 "
    "步六孤 侯莫陈"
)
COMPOUND: frozenset[str] = frozenset(_COMPOUND_WORDS.split())

SINGLE: frozenset[str] = frozenset(
    "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘田董袁于余蒋叶杜苏魏程吕丁沈任姚卢钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白毛江闫薛尹付段雷黎史龙钱贺陶顾龚郝邵万严洪赖武傅莫孔汤向常温康施文牛樊葛邢"
    "安齐易乔伍庞颜倪庄聂章鲁岳翟申殷詹欧耿关覃兰焦俞左柳甘祝包代宁符阮尚舒纪柯梅童毕凌单季成霍苗裴涂谷曲盛冉翁蓝骆路游靳辛管柴蒙鲍华喻祁房蒲滕萧屈饶解牟艾尤时阳阎穆应农司古吉卓车简连缪项麦褚窦娄戚岑党宫景卜费冷晏卫席柏米隋宗"
    "桂瞿全苟楼闵佟臧边卞姬邬和师仇栾丘刁沙商寇荣巫郎桑丛甄敖虞仲池巩明佘查麻苑迟邝封官谈鞠匡惠荆乐冀胥郁南班储芦原栗燕楚鄢扬劳谌奚皮蔺粟冼盘满闻厉伊候仝区郜海阚花权强帅屠朴盖练廉禹井巴漆祖丰支卿国狄平计索宣晋相占初门云容敬来"
    "扈晁都芮普阙戈浦伏薄鹿邸雍辜阿羊母亓裘修邰杭赫况那宿鲜逯印隆习茹诸战慕危玉银亢公嵇豆哈湛宾勾茅戎利於呼居干揭但尉斯元束檀衣信阴展昝智幸奉植富衡昌巢郦逄寿由竺贝步东鄂弓过钮濮水蔚郗荀贲别邴才操畅从达凡凤扶贡户滑郏矫经靖琚巨"
    "蒯旷历励伦雒茆糜宓木綦谯渠山生侍眭腾铁宛隗沃乌毋咸忻续延言尧英鱼庾招种訾宝保暴闭布藏承福果黑怀宦回汲籍蹇将可里粱冒么年泮青秋释双税潭天望位仵香刑轩玄郇要宇员晨充慎折召祭秘洗句隽仉炅笪乜呙幺还降枨禚郄妫教撒适繁行能令覃"
    "張劉陳楊黃吳趙孫馬羅鄭謝許鄧馮韓彭葉蘇呂盧鍾譚廖陸韋鄒錢賀龔嚴賴湯龐顏聶魯關蘭單紀畢華騫閻應農車簡連繆項麥竇婁黨宮費衛樓閔邊鄔師欒叢鞏鄺談樂儲蘆勞諶藺盤滿聞厲區闞權帥蓋練豐國計晉門雲來闕逯習諸戰銀賓陰壽貝東員蕭單萬"
    "釋顧蔣賈龍莊齊鮑饒喬溫長廣達烏荊鐵歸藍榮寧鈕惲駱閭時懷陽揚歐別貢桓"
)
