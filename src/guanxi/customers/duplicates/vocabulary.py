"""Words that say little or much about who somebody is: legal forms, lines of business, branches, mailboxes."""

import re

# What a company's name ends in by law; it differs between files and never tells two companies apart.
LEGAL_HAN = re.compile(
    r"(?:股份有限责任公司|有限责任公司|股份有限公司|集团有限公司|控股有限公司|集团股份公司|集团公司|股份公司|有限公司|责任公司|总公司|集团|控股|股份|有限|公司|"
    r"个体工商户|个体户|合伙企业|普通合伙|有限合伙|个人独资|特殊普通合伙)$"
)
LEGAL_PHRASES = re.compile(
    r"(?<=\w )(?:gesellschaft mit beschraenkter haftung|gesellschaft mit beschrankter haftung|aktiengesellschaft|societe anonyme|"
    r"societe a responsabilite limitee|sociedad anonima|sociedad limitada|societa per azioni|societa a responsabilita limitata|"
    r"besloten vennootschap|naamloze vennootschap|private limited|public limited company|limited liability (?:company|partnership))"
    r"(?=\W|$)"
)
LEGAL_LATIN = frozenset(
    "co company corp corporation inc incorporated ltd limited llc llp lp plc gmbh ag kg kgaa ug sa sas sarl srl spa bv nv oy oyj ab as "  # noqa: SIM905
    "asa aps pty pte pvt sdn bhd kk kft zrt sro doo group holding holdings grp cie ohg ev eurl sl slu lda ltda the le la el die der das and of und et de spzoo do sti".split()
)
# Lines of business: one code for each, whatever the language; codes are told apart, synonyms are not.
_LINES = """
tech 科技 技术 科技发展 technology technologies tech sci-tech scitech
trade 贸易 商贸 经贸 国际贸易 进出口 进出口贸易 外贸 trading trade traders import export impex
electronic 电子 电子科技 electronics electronic
electric 电气 电器 电力 electric electrical
machine 机械 机械设备 机电 设备 machinery machine machines equipment mechanical
food 食品 粮油 food foods
dress 服饰 服装 制衣 apparel garment garments clothing fashion
chemical 化工 化学 chemical chemicals
material 建材 材料 新材料 建筑材料 material materials
furniture 家居 家具 家私 furniture home interiors
medical 医疗 医疗器械 医药 药业 制药 medical pharma pharmaceutical pharmaceuticals healthcare
media 文化 传媒 文化传媒 文化传播 广告 广告传媒 media culture advertising
logistics 物流 货运 运输 快递 logistics freight transport shipping express
software 软件 信息 信息技术 网络 网络科技 信息科技 数据 软件开发 software network information data systems it
environment 环保 环境 环保科技 environment environmental
packing 包装 包装材料 packaging packing
printing 印刷 印务 printing print
farm 农业 农牧 种业 agriculture agricultural farm farms
travel 旅游 旅行社 国际旅行社 travel tours tourism
school 教育 教育咨询 培训 学校 education training school
car 汽车 汽车配件 汽配 车业 汽车销售 auto automotive motors automobile
gift 礼品 工艺品 gift gifts crafts
ceramic 陶瓷 瓷业 ceramics ceramic
textile 纺织 纺织品 布业 textile textiles
light 照明 灯饰 光电 lighting light lights optoelectronics optoelectronic photoelectric
build 建筑 建设 建工 工程 建筑工程 装饰 装修 装饰工程 construction building engineering builders
estate 房地产 置业 地产 物业 物业管理 real-estate estate property properties
finance 投资 金融 资本 资产管理 投资管理 investment investments finance capital
consult 咨询 管理咨询 企业管理 管理 商务 consulting consultants management consultancy
hotel 酒店 宾馆 饭店 hotel hotels
catering 餐饮 餐饮管理 饮食 餐厅 酒家 catering restaurant
steel 钢铁 钢材 金属 五金 金属制品 steel metal metals hardware
energy 能源 新能源 石油 energy oil
plastic 塑料 塑胶 橡塑 plastic plastics
toy 玩具 toys toy
bank 银行 bank
industry 实业 工业 industrial industries industry
tools 工具 tools tool
supply 供应链 供应链管理 supplies supply
design 设计 design
books 图书 书店 books
garden 园林 绿化 garden gardens
works 工厂 厂 制造 制造厂 works factory manufacturing
shop 商店 商行 店 商场 超市 便利店 经营部 门市部 shop store stores mart market
service 服务 service services
instrument 仪器 仪器仪表 instruments instrument
optics 光学 optics optical
mould 模具 mould moulds mold molds tooling
valve 阀门 valve valves
pump 泵业 水泵 pump pumps
bearing 轴承 bearing bearings
cable 电缆 线缆 cable cables
glass 玻璃 glass
paper 纸业 纸品 paper
leather 皮革 皮具 leather
jewel 珠宝 jewelry jewellery
tea 茶业 茶叶 tea
wine 酒业 wine wines
feed 饲料 feed
water 水务 water
robot 机器人 robot robotics
chip 半导体 semiconductor semiconductors
bio 生物 生物科技 生物技术 bio biotech biotechnology
telecom 通信 通讯 telecom communications
game 游戏 games
aviation 航空 aviation
"""
LINE_OF: dict[str, str] = {}
for _row in _LINES.split("\n"):
    _code, *_words = _row.split() or [""]
    LINE_OF.update(dict.fromkeys(_words, _code))
