"""The words that invented conversations are put together from. Nobody is meant."""

# What a customer is about, in Chinese and in English: subject, what they say, what they are told.
MATTERS = (
    ("订单还没有收到", "您好，我上周下的订单到现在还没有收到，物流信息三天没有更新了，麻烦帮我查一下。", "已为您查到，包裹在中转站滞留，今天会重新发出，预计后天送达。"),
    ("发票抬头开错了", "发票抬头写成了旧公司名，需要重新开一张，税号我已经发到订单备注里了。", "新的发票已经开好，电子版稍后发到您的邮箱，原发票已作废。"),
    ("收到的商品有破损", "打开箱子发现有两件碎了，外箱没有明显挤压，照片已经拍好，请问怎么处理？", "非常抱歉。我们今天补发两件，破损的不用寄回，运费由我们承担。"),
    ("想咨询批量采购价格", "我们公司年底要采购一批礼品，大约三百份，请问有没有批量价格和交货时间？", "三百份可以享受八五折，下单后十个工作日交货，报价单已发到您的邮箱。"),
    ("申请退货", "收到后发现颜色和网页上差别比较大，想退货，包装都还在。", "可以退货，请用原包装寄回，收到后三个工作日内退款到原支付账户。"),
    ("产品怎么安装", "说明书第三步看不明白，底座的螺丝和图上不一样，能不能发一份视频？", "安装视频的链接已经发给您，新批次的螺丝改短了，按同样步骤即可。"),
    ("Where is my order?", "Hello, I ordered ten days ago and the tracking has not moved since Tuesday. Could you have a look, please?", "The parcel was held at the depot; it leaves again tonight and should be with you on Thursday."),
    ("Wrong item delivered", "I received the large size instead of the small one. The label on the box says small.", "Sorry about that. The right one goes out today, and a return label is in your mailbox."),
    ("Invoice without VAT number", "Our accounting needs the VAT number on the invoice. Can you issue it again?", "Done: the corrected invoice has been sent to you by mail."),
    ("The lamp flickers", "After two weeks the lamp has started to flicker, with every bulb that I tried.", "Please stop using it. We send you a new one and collect the old one on Friday."),
    ("Bulk order for an event", "We need about 250 pieces with our logo before the end of next month. Is that possible?", "Yes, if the artwork reaches us by Friday. The quotation is on its way to you."),
    ("Change of delivery address", "We have moved. Can the open order still go to the new address?", "It can: the address is changed, and the carrier has been told."),
)  # fmt: skip
FOLLOWING = (
    "好的，谢谢！", "请问大概什么时候有结果？", "补充一下，订单号在附件里。", "收到，没有问题了。", "还没有看到，麻烦再查一下。",
    "Thank you, that helps.", "Any news on this?", "Please find the number below.", "It has arrived, thanks.", "Not yet, could you check again?",
)  # fmt: skip
NOTES = (
    "已电话联系，客户同意等到周五。",
    "仓库回复：明天补发。",
    "Called back, nobody answered.",
    "Carrier says tomorrow.",
)
