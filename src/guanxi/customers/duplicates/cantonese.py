"""Given names as papers of Hong Kong and Macau spell them: 志明, Chi Ming."""

from functools import cache

# A spelling in use there (the dialect has no single one), and characters of names that are read so.
_SPELLINGS = """
ah 亚|bik pik 碧壁璧|bing ping 冰兵炳秉|bo po 宝波保布|bong pong 邦|bun pun 本斌|chai tsai 仔济齐|chak 泽则择|cham 湛|chan 灿粲赞振|
chau chow 秋洲周畴|che 车|cheong cheung 昌璋章祥翔象彰长畅|chi 志智芝之枝姿梓致治子慈池持|chik 植直值积|chin 展前钱|chit 哲彻|
ching 静晴青清程正政精贞澄菁呈婧靖|chiu 超昭朝潮钊照召|cho 楚祖初佐础|choi 彩才材财采赛|chor 楚初|chuen 全泉铨传川|chui 翠垂|
chun 俊珍骏春振真臻镇进晋峻津浚|chung 忠聪松宗钟仲重众|dik 迪的狄|fa 花|fai 辉晖挥徽|fan 帆凡繁芬勋|fat 发法|fei 飞菲斐妃|fo 火|
fong 芳方放|fu foo 富夫甫虎福|fuk 福复|fun 欢宽|fung 凤峰锋丰风枫逢|ga ka 嘉家加佳|gan kan 勤根|gei kei 基琪奇其祺骐棋麒纪机|
ha 霞夏|haau hau 孝厚后|hak 克|ham 涵咸|han 恒|hang 恒衡亨杏幸|hei 喜希熙晞禧曦|heung 香向响乡|hin 轩显宪谦献|hing 兴庆卿馨|
hiu 晓骁枭|ho 浩豪皓昊贺可何好河|hoi 海凯开恺|hok 学鹤|hon 汉翰瀚|hong 康航红杭匡巷|hou 好浩|huen 萱圈|hung 雄洪鸿红孔虹雄|
kai 启佳鸡继溪|kam 金锦琴淦甘|kan 勤根谨近|kau 球九久|keung 强姜|ki 琪祺奇|kim 剑俭俭谦|kin 健建坚乾|king 琼敬景竞|kit 杰洁结|
kiu 娇乔桥翘侨|ko 高歌|kok 觉国|kong 江刚港钢光广|kuen 娟权鹃涓|kui 驹巨|kuk 菊谷|kun 冠官|kung 恭公功|kwan 君群钧坤昆均军珺|
kwok 国|kwong 光广|kwai 贵桂葵|lai 丽礼黎荔莉励|lam 琳林霖岚蓝|lan 兰|lap 立|lau 楼留|lei 莉李理利|leong leung 良亮梁|lik 力历|
lin 莲连|ling 玲灵凌龄岭羚聆|lo 罗露|lok 乐洛|long 朗浪|lui 蕾雷|luk 六|lun 伦麟|lung 龙隆|mak 麦|man 文敏雯民曼万闻|mei 美薇|
mi 媚|min 绵棉|ming 明铭鸣名|miu 妙苗|mo 武|mui 梅妹|mun 满敏|nam 南楠|nga 雅牙|ngai 毅艾|ngan 银颜雁|ngo 娥|ngok 岳|nim 念|ning 宁|
nin 年|nui 女|oi 爱|on 安|pak 柏伯百|pan 斌彬频|pang 鹏朋|pei 丕|pik 碧|ping 平萍苹|piu 彪|po 宝波|pok 博|poon 本|pui 佩沛培贝蓓|
sai 世|sam 森心深|san 新山申|sang 生|sau 秀守修寿|sek shek 石锡|sheung 尚双常|sheng 成|shing 成诚城盛胜承|shiu siu 少小兆绍萧韶|
shan 珊山|shuk suk 淑|shuen suen 孙宣璇旋|shun 信顺舜|shum 心|si sze 思诗斯施丝仕士|sik 适锡|sin 仙倩善|sing 星声升|so 素苏|
sui 瑞水穗|sum 心|sun 新顺|sung 崇松|suet 雪|tai 泰大娣|tak 德|tam 谭|tat 达|tik 迪|tim 甜添|tin 天田|ting 婷庭廷定亭霆|to 涛陶|
tong 棠堂|tsz tze 子梓紫芷慈知|tuen 端|tung 东栋桐彤同|wa wah 华桦|wai 伟慧威惠维卫怀炜玮蔚苇|wan 云韵芸尹温允蕴筠|wang 宏弘泓|
wing 永荣颖咏泳嵘|wo 和|wong 旺煌|wui 会|wun 欢媛|yan 欣恩仁昕茵殷因人忻甄|yat 日一逸溢|yau 有佑友柔幼优|yee yi 怡仪义宜儿依绮颐|
yeuk 若|yeung 阳扬洋|yik 奕翼亦易益|yim 艳炎|yin 燕妍然贤彦言延|ying 英莹盈瑛颖迎影滢|yip 业叶|yiu 耀瑶曜尧|yu 宇如瑜余裕雨余儒愉予羽渝|
yue yu 宇如雨裕|yuen 远婉源渊媛圆元沅宛|yuk 玉育旭煜钰|yui 睿锐|yung 勇蓉容融雍|yun 润|zi 子
"""


@cache
def _spellings_of() -> dict[str, frozenset[str]]:
    """The spellings of each character."""
    found: dict[str, set[str]] = {}
    for entry in _SPELLINGS.replace("\n", "").split("|"):
        *spellings, chars = entry.split()
        for char in chars:
            found.setdefault(char, set()).update(spellings)
    return {char: frozenset(spellings) for char, spellings in found.items()}


def can_be_spelt(given: str, letters: str) -> bool:
    """Whether a given name (simplified) may stand in these letters; no character may be left out."""
    if not given:
        return not letters
    return any(
        letters.startswith(spelling) and can_be_spelt(given[1:], letters[len(spelling) :])
        for spelling in _spellings_of().get(given[0], ())
    )