LINES_HAN = re.compile(
    rf"({'|'.join(sorted((word for word in LINE_OF if not word.isascii()), key=len, reverse=True))})$"
)

BRANCH_HAN = re.compile(
    r"(分公司|分厂|分店|分行|支行|支公司|分院|分校|分部|营业部|营业厅|办事处|代表处|专卖店|旗舰店|连锁店|加盟店|直营店|门店|分理处|事业部|工作站|服务站|"
    r"(?:第?[0-9一二三四五六七八九十百零〇两]+(?:号|分)?店)|(?<=[路街港城场区村镇站桥湾厦道口寺门坊园])店)$"
)
# 上海华信科技有限公司北京分公司: the firm, then the branch.
AFTER_FIRM = re.compile(r"(?:公司|集团|银行|酒店|超市|商场|连锁)(?=.)")
BRANCH_LATIN = frozenset(
    "branch store shop outlet office division subsidiary filiale succursale sucursal niederlassung zweigstelle depot showroom".split()  # noqa: SIM905
)

# Countries as firms name them, with the codes of their telephones; China is left out, where everybody here is.
_COUNTRIES = """
49 germany deutschland allemagne alemania 德国
33 france frankreich francia 法国
39 italy italia italien italie 意大利
34 spain espana spanien espagne iberica iberia 西班牙
351 portugal 葡萄牙
44 uk britain 英国
353 ireland 爱尔兰
31 netherlands nederland niederlande benelux 荷兰
32 belgium belgie belgique belgien 比利时
41 switzerland schweiz suisse svizzera 瑞士
43 austria osterreich oesterreich 奥地利
48 poland polska polen pologne 波兰
420 czechia cesko cz tschechien 捷克
421 slovakia slovensko 斯洛伐克
36 hungary magyarorszag ungarn 匈牙利
40 romania rumanien 罗马尼亚
46 sweden sverige schweden suede 瑞典
47 norway norge norwegen 挪威
45 denmark danmark danemark 丹麦
358 finland suomi finnland 芬兰
90 turkey turkiye turkei 土耳其
7 russia rossiya russland 俄罗斯
380 ukraine ukraina 乌克兰
1 usa us america americas 美国
1 canada 加拿大
52 mexico 墨西哥
55 brasil brazil brasilien 巴西
54 argentina 阿根廷
56 chile 智利
57 colombia 哥伦比亚
81 japan nippon 日本
82 korea 韩国
91 india 印度
84 vietnam 越南
66 thailand 泰国
60 malaysia 马来西亚
62 indonesia 印尼 印度尼西亚
63 philippines 菲律宾
65 singapore 新加坡
61 australia 澳大利亚 澳洲
64 zealand 新西兰
27 southafrica 南非
20 egypt 埃及
971 uae emirates 阿联酋
966 saudi 沙特
"""
COUNTRIES: dict[str, str] = {}
COUNTRY_CODES: dict[str, str] = {}
for _row in filter(None, _COUNTRIES.split("\n")):
    _code, *_words = _row.split()
    COUNTRIES.update(dict.fromkeys(_words, _words[0]))
    COUNTRY_CODES[_words[0]] = _code
# Legal forms that one country has, or countries of one language, by the codes of their telephones.
COUNTRIES_OF_FORM = {
    "gmbh": "49 43 41", "ag": "49 43 41", "kg": "49 43", "ug": "49", "kgaa": "49", "sarl": "33 32 41 352", "sas": "33 39 57", "eurl": "33",
    "spa": "39 56 213", "srl": "39 40 34 54 32", "bv": "31 32", "nv": "31 32", "ab": "46 358", "oy": "358", "oyj": "358", "aps": "45",
    "asa": "47", "sro": "420 421", "ltda": "55 351 56 57", "lda": "351", "kft": "36", "zrt": "36", "kk": "81", "pty": "61 27",
    "spzoo": "48", "pvt": "91", "sdn": "60", "bhd": "60", "pte": "65", "doo": "381 385 386 387",
}  # fmt: skip
# What may also be a translation tells only where the other name says its country: Bauer Inc., Bauer Deutschland.
COUNTRIES_OF_LOOSE_FORM = {
    "inc": "1", "corp": "1", "corporation": "1", "llc": "1 7 971", "plc": "44 353", "ltd": "44 353 852 86 91 65 60 61 64 1 90 66", "sti": "90",
    "limited": "44 353 852 86 91 65 60 61 64 1 66", "sa": "33 34 351 32 41 352 48 55 54 40 30 52 56 57", "sl": "34", "as": "90 420 421 47 45",
}  # fmt: skip

