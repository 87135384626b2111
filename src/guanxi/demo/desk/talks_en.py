"""What English-speaking customers of the demo company wrote, and what they were told. All of it is invented."""

from guanxi.demo.desk.matters import Matter

GOOD = (("understood", True), ("agreed", True))

TALKS: tuple[Matter, ...] = (
    Matter(
        "email", "JUMBO BAG RED RETROSPOT", "enquiry", "order.price", "Price for 500 jumbo bags",
        ("-82d 10:15",),
        (
            ("c", "", "Hello,\n\nwe had the red jumbo bags in order {order} and they sell well. What would 500 cost, and could half of them come in another colour?\n\nKind regards\n{name}"),
            ("a", "+1h", "Dear {dear},\n\n500 bags come at 1.65 each instead of 1.95, carriage paid. Pink polka dot and red can be mixed in tens. Which colours would you like?\n\nKind regards\n{agent}\nBrightgift customer service"),
            ("c", "+4h", "250 red and 250 pink, please. Same address."),
            ("a", "+1d 09:20", "Dear {dear},\n\nthank you: 250 red, 250 pink. The order confirmation is in your mailbox and the goods leave on Thursday.\n\n{agent}"),
        ),
        marks=(*GOOD, ("repeated", True)),
    ),
    Matter(
        "chat", "LUNCH BAG RED RETROSPOT", "enquiry", "product.use", "Are the lunch bags washable?",
        ("-26d 11:10", "-5d 10:40"),
        (
            ("c", "", "Hi, are the retrospot lunch bags machine washable? A school is asking."),
            ("a", "+1m", "Hello! They can be wiped clean, and hand washed at 30 degrees. The lining does not survive a machine. How many does the school need?"),
            ("c", "+4m", "About 120. Do you have a data sheet?"),
            ("a", "+3m", "Yes, I have just sent it to your mail address, with the safety certificate for children's products."),
            ("c", "+1m", "Perfect, thanks!"),
        ),
    ),
    Matter(
        "email", "SET OF 3 REGENCY CAKE TINS", "request", "delivery.damaged", "Two dented tins",
        ("-30d 15:15", "-8d 13:45"),
        (
            ("c", "", "Good morning,\n\ntwo sets of cake tins from order {order} arrived dented. The outer box was fine, so I think they were packed that way. Photos attached.\n\n{name}"),
            ("a", "+50m", "Dear {dear},\n\nI am sorry. Could you tell me the number on the packing slip? I will send two new sets today either way.\n\n{agent}"),
            ("c", "+1h", "Packer 14. Thank you, no hurry for the new ones."),
            ("n", "+20m", "Packer 14 again, third time this quarter. Told the warehouse."),
            ("a", "+2h", "Dear {dear},\n\ntwo sets are on their way and should be with you on Friday. Please keep the dented ones for display if you like.\n\n{agent}"),
        ),
        after=("+4d 11:00", "Dear {dear},\n\ndid the two sets arrive in one piece this time?\n\n{agent}"),
        marks=(*GOOD, ("choice", True)),
        promise=("Two new sets of tins delivered by Friday", "+3d 18:00", "kept"),
    ),
    Matter(
        "phone", "ALARM CLOCK BAKELIKE RED", "repair", "product.quality", "Alarm clocks lose time",
        ("-49d 11:20", "-17d 14:50"),
        (
            ("c", "", "Call: eight of the red alarm clocks from order {order} lose ten minutes a day. Customer asks whether it is the batteries that came with them."),
            ("a", "+3h", "Called back: tried one from the same batch, it is the batteries. Offered eight sets of new ones and a tester; customer agrees. Asked to send back nothing."),
            ("a", "+2d 10:30", "Called: batteries arrived, clocks keep time. Settled."),
        ),
        marks=(*GOOD, ("repeated", True)),
    ),
    Matter(
        "email", "PARTY BUNTING", "order", "order.change", "Add bunting to our order",
        ("-61d 13:40", "-22d 10:30"),
        (
            ("c", "", "Hello, can you add 60 party buntings to order {order} before it ships? If it has gone, please send them with the next one.\n\n{name}"),
            ("a", "+30m", "Dear {dear},\n\njust in time: it leaves tonight. 60 buntings added at the same price. Shall I send one invoice or two?\n\n{agent}"),
            ("c", "+25m", "One, please."),
            ("a", "+30m", "Done, one invoice. You get the tracking number by mail tonight.\n\n{agent}"),
        ),
    ),
    Matter(
        "form", "VICTORIAN GLASS HANGING T-LIGHT", "enquiry", "product.range", "Discontinued?",
        ("-57d 09:55", "-19d 14:05"),
        (
            ("c", "", "The Victorian glass hanging T-lights have vanished from your web shop. Are they discontinued, or coming back? We would take 200."),
            ("a", "+2h", "Dear {dear},\n\nthey come back in about three weeks with a stronger wire. Would you like me to set 200 aside for you?\n\n{agent}"),
            ("c", "+1h", "Yes please, that would be great."),
            ("a", "+30m", "They are set aside under your name; you will get a message on the day they arrive.\n\n{agent}"),
        ),
    ),
    Matter(
        "email", "WOODEN PICTURE FRAME WHITE FINISH", "praise", "service.thanks", "A word of thanks",
        ("-42d 10:20",),
        (
            ("c", "", "Just to say that your driver waited ten minutes while we cleared the doorway, and helped to carry the frames in. That is rare. Please tell him.\n\n{name}"),
            ("a", "+1h", "Dear {dear},\n\nhow kind of you to write! I have told him and his depot. He asked me to say that your shop window is the best on his round.\n\n{agent}"),
        ),
    ),
    Matter(
        "email", "RETROSPOT TEA SET CERAMIC 11 PC", "request", "money.invoice", "VAT number on the invoice",
        ("-28d 11:45",),
        (
            ("c", "", "Our accountant needs our VAT number on the invoice for order {order}. Could you issue it again?\n\n{name}"),
            ("a", "+40m", "Dear {dear},\n\nof course. Is the number the one on your letterhead, ending in 418?\n\n{agent}"),
            ("c", "+15m", "Yes, that one."),
            ("a", "+1h", "The corrected invoice is in your mailbox; the former one is void.\n\n{agent}"),
        ),
    ),
    Matter(
        "chat", "SMALL POPCORN HOLDER", "request", "delivery.late", "Where are my popcorn holders?",
        ("-46d 16:05", "-3d 15:10"),
        (
            ("c", "", "Tracking for {order} has not moved since Tuesday. We open a cinema bar on Saturday and need the popcorn holders!"),
            ("a", "+3m", "Hello, let me look at once. Is Saturday morning early enough?"),
            ("c", "+1m", "Only just. Friday would be safer."),
            ("a", "+9m", "The parcel sits at the Leeds depot. I have booked it on the night run: with you on Friday before noon. I will watch it myself."),
            ("c", "+2m", "You are a star."),
        ),
        promise=("Popcorn holders delivered on Friday before noon", "+1d 12:00", "kept"),
        marks=(("understood", True), ("repeated", True)),
    ),
    Matter(
        "email", "PLASTERS IN TIN WOODLAND ANIMALS", "suggestion", "service.idea", "Smaller packs, please",
        ("-39d 14:15",),
        (
            ("c", "", "A suggestion: the woodland plasters come in boxes of 48 tins. For a small shop that is a year's supply. Packs of 12 would let us try more designs.\n\n{name}"),
            ("a", "+3h", "Dear {dear},\n\nthank you, you are the third shop to ask. Would you pay a little more a tin for packs of 12?\n\n{agent}"),
            ("c", "+1d 09:30", "Up to five pence, gladly."),
            ("a", "+2d 11:00", "Dear {dear},\n\nfrom next month on there are packs of 12 at three pence more. It was your mail that settled it.\n\n{agent}"),
        ),
        marks=GOOD,
    ),
    Matter(
        "phone", "DOORMAT KEEP CALM AND COME IN", "enquiry", "delivery.address", "We have moved",
        ("-12d 11:35",),
        (
            ("c", "", "Call: the shop has moved two streets on. Asks whether order {order} can still go to the new address."),
            ("a", "+20m", "Called back: address changed with the carrier and in our records, delivery stays on Thursday."),
        ),
    ),
    Matter(
        "letter", "VINTAGE SNAP CARDS", "follow_up", "service.idea", "Answer to our questionnaire",
        ("-34d 10:00",),
        (
            ("c", "", "Letter: the customer sends the questionnaire back. Content with delivery, less with the catalogue (\"too many pages, no index\"). Asks for a call."),
            ("a:phone", "+1d 14:20", "Called: promised the new catalogue with an index in January; the customer offers to read the draft."),
        ),
    ),
    Matter(
        "email", "HEART OF WICKER SMALL", "request", "product.range", "Samples of the spring colours",
        ("-10d 09:50",),
        (
            ("c", "", "Hello, could we see the wicker hearts in the spring colours before we order? Two of each would do.\n\n{name}"),
            ("a", "+1h", "Dear {dear},\n\nwith pleasure: a box with two of each colour leaves on Thursday.\n\n{agent}"),
        ),
        promise=("Box of samples sent by Thursday", "+3d 18:00", ""),
    ),
    # Of the last days, and still open.
    Matter(
        "email", "ANTIQUE SILVER TEA GLASS ETCHED", "request", "order.return", "Return of 36 tea glasses",
        ("-4d 10:30",),
        (
            ("c", "", "Hello,\n\nwe ordered 36 tea glasses too many in {order} (typing error, ours). They are unopened. Would you take them back?\n\n{name}"),
            ("a", "+1h", "Dear {dear},\n\nyes, within thirty days and unopened. Please send them to the warehouse in Coventry; the credit note follows on arrival. Would you rather have a credit or the money back?\n\n{agent}"),
        ),
        "waiting",
    ),
    Matter(
        "email", "SET OF TEA COFFEE SUGAR TINS PANTRY", "repair", "product.quality", "Hinges of the sugar tins",
        ("-2d 09:40",),
        (
            ("c", "", "The hinges of nine sugar tins are loose out of the box (order {order}). Can you send spare pins, or should we return them?\n\n{name}"),
            ("a", "+50m", "Dear {dear},\n\nspare pins are the quicker way. How many would you like to have in reserve?\n\n{agent}"),
            ("c", "+2h", "A bag of 20 would keep us going, thanks."),
        ),
        "open", impact=2,
    ),
    Matter(
        "chat", "GINGERBREAD MAN COOKIE CUTTER", "enquiry", "product.range", "Cookie cutters before Christmas",
        ("50m ago",),
        (("c", "", "Hello, do you have 300 gingerbread man cutters in stock? And would they get here within a week?"),),
        "new",
    ),
    Matter(
        "email", "HOMEMADE JAM SCENTED CANDLES", "request", "delivery.wrong", "Wrong candles in the box",
        ("3h ago",),
        (("c", "", "Good day,\n\norder {order} had vanilla candles where the jam ones should have been, 24 of them. We open the Christmas market on Friday, so please tell us quickly what to do.\n\n{name}"),),
        "new", urgency=3,
    ),
    Matter(
        "form", "HEART OF WICKER LARGE", "enquiry", "order.price", "Trade account",
        ("19h ago",),
        (("c", "", "We are opening a second shop in spring and would like a trade account with 30 days. What do you need from us?"),),
        "new",
    ),
    Matter(
        "email", "WHITE HANGING HEART T-LIGHT HOLDER", "enquiry", "order.price", "Pallet price for the spring range",
        ("97m ago",),
        (("c", "", "Morning,\n\nwe are fixing the spring range this week. What is the pallet price for the hanging hearts, and by when do you need a firm number? Priya would like two samples in grey.\n\nOliver Stroud\nHead of buying, Fairhaven"),),
        "new", who="18102", urgency=3,
    ),
    Matter(
        "email", "REGENCY CAKESTAND 3 TIER", "request", "delivery.late", "Container for Melbourne",
        ("6h ago",),
        (
            ("c", "", "Hi there,\n\nthe forwarder tells us that the container missed Tuesday's vessel. Please confirm the new sailing date and who pays the storage in Felixstowe.\n\n{name}"),
            ("n", "+20m", "Taken over from the key queue. The forwarder answers at nine; storage is theirs if the papers were with them on Monday."),
        ),
        "new", who="12415", agent="owner", impact=2, urgency=3,
    ),
    Matter(
        "email", "JAM MAKING SET PRINTED", "enquiry", "money.payment", "Statement of account",
        ("-1d 14:30",),
        (
            ("c", "", "Could you send us a statement of account for the year? Our auditors ask for it.\n\n{name}"),
            ("a", "+40m", "Dear {dear},\n\nI have asked our finance department; you will have it tomorrow by noon. Does it go to you or to the auditors directly?\n\n{agent}"),
        ),
        "waiting", who="16029", promise=("Statement of account sent by noon", "+3d 12:00", ""),
    ),
    Matter(
        "chat", "SPOTTY BUNTING", "order", "order.change", "Twenty more spotty buntings",
        ("-1d 11:05",),
        (
            ("c", "", "Could I add 20 spotty buntings to {order}?"),
            ("a", "+2m", "Hello! Yes, they are in stock. Same address, same invoice?"),
            ("c", "+2m", "Yes to both."),
            ("a", "+3m", "Added. It leaves this evening."),
        ),
        "solved",
    ),
)  # fmt: skip
