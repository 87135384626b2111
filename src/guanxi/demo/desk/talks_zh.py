"""What Chinese-speaking customers of the demo company wrote, and what they were told. All of it is invented."""

from guanxi.demo.desk.matters import Matter

GOOD = (("understood", True), ("agreed", True))

TALKS: tuple[Matter, ...] = (
    Matter(
        "email", "REGENCY CAKESTAND 3 TIER", "enquiry", "order.price", "三层蛋糕架整箱价格",
        ("-78d 09:20",),
        (
            ("c", "", "你好，\n\n我们店去年下过订单 {order}，其中三层蛋糕架卖得很好。今年想一次订 10 箱，请问整箱价是多少？运费怎么算？\n\n{name}"),
            ("a", "+40m", "{dear}，您好！\n\n三层蛋糕架整箱 4 件，10 箱以上九折，欧洲境内满 600 英镑免运费。请问您希望什么时候到货？我按到货日给您留货。\n\n{agent}\n华彩礼品客户服务"),
            ("c", "+3h", "月底前到就可以。请发正式报价单，抬头还是原来的。"),
            ("a", "+1d 09:30", "{dear}，报价单已发出，编号在邮件标题里，有效期 30 天。确认后两个工作日内发货。\n\n{agent}"),
        ),
        after=("+4d 10:15", "{dear}，您好！上周的报价单收到了吗？数量或交期有要调整的地方，直接回复这封邮件就行。\n\n{agent}"),
        marks=GOOD,
    ),
    Matter(
        "chat", "JUMBO BAG RED RETROSPOT", "enquiry", "product.range", "红色圆点大购物袋还有货吗",
        ("-64d 10:05", "-6d 11:00"),
        (
            ("c", "", "在吗？红色圆点的大购物袋还有货吗，想要 200 个"),
            ("a", "+2m", "您好！现货 340 个，200 个可以马上留。请问是跟上次订单 {order} 一样发到店里吗？"),
            ("c", "+3m", "对，地址不变。什么时候能到？"),
            ("a", "+3m", "今天下单明天出库，三到四天到。我把链接发到您的邮箱，付款后自动安排。"),
            ("c", "+2m", "好的，谢谢！"),
        ),
    ),
    Matter(
        "email", "WHITE HANGING HEART T-LIGHT HOLDER", "request", "money.invoice", "发票抬头更改",
        ("-70d 11:30", "-24d 09:50"),
        (
            ("c", "", "您好，公司今年改了名字，订单 {order} 的发票抬头还是旧的，会计不收。麻烦按新抬头重开一张，营业执照见上次邮件。\n\n{name}"),
            ("a", "+1h", "{dear}，您好！可以重开。请再确认一下税号最后四位，避免再开错。\n\n{agent}"),
            ("c", "+40m", "最后四位 0716。"),
            ("a", "+2h", "谢谢，新发票已开，电子版今天发出，原发票已作废。\n\n{agent}"),
        ),
    ),
    Matter(
        "phone", "SET OF 3 CAKE TINS PANTRY DESIGN", "repair", "product.quality", "蛋糕罐盖子盖不严",
        ("-52d 10:40", "-15d 16:00"),
        (
            ("c", "", "客户来电：三件套蛋糕罐里最大的一只盖子盖不严，订单 {order} 的货，店里有十二套都是这样。想知道是换盖子还是换整套。"),
            ("a", "+2h", "回电：请客户拍两张盖沿的照片；答应先寄十二只盖子，不用退旧的。客户同意。"),
            ("n", "+30m", "仓库有同批次的备用盖 30 只，已留 12 只。"),
            ("a", "+1d 10:00", "致电告知：盖子已寄出，运单号已发短信，预计三天到。"),
        ),
        after=("+3d 15:00", "回访：盖子已收到，试过都能盖严，客户满意。"),
        marks=(*GOOD, ("repeated", True), ("choice", True)),
        promise=("三个工作日内寄到十二只新盖子", "+3d 18:00", "kept"),
    ),
    Matter(
        "form", "PAPER CHAIN KIT 50'S CHRISTMAS", "order", "order.change", "订单加货",
        ("-40d 13:40",),
        (
            ("c", "", "订单 {order} 的圣诞纸链条想再加 48 套，跟原来的一起发，可以吗？还没有发货的话就不另付运费了吧？"),
            ("a", "+50m", "{dear}，您好！订单还没有出库，可以一起发，不另收运费。已加 48 套，合计见确认函，对吗？\n\n{agent}"),
            ("c", "+1h", "对，没问题，谢谢。"),
            ("a", "+30m", "已确认，明天出库，运单号会自动发到您的邮箱。\n\n{agent}"),
        ),
        marks=GOOD,
    ),
    Matter(
        "email", "NATURAL SLATE HEART CHALKBOARD", "praise", "service.thanks", "包装很用心",
        ("-9d 10:25",),
        (
            ("c", "", "你们好！\n\n这批石板心形留言板每一块都单独包了软纸，一块都没碎。以前从别家进货总要坏几块。请替我谢谢打包的师傅。\n\n{name}"),
            ("a", "+1h", "{dear}，谢谢您特意来信！我已经把您的话贴在仓库的公告板上，打包组的同事很高兴。下次见！\n\n{agent}"),
        ),
    ),
    Matter(
        "chat", "RABBIT NIGHT LIGHT", "request", "delivery.late", "小夜灯什么时候到",
        ("-27d 09:35", "-4d 14:20"),
        (
            ("c", "", "订单 {order} 里的兔子小夜灯显示“运输中”五天了，周末店里做活动要用，能催一下吗？"),
            ("a", "+4m", "您好，我马上查。请稍等两分钟。"),
            ("a", "+5m", "查到了：包裹昨晚到了分拨中心，因为地址缺门牌没有派送。请问门牌号是多少？"),
            ("c", "+2m", "12 号，旁边是药店"),
            ("a", "+6m", "已补上门牌，明天上午派送。派送员会提前半小时给您打电话。"),
            ("c", "+1m", "太好了，谢谢"),
        ),
        marks=(("understood", True), ("choice", False)),
    ),
    Matter(
        "email", "ROSES REGENCY TEACUP AND SAUCER", "suggestion", "service.idea", "希望有中文说明书",
        ("-36d 11:15",),
        (
            ("c", "", "建议：玫瑰茶杯碟的吊牌只有英文，我们的顾客大多看中文。能不能印一张中英文的小卡片？我们可以先用两百张试试。\n\n{name}"),
            ("a", "+4h", "{dear}，您好！这个建议很好。我已转给市场部，请问卡片上除了材质和清洗方法，您还希望写什么？\n\n{agent}"),
            ("c", "+1d 09:10", "写上“可以进洗碗机”就够了，顾客问得最多。"),
            ("n", "+1h", "@市场部 建议已记，下次拼版一起印，成本不到一分钱一张。"),
            ("a", "+3h", "{dear}，市场部已采纳：下一批货起附中英文卡片，先给您寄 200 张。谢谢您！\n\n{agent}"),
        ),
        marks=GOOD,
    ),
    Matter(
        "phone", "DOORMAT RED RETROSPOT", "enquiry", "delivery.address", "改送货时间",
        ("-11d 13:50",),
        (
            ("c", "", "客户来电：店面装修，订单 {order} 的地垫请推迟到下周三以后再送。"),
            ("a", "+25m", "回电：已与承运方改约下周四上午，客户确认有人收货。"),
        ),
    ),
    Matter(
        "email", "SET OF 60 PANTRY DESIGN CAKE CASES", "request", "delivery.wrong", "少发一箱",
        ("-44d 14:30", "-20d 10:10"),
        (
            ("c", "", "您好，订单 {order} 应该是六箱，今天只到了五箱，少了一箱蛋糕纸托。签收单上我们也写了“五箱”。请查一下。\n\n{name}"),
            ("a", "+35m", "{dear}，您好，非常抱歉。请问签收单的照片能发给我吗？我同时请仓库核对出库称重。\n\n{agent}"),
            ("c", "+20m", "照片在附件的链接里，司机也签了字。"),
            ("n", "+1h", "仓库：称重记录差 3.2 公斤，确认漏装一箱，今天补发。"),
            ("a", "+1h", "{dear}，查清了：是我们漏装一箱，今天补发特快，明天下午前到，单号 XD20488 。给您添麻烦了。\n\n{agent}"),
            ("c", "+1d 15:40", "收到了，谢谢处理得这么快。"),
        ),
        marks=(*GOOD, ("repeated", False)),
        promise=("次日中午前补到漏发的一箱", "+1d 12:00", "kept"),
        impact=2,
    ),
    Matter(
        "email", "HOT WATER BOTTLE KEEP CALM", "request", "order.return", "颜色不对想退货",
        ("-13d 11:40",),
        (
            ("c", "", "热水袋的颜色和网页上差很多，网页是深红，实物偏粉。24 个都没拆封，想退掉换灰色的。订单 {order}。\n\n{name}"),
            ("a", "+2h", "{dear}，您好！可以换。未拆封的商品七天内都可以退换，请用原箱寄回，运费到付。灰色有货，收到退货当天就发，可以吗？\n\n{agent}"),
            ("c", "+30m", "可以，今天就寄。"),
            ("a", "+3d 10:20", "{dear}，退货已收到，灰色热水袋 24 个今天发出。网页照片我们也已重拍，谢谢提醒。\n\n{agent}"),
        ),
    ),
    Matter(
        "visit", "JAM MAKING SET WITH JARS", "follow_up", "service.idea", "拜访门店，看果酱套装陈列",
        ("-29d 10:30",),
        (
            ("c", "", "到店拜访。果酱套装摆在收银台旁，店长说周末卖得最好；希望补十套样品用来做试吃活动，并要一份活动海报。"),
            ("a", "+3h", "当场答应：样品十套随下次发货带上，海报文件当天发到邮箱。"),
        ),
        promise=("随下次发货带十套样品", "+10d 18:00", "released"),
    ),
    Matter(
        "email", "6 RIBBONS RUSTIC CHARM", "enquiry", "money.payment", "付款方式",
        ("-55d 13:35",),
        (
            ("c", "", "请问除了银行转账还能怎么付款？月结需要什么条件？\n\n{name}"),
            ("a", "+50m", "{dear}，您好！支持银行卡和银行转账。连续六个月有订单、每月满 500 英镑就可以申请 30 天月结。需要我把申请表发给您吗？\n\n{agent}"),
            ("c", "+2h", "好的，请发。"),
            ("a", "+20m", "申请表已发出，填好盖章回传即可，三个工作日内答复。\n\n{agent}"),
        ),
    ),
    Matter(
        "phone", "LUNCH BAG CARS BLUE", "request", "product.range", "想要新花色样品",
        ("-16d 10:20",),
        (
            ("c", "", "客户来电：午餐袋想看明年的新花色，问能不能寄几个样品，定了就下全年的单。"),
            ("a", "+1h", "回电：答应周五前寄出六个新花色样品，并附价格表。"),
        ),
        promise=("周五前寄出六个新花色样品", "+4d 18:00", ""),
    ),
    Matter(
        "chat", "SPOTTY BUNTING", "grievance", "service.manner", "抱怨等候时间",
        ("-8d 14:25",),
        (
            ("c", "", "顺便说一句，你们的网聊每次都要排队，等得人着急。算了，我就是抱怨一下。彩旗收到了，挺好。"),
            ("a", "+3m", "{dear}，谢谢您直说！午间只有一个人值班，确实慢。下周起中午加一个人，您看这样行吗？"),
            ("c", "+2m", "那就好，不用专门处理。"),
        ),
    ),
    # Of the last days, and still open.
    Matter(
        "email", "REGENCY CAKESTAND 3 TIER", "repair", "product.quality", "蛋糕架的螺杆短了",
        ("-3d 10:20",),
        (
            ("c", "", "新到的一批三层蛋糕架，中间的螺杆短了大约五毫米，顶上一层拧不紧。一共 16 套，店里等着用。订单 {order}。\n\n{name}"),
            ("a", "+45m", "{dear}，您好！请问箱子侧面的批次号是多少？方便的话拍一张螺杆和尺子的照片。\n\n{agent}"),
            ("c", "+2h", "批次 2207，照片发过去了。"),
            ("n", "+40m", "2207 批螺杆确实换过供应商，已请采购部联系瓷彩工坊。"),
            ("a", "+1d 09:40", "{dear}，谢谢！确认是 2207 批的问题，长螺杆供应商明天发来，我们收到当天寄出。\n\n{agent}"),
        ),
        "held", promise=("四个工作日内寄出 16 根长螺杆", "+6d 18:00", ""), impact=2, urgency=3,
    ),
    Matter(
        "email", "SET OF 4 PANTRY JELLY MOULDS", "enquiry", "order.price", "明年的价格表",
        ("-2d 15:30",),
        (
            ("c", "", "您好，请问明年的价格表什么时候出？果冻模具我们想一次订全年的量，能锁价吗？\n\n{name}"),
            ("a", "+1h", "{dear}，您好！新价格表下月初发布。全年订单可以按今年的价格锁六个月，请问您大概要多少套？\n\n{agent}"),
        ),
        "waiting",
    ),
    Matter(
        "chat", "PARTY BUNTING", "enquiry", "product.range", "彩旗有没有中秋的花色",
        ("35m ago",),
        (("c", "", "请问派对彩旗有没有适合中秋和春节的花色？要红金色的，大概 60 条"),),
        "new",
    ),
    Matter(
        "email", "PACK OF 72 RETROSPOT CAKE CASES", "request", "delivery.late", "纸托还没到",
        ("4h ago",),
        (("c", "", "订单 {order} 的蛋糕纸托说好这周到，现在还没有动静，周六店里有活动。请今天内给个准信，谢谢。\n\n{name}"),),
        "new",
    ),
    Matter(
        "form", "LUNCH BAG RED RETROSPOT", "enquiry", "order.price", "学校团购午餐袋",
        ("21h ago",),
        (("c", "", "我们给三所学校供货，想订 450 个红色圆点午餐袋，能印校徽吗？最晚什么时候要定稿？"),),
        "new",
    ),
    Matter(
        "email", "ASSORTED COLOUR BIRD ORNAMENT", "order", "order.change", "追加彩色小鸟挂件",
        ("-1d 16:40",),
        (
            ("c", "", "林秋月说请把下一批的彩色小鸟挂件从 20 箱加到 26 箱，其余不变，交期也不变。请确认。\n\n{name}"),
            ("a", "+30m", "{dear}，您好！26 箱有货，与原订单同船发运，总金额见确认函。其余不变，对吗？\n\n{agent}"),
        ),
        "waiting", who="14646", urgency=3,
    ),
    Matter(
        "email", "HEART OF WICKER SMALL", "enquiry", "product.use", "藤编心能不能放户外",
        ("100m ago",),
        (("c", "", "请问小号藤编心形挂饰能不能长期挂在户外？客人要用来布置花园婚礼，大概淋一天雨。\n\n{name}"),),
        "new", who="13199",
    ),
    Matter(
        "email", "REGENCY CAKESTAND 3 TIER", "request", "delivery.address", "元旦前的送货安排",
        ("5h ago",),
        (
            ("c", "", "仇总让我问：元旦前最后一次送货是哪天？两家分店的货能不能分开送？单据也请分开开。\n\n{name}"),
            ("n", "+12m", "我来回复：节前末班车还在等承运方确认，分店的开票资料请财务核一下。"),
        ),
        "new", who="contact-11", agent="owner",
    ),
)  # fmt: skip