# Mailboxes of an office: several people read them.
ROLE_MAILBOXES = frozenset(
    "info office sales service services support admin contact hello mail email enquiry enquiries inquiry marketing hr jobs accounts "  # noqa: SIM905
    "accounting finance billing purchase purchasing order orders help team reception webmaster postmaster noreply no-reply shop store "
    "export import market company general front frontdesk secretary caiwu xiaoshou bangong kefu".split()
)
# Domains at which anybody may have a mailbox.
FREE_MAIL = frozenset(
    "qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net vip.163.com sina.com sina.cn sohu.com 139.com 189.cn wo.cn aliyun.com gmail.com "  # noqa: SIM905
    "googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.co.uk hotmail.fr hotmail.de live.com live.cn live.co.uk msn.com yahoo.com yahoo.co.uk yahoo.com.cn yahoo.com.hk yahoo.com.tw yahoo.de yahoo.fr yahoo.cn rocketmail.com ymail.com icloud.com me.com mac.com aol.com "
    "gmx.de gmx.net web.de t-online.de orange.fr free.fr laposte.net libero.it mail.ru yandex.ru proton.me protonmail.com 21cn.com tom.com 263.net eyou.com hinet.net pchome.com.tw netvigator.com fastmail.com tutanota.com zoho.com "
    "mail.com example.com example.org example.net".split()
)

NICKNAMES = (
    "robert bob rob bobby bert robbie", "william bill will billy liam", "richard dick rick richie rich", "james jim jimmy jamie",
    "john jack johnny jon", "jonathan jon", "michael mike mick mickey", "elizabeth elisabeth liz beth lizzie betty eliza lisa libby elsie bess bessie",
    "margaret maggie peggy meg greta margo marge", "catherine katherine katharine kate cathy kathy katie kathryn kit kitty kat", "thomas tom tommy",
    "charles charlie chuck", "edward ed eddie ted ned", "joseph joe joey", "daniel dan danny", "david dave davy",
    "steven stephen steve", "christopher chris kit topher", "christine chris christina tina", "anthony tony", "andrew andy drew",
    "patricia pat patty trish", "patrick pat paddy", "jennifer jen jenny", "susan susanne susanna suzanne sue susie susi", "barbara barb babs",
    "nicholas nick", "matthew matt", "benjamin ben", "samuel sam", "alexander alex sandy sasha xander alec", "alexandra alex sandra sasha lexi",
    "kenneth ken kenny", "kimberly kimberley kim kimmy", "ronald ron ronnie", "donald don donnie", "gregory greg", "jeffrey geoffrey jeff geoff",
    "timothy tim", "peter pete", "philip phil phillip", "frederick fred freddy", "lawrence larry laurence",
    "rebecca becky", "deborah debbie deb", "victoria vicky tori", "jessica jess jessie", "joshua josh", "zachary zach",
    "abigail abby", "amanda mandy", "samantha sam", "nathaniel nathan nate", "raymond ray", "gerald gerry jerry",
    "eleanor ellie nell", "dorothy dot dottie", "virginia ginny", "theodore ted theo", "leonard len lenny leo",
    "maximilian max", "johannes hans", "friedrich fritz", "giuseppe beppe pino peppe", "giovanni gianni nino", "luigi gigi", "salvatore toto", "jose jose pepe pepito", "josef sepp", "aleksandr aleksander alexander sasha", "dmitry dmitri dima", "tatiana tanya", "ekaterina katya", "anastasia nastya", "sergei seryozha", "malgorzata gosia", "agnieszka aga", "katarzyna kasia", "krzysztof krzysiek", "tomasz tomek", "jan janek", "stanislav standa", "johann hannes", "georg schorsch", "ursula uschi", "brigitte gitte", "elizabeth lisbeth", "margarete grete gretel", "helene leni", "magdalena lena leni", "antonio toni tono nino", "vicente chente", "maria mariele", "eduardo edu lalo", "roberto beto", "alberto beto", "luis lucho", "mercedes merche", "rosario charo", "consuelo chelo", "isabel chabela", "joao joca", "thierry titi", "genevieve ginette", "francisco paco pancho curro", "francesco franco checco", "francesca franca", "jose pepe",
    "henry harry hank hal", "harold harry hal", "arthur art artie", "walter walt wally", "albert al bert", "alfred alf fred",
    "eugene gene", "ernest ernie", "francis frank fran", "frances fran fanny", "franklin frank", "gabriel gabe", "gilbert gil bert",
    "isabella isabel bella izzy", "jacob jake", "jacqueline jackie", "janet jan", "judith judy", "julia julie jules", "katrina trina",
    "lillian lily", "louis lou louie", "lucille lucy", "marcus marc mark", "martin marty", "melissa mel missy", "mitchell mitch",
    "natalie nat", "natalia natasha", "norman norm", "olivia liv livvy", "oliver ollie", "pamela pam", "penelope penny", "phillip phil",
    "randall randy", "reginald reg reggie", "roger rodge", "rosemary rose rosie", "russell russ", "sarah sally sadie", "sebastian seb bastian",
    "stanley stan", "stephanie steph", "teresa theresa terry tess tessa", "terence terry", "valerie val", "vincent vince vinnie",
    "vivian viv", "wilhelm willi", "winifred winnie fred", "andreas andi", "stefan steffen", "matthias matze hias", "wolfgang wolf",
    "sabine bine", "katharina kathi kati", "heinrich heinz heiner", "ludwig lutz", "guadalupe lupe", "ignacio nacho", "enrique quique kike",
    "manuel manolo", "dolores lola", "concepcion concha conchita", "rafael rafa", "alejandro alex ale", "dmitri dima", "ivan vanya",
    "mikhail misha", "nikolai kolya", "yevgeny zhenya", "vladimir vova volodya",
)  # fmt: skip
NICKNAMES_OF: dict[str, set[str]] = {}
for _group in NICKNAMES:
    for _word in _group.split():
        NICKNAMES_OF.setdefault(_word, set()).update(_group.split())

