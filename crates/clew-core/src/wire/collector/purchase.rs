//! A purchase: revenue, once per order.

use crate::wire::members::{Members, Names, Wrong};
use crate::wire::{IdKind, WireEvent};

const NAMES: Names = &[
    &["order_id", "orderId", "transaction_id"],
    &["value", "total", "revenue"],
    &["currency"],
];

/// In small letters, as every spelling of it is stored.
pub(super) const TYPE: &str = "purchase";

/// Takes amount and currency out of the data. The order names the event, whatever else does: a
/// confirmation page that is loaded again sends a new id, and is no second sale.
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
    if order.is_some() {
        event.id = order;
        event.id_kind = IdKind::Order;
    }
    Ok(())
}
