//! A purchase: revenue, once per order.

use crate::wire::WireEvent;
use crate::wire::members::{Members, Names, Wrong};

const NAMES: Names = &[
    &["order_id", "orderId", "transaction_id"],
    &["value", "total", "revenue"],
    &["currency"],
];

/// Takes amount and currency out of the data. The order names the event where the client does not:
/// a confirmation page that is loaded again is no second sale.
pub(super) fn read(members: &Members<'_>, event: &mut WireEvent) -> Result<(), Wrong> {
    let Some(data) = members.object("eventData", NAMES)? else {
        return Ok(());
    };
    event.value = data.amount("value")?;
    event.currency = data.text("currency")?;
    for name in NAMES[1..].iter().copied().flatten() {
        event.props.remove(*name);
        event.numbers.remove(*name);
    }
    let order = data.id("order_id")?.filter(|order| !order.is_empty());
    if let (None, Some(order)) = (&event.id, order) {
        event.id = Some(format!("purchase:{order}"));
    }
    Ok(())
}