GENERATIONS = {
    "jr": "junior", "junior": "junior", "jnr": "junior", "sr": "senior", "senior": "senior", "snr": "senior",
    "ii": "2", "iii": "3", "iv": "4",
}  # fmt: skip

# Words of an address that are written in several ways.
STREET_WORDS = {
    "rd": "road", "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "blvd": "boulevard", "ln": "lane",
    "dr": "drive", "ct": "court", "sq": "square", "pl": "place", "hwy": "highway", "pde": "parade", "tce": "terrace",
    "avda": "avenida", "pza": "plaza", "bd": "boulevard", "pso": "paseo",
    "ter": "terrace", "cres": "crescent", "cl": "close", "gdns": "gardens", "gr": "grove", "cct": "circuit", "pkwy": "parkway",
    "bldg": "building", "flr": "floor", "fl": "floor", "rm": "room", "apt": "unit", "apartment": "unit", "flat": "unit",
    "suite": "unit", "ste": "unit", "no": "", "nr": "", "strasse": "street", "lu": "road", "jie": "street", "dadao": "avenue",
    "n": "north", "s": "south", "e": "east", "w": "west", "mt": "mount",
}  # fmt: skip
STREET_KINDS = frozenset(
    "road street avenue boulevard lane drive court square place highway parade terrace crescent close gardens grove circuit parkway way walk "  # noqa: SIM905
    "row hill rise park quay".split()
)
# Kinds of street that stand before its name: rue Victor Hugo.
STREET_KINDS_BEFORE = frozenset(
    "rue avenue boulevard quai place chemin allee impasse cours calle paseo plaza avenida camino ronda carrer via viale piazza corso rua praca".split()  # noqa: SIM905
)
# How often the commonest surnames occur among Chinese people, per thousand (rounded from published censuses).
SURNAME_PER_MILLE = {
    "王": 72, "李": 72, "张": 68, "刘": 54, "陈": 45, "杨": 31, "黄": 22, "赵": 23, "吴": 20, "周": 21, "徐": 17, "孙": 15,
    "马": 13, "朱": 13, "胡": 13, "郭": 12, "何": 12, "林": 11, "高": 11, "罗": 10, "郑": 9, "梁": 9, "谢": 8, "宋": 8,
    "唐": 7, "许": 7, "韩": 7, "邓": 7, "冯": 6, "曹": 6, "彭": 6, "曾": 5, "肖": 6, "田": 5, "董": 5, "潘": 5, "袁": 5,
    "蔡": 5, "蒋": 5, "余": 5, "于": 5, "杜": 4, "叶": 4, "程": 4, "魏": 4, "苏": 4, "吕": 4, "丁": 4, "任": 4, "沈": 4,
}  # fmt: skip
