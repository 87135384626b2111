"""What an import adds to orders that stood before, put into their totals and taken out again."""

ADD_TO_TOTALS = (
    "UPDATE commerce_order SET "
    "amount_minor = amount_minor {sign} (SELECT a.amount_minor FROM commerce_orderaddition a "
    "WHERE a.order_id = commerce_order.id AND a.import_run_id = %s), "
    "line_count = line_count {sign} (SELECT a.line_count FROM commerce_orderaddition a "
    "WHERE a.order_id = commerce_order.id AND a.import_run_id = %s) "
    "WHERE id IN (SELECT order_id FROM commerce_orderaddition WHERE import_run_id = %s)"
)
