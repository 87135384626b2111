"""The fields of an orders file and what their columns are often called."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import ids
from guanxi.core.errors import InvalidInput
from guanxi.importing.choices import ValueKind
from guanxi.importing.targets import Field


def check_customer(value: str) -> str:
    """A customer's id, unless it could be mistaken for one of ours."""
    if ids.is_reserved(value):
        raise InvalidInput(_("has the form of one of our own ids"))
    return value


FIELDS = (
    Field(
        "customer",
        _("Customer id"),
        ValueKind.IDENTIFIER,
        is_required=True,
        check=check_customer,
        aliases=(
            "customer id", "customerid", "cust id", "customer no", "customer number", "customer code", "client",
            "client id", "account", "account id", "account number", "buyer", "buyer id", "member id", "member",
            "user id", "card number", "customer name", "client name", "buyer name",
            "客户编号", "客户号", "客户ID", "客户代码", "客户", "会员号", "会员编号", "会员ID", "会员卡号", "买家", "买家ID", "用户ID", "卡号", "顾客编号", "顾客", "客户代号",
            "客户名称", "客户姓名", "客户名", "买家名称", "会员名称",
        ),
    ),
    Field(
        "order",
        _("Order number"),
        ValueKind.IDENTIFIER,
        is_required=True,
        needs_value=True,
        aliases=(
            "order no", "order number", "order id", "invoice", "invoice no", "invoice number", "invoice id",
            "transaction", "transaction id", "receipt", "receipt no", "bill no", "document no", "sales order",
            "订单号", "订单编号", "单号", "订单ID", "发票号", "发票号码", "单据编号", "单据号", "销售单号", "交易号", "交易编号", "流水号", "小票号", "订单", "发票", "单据", "销售订单", "订单代码",
        ),
    ),
    Field(
        "date",
        _("Date and time"),
        ValueKind.MOMENT,
        is_required=True,
        needs_value=True,
        aliases=(
            "order date", "invoice date", "transaction date", "purchase date", "date time", "datetime", "timestamp",
            "sold at", "ordered at", "created at", "time", "day",
            "日期", "下单时间", "订单日期", "下单日期", "订单时间", "交易时间", "交易日期", "销售日期", "购买日期", "开票日期", "成交时间", "付款时间", "时间", "单据日期",
        ),
    ),
    Field(
        "product",
        _("Product code"),
        ValueKind.IDENTIFIER,
        aliases=(
            "stock code", "sku", "product code", "product id", "product no", "item", "item code", "item id", "item no",
            "article", "article number", "part number", "upc", "ean", "barcode", "goods id",
            "商品编码", "商品编号", "商品代码", "商品ID", "产品编码", "产品编号", "产品代码", "货号", "物料编码", "物料号", "条码", "存货编码", "款号",
        ),
    ),
    Field(
        "description",
        _("Description"),
        max_length=500,
        aliases=(
            "product name", "item name", "product description", "item description", "name", "title", "goods", "article name",
            "商品名称", "产品名称", "商品", "产品", "品名", "描述", "名称", "物料名称", "存货名称", "货品名称", "商品描述",
        ),
    ),
    Field(
        "quantity",
        _("Quantity"),
        ValueKind.DECIMAL,
        aliases=("qty", "units", "pieces", "pcs", "count", "number of units", "quantity sold",
                 "数量", "件数", "销量", "购买数量", "销售数量", "个数", "订购数量"),
    ),
    Field(
        "unit_price",
        _("Unit price"),
        ValueKind.DECIMAL,
        aliases=("price", "price each", "unit cost", "item price", "sales price", "rate",
                 "单价", "价格", "售价", "销售单价", "成交价", "含税单价", "商品单价"),
    ),
    Field(
        "amount",
        _("Amount of the line"),
        ValueKind.DECIMAL,
        aliases=(
            "line total", "line amount", "total", "total price", "total amount", "sales", "revenue", "value", "net amount",
            "subtotal", "sum", "turnover", "sales amount", "extended price", "amount paid",
            "金额", "总金额", "小计", "总价", "销售额", "销售金额", "合计", "价税合计", "实付金额", "应付金额", "成交金额", "订单金额", "交易金额", "付款金额",
        ),
    ),
    Field(
        "country",
        _("Country"),
        max_length=80,
        aliases=("customer country", "ship country", "nation", "region", "market",
                 "国家", "国家/地区", "国别", "地区", "收货国家"),
    ),
)  # fmt: skip
